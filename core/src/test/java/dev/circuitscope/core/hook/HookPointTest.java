package dev.circuitscope.core.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HookPointTest {

  @ParameterizedTest
  @CsvSource({
    "hook_embed, embed",
    "hook_pos_embed, pos_embed",
    "blocks.1.hook_resid_pre, resid_pre1",
    "blocks.12.hook_resid_post, resid_post12",
    "blocks.0.hook_attn_out, attn_out0",
    "blocks.0.hook_q_input, q_input0",
    "blocks.3.attn.hook_q, q3",
    "blocks.0.attn.hook_k, k0",
    "blocks.0.attn.hook_v, v0",
    "blocks.0.attn.hook_z, z0",
    "blocks.0.attn.hook_attn_scores, attn_scores0",
    "blocks.0.attn.hook_pattern, pattern0",
    "blocks.0.attn.hook_result, result0",
    "blocks.2.ln1.hook_scale, scale2ln1",
    "blocks.2.ln1.hook_normalized, normalized2ln1",
    "ln_final.hook_scale, scale",
    "ln_final.hook_normalized, normalized"
  })
  void transformerLenssNameAndItsShorthandAreTheSamePoint(String name, String shorthand) {
    assertThat(HookPoint.parse(name)).isEqualTo(HookPoint.parse(shorthand));
    assertThat(HookPoint.parse(shorthand)).hasToString(name);
  }

  @ParameterizedTest
  @EnumSource(Site.class)
  void everyPointReadsItsOwnName(Site site) {
    HookPoint point = new HookPoint(site, site.inBlock() ? 7 : -1);
    assertThat(HookPoint.parse(point.name())).isEqualTo(point);
    assertThat(point.axes()).startsWith("batch").hasSizeBetween(3, 4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pattern",
        "patern0",
        "blocks.0.attn.hook_patern",
        "blocks.-1.attn.hook_q",
        "blocks.x.attn.hook_q",
        "blocks.0.hook_embed",
        "hook_pattern",
        "blocks.0.mlp.hook_neurons",
        "scale0ln3",
        "q0ln1",
        "scale0",
        "blocks.99999999999.attn.hook_q"
      })
  void anUnknownNameIsRefusedWithTheNamesThatExist(String name) {
    assertThatThrownBy(() -> HookPoint.parse(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "'")
        .hasMessageContaining("blocks.L.attn.hook_pattern")
        .hasMessageContaining("ln_final.hook_scale");
  }

  @Test
  void aLayerIsGivenExactlyWhereTheSiteIsInABlock() {
    assertThatThrownBy(() -> HookPoint.q(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> new HookPoint(Site.EMBED, 0)).hasMessageContaining("outside");
  }

  @Test
  void pointsAreOrderedByLayerAndThenByTheirPlaceInIt() {
    assertThat(HookPoint.z(0)).isLessThan(HookPoint.q(1)).isGreaterThan(HookPoint.q(0));
    assertThat(HookPoint.EMBED).isLessThan(HookPoint.residPre(0));
  }
}
