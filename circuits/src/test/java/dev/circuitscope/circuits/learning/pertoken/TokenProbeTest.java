package dev.circuitscope.circuits.learning.pertoken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class TokenProbeTest {

  private final Transformer model =
      Transformer.create(
          TransformerConfig.attentionOnly(2).heads(2).dModel(8).vocab(11).context(14).build(), 1L);

  private final Transformer normalized =
      Transformer.create(
          TransformerConfig.attentionOnly(1)
              .heads(2)
              .dModel(8)
              .vocab(11)
              .context(14)
              .positions(Positions.SHORTFORMER)
              .normalization(Normalization.LN)
              .build(),
          1L);

  static int[][] texts(int count, int length, int vocab, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] texts = new int[count][length];
    for (int[] text : texts) {
      Arrays.setAll(text, i -> random.nextInt(vocab));
    }
    return texts;
  }

  @Test
  void aLossIsThatOfTheWholeTextAtTheExamplesPosition() {
    TokenProbe probe = TokenProbe.draw(texts(300, 14, 11, 2L), 3L);
    double[] losses = probe.losses(model);
    INDArray all = model.lossPerToken(probe.tokens());
    double[] ablated = probe.losses(model, RunSettings.with(Hooks.zeroHead(1, 0)).inBatchesOf(7));
    INDArray allAblated = model.lossPerToken(probe.tokens(), Hooks.zeroHead(1, 0));
    for (int e = 0; e < 300; e++) {
      assertThat(losses[e]).isCloseTo(all.getFloat(e, probe.positions()[e]), within(2e-6));
      assertThat(ablated[e]).isCloseTo(allAblated.getFloat(e, probe.positions()[e]), within(2e-6));
    }
  }

  @Test
  void hooksOutsideTheBlocksWorkToo() {
    TokenProbe probe = TokenProbe.draw(texts(30, 14, 11, 2L), 3L);
    for (HookPoint point : List.of(HookPoint.EMBED, HookPoint.LN_FINAL_NORMALIZED)) {
      Hooks doubled = Hooks.at(point, (x, at) -> x.mul(2));
      double[] losses = probe.losses(normalized, RunSettings.with(doubled));
      INDArray all = normalized.lossPerToken(probe.tokens(), doubled);
      for (int e = 0; e < 30; e++) {
        assertThat(losses[e]).isCloseTo(all.getFloat(e, probe.positions()[e]), within(2e-6));
      }
    }
  }

  @Test
  void moreExamplesThanAContextIsLongRunTogether() {
    TokenProbe probe = TokenProbe.draw(texts(100, 14, 11, 2L), 3L);
    double[] together = probe.losses(normalized, RunSettings.plain().inBatchesOf(100));
    double[] single = probe.losses(normalized, RunSettings.plain().inBatchesOf(1));
    assertThat(together).containsExactly(single);
  }

  @Test
  void positionsAreDrawnOnceFromAllThatHaveALoss() {
    TokenProbe probe = TokenProbe.draw(texts(2000, 6, 11, 2L), 3L);
    assertThat(probe.positions())
        .isEqualTo(TokenProbe.draw(probe.tokens(), 3L).positions())
        .isNotEqualTo(TokenProbe.draw(probe.tokens(), 4L).positions());
    Integer[] counts = {0, 0, 0, 0, 0};
    Arrays.stream(probe.positions()).forEach(t -> counts[t]++);
    // 400 expected, with a standard deviation of 18
    assertThat(counts).hasSize(5).allSatisfy(n -> assertThat(n).isBetween(310, 490));
    assertThat(probe.toString()).isEqualTo("TokenProbe of 2000 texts of 6 tokens, seed 3");
  }

  @Test
  void aTextOfTwoTokensHasOnePosition() {
    TokenProbe probe = TokenProbe.draw(new int[][] {{1, 2}}, 3L);
    assertThat(probe.positions()).containsExactly(0);
    assertThat(probe.losses(model)).hasSize(1);
  }

  @Test
  void probesWithoutALossAreRefused() {
    assertThatThrownBy(() -> TokenProbe.draw(new int[0][], 1L)).hasMessageContaining("0 texts");
    assertThatThrownBy(() -> TokenProbe.draw(new int[][] {{1}}, 1L))
        .hasMessageContaining("text 0 of 1 tokens");
    assertThatThrownBy(() -> TokenProbe.draw(new int[][] {{1, 2, 3}, {1, 2}}, 1L))
        .hasMessageContaining("text 1");
    int[] beyond = {2};
    assertThatThrownBy(() -> new TokenProbe(new int[][] {{1, 2, 3}}, beyond, OptionalLong.empty()))
        .hasMessageContaining("position 2");
  }
}
