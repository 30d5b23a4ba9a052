package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.reference.Golden;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransformerConfigTest {

  @Test
  void hasTheFrontDoorsDefaults() {
    TransformerConfig config = TransformerConfig.attentionOnly(2).vocab(512).build();
    assertThat(config.nHeads()).isEqualTo(8);
    assertThat(config.dModel()).isEqualTo(256);
    assertThat(config.dHead()).isEqualTo(32);
    assertThat(config.nCtx()).isEqualTo(256);
    assertThat(config.normalization()).isEqualTo(Normalization.LN);
    assertThat(config.positions()).isEqualTo(Positions.STANDARD);
    assertThat(config.eps()).isEqualTo(1e-5);
  }

  @Test
  void refusesSizesThatAreMissingOrImpossibleByName() {
    assertThatThrownBy(() -> TransformerConfig.attentionOnly(1).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("d_vocab");
    assertThatThrownBy(() -> TransformerConfig.attentionOnly(-1).vocab(2).build())
        .hasMessageContaining("n_layers");
    assertThatThrownBy(() -> TransformerConfig.attentionOnly(1).vocab(2).heads(0).build())
        .hasMessageContaining("0 heads");
    assertThatThrownBy(() -> TransformerConfig.attentionOnly(1).vocab(2).dModel(10).build())
        .hasMessageContaining("10 is not a multiple of 8");
    assertThatThrownBy(() -> TransformerConfig.attentionOnly(1).vocab(2).context(0).build())
        .hasMessageContaining("n_ctx");
    assertThatThrownBy(() -> TransformerConfig.attentionOnly(1).vocab(2).eps(-1).build())
        .hasMessageContaining("eps");
    assertThatThrownBy(() -> TransformerConfig.attentionOnly(1).vocab(2).eps(Double.NaN).build())
        .hasMessageContaining("eps");
  }

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.TestModels#everyKind")
  void comesBackFromItsBuilderAndFromJson(TransformerConfig config) throws Exception {
    assertThat(config.toBuilder().build()).isEqualTo(config);
    assertThat(ConfigJson.read(ConfigJson.write(config), "test")).isEqualTo(config);
  }

  @Test
  void listsOnlyPointsThatSuchAModelHas() {
    TransformerConfig bare =
        TransformerConfig.attentionOnly(1)
            .vocab(2)
            .normalization(Normalization.NONE)
            .positions(Positions.NONE)
            .build();
    assertThat(bare.hookPoints())
        .startsWith(HookPoint.EMBED, HookPoint.residPre(0))
        .endsWith(HookPoint.residPost(0))
        .doesNotContain(HookPoint.POS_EMBED, HookPoint.LN_FINAL_SCALE)
        .hasSize(1 + 13);
    TransformerConfig full = TransformerConfig.attentionOnly(2).vocab(2).build();
    assertThat(full.hookPoints()).hasSize(2 + 2 * 15 + 2).doesNotHaveDuplicates();
  }

  @Nested
  class Json {

    private static final String SIZES =
        "\"n_layers\": 1, \"n_heads\": 2, \"d_model\": 4, \"d_vocab\": 5, \"n_ctx\": 6,"
            + " \"attn_only\": true";

    private TransformerConfig read(String more) throws MalformedFileException {
      return ConfigJson.read("{" + SIZES + more + "}", "test.json");
    }

    @ParameterizedTest
    @MethodSource("dev.circuitscope.core.reference.Golden#all")
    void thatTransformerLensWroteIsUnderstood(String name) {
      TransformerConfig config = Golden.read(name).config();
      assertThat(config.dModel()).isEqualTo(32);
      assertThat(config.nHeads()).isEqualTo(name.equals("relu-1l-narrow") ? 3 : 4);
      assertThat(config.dHead()).isEqualTo(name.equals("relu-1l-narrow") ? 5 : 8);
      assertThat(config.eps()).isEqualTo(1e-5);
    }

    @Test
    void readsNullAsTheDefault() throws Exception {
      TransformerConfig config = read(", \"normalization_type\": null, \"d_head\": null");
      assertThat(config.normalization()).isEqualTo(Normalization.NONE);
      assertThat(config.dHead()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "'' | ADJACENT",
          ", \"original_architecture\": \"GPTJForCausalLM\" | ADJACENT",
          ", \"original_architecture\": \"GPTNeoXForCausalLM\" | HALVES",
          ", \"original_architecture\": \"LlamaForCausalLM\" | HALVES",
          ", \"rotary_adjacent_pairs\": false | HALVES"
        })
    void pairsRotaryCoordinatesAsTransformerLensDidBeforeItWroteHow(
        String more, Rotary.Pairing pairing) throws Exception {
      TransformerConfig config = read(", \"positional_embedding_type\": \"rotary\"" + more);
      assertThat(config.attention().rotary().orElseThrow().pairing()).isEqualTo(pairing);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          ", \"normalization_type\": \"batch\" | batch",
          ", \"positional_embedding_type\": \"alibi\" | alibi",
          ", \"smeared_key\": true | smeared_key",
          ", \"eps\": \"small\" | eps",
          ", \"eps\": -1 | eps",
          ", \"d_head\": 1.5 | d_head"
        })
    void thatIsUnknownOrImpossibleIsRefusedWithItsName(String more, String named) {
      assertThatThrownBy(() -> read(more))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("test.json")
          .hasMessageContaining(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "null", "{\"attn_only\": true}", "{\"n_layers\": 1}"})
    void thatIsNoConfigurationIsRefused(String text) {
      assertThatThrownBy(() -> ConfigJson.read(text, "test.json"))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("test.json");
    }
  }
}
