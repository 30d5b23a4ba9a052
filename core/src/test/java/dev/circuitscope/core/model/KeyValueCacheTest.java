package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.reference.TestModels;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

@DisplayName("A run after a key-value cache")
class KeyValueCacheTest {

  static Stream<TransformerConfig> causalKinds() {
    return EngineArchitecturesTest.kinds().filter(config -> config.attention().causal());
  }

  private static Transformer model(TransformerConfig config) {
    return Transformer.of(config, TestModels.weights(config, 21L));
  }

  /** Positions {@code from} to {@code to - 1} of every sequence. */
  private static int[][] cut(int[][] tokens, int from, int to) {
    return Arrays.stream(tokens).map(t -> Arrays.copyOfRange(t, from, to)).toArray(int[][]::new);
  }

  private static INDArray interval(INDArray x, int axis, int from, int to) {
    INDArrayIndex[] index = new INDArrayIndex[x.rank()];
    Arrays.fill(index, NDArrayIndex.all());
    index[axis] = NDArrayIndex.interval(from, to);
    return x.get(index).dup('c');
  }

  @ParameterizedTest
  @MethodSource("causalKinds")
  void givesTheBitsOfTheWholeRunTokenByTokenAndInPieces(TransformerConfig config) {
    Transformer model = model(config);
    int pos = Math.min(config.nCtx(), 90);
    int[][] tokens = TestModels.tokens(config, 2, pos, 22L);
    Run whole = model.runWithCache(tokens, Capture.everything(), Hooks.none());
    for (int piece : new int[] {1, 2, 5, 70, pos}) {
      KeyValueCache past = KeyValueCache.create(config, 2);
      for (int from = 0; from < pos; from += piece) {
        int to = Math.min(pos, from + piece);
        Run run =
            model
                .after(past)
                .runWithCache(cut(tokens, from, to), Capture.everything(), Hooks.none());
        TensorAssert.assertThat(run.logits())
            .as("logits of positions %d to %d", from, to)
            .hasSameBitsAs(interval(whole.logits(), 1, from, to));
        for (HookPoint point : config.hookPoints()) {
          INDArray expected = whole.cache().get(point);
          expected =
              point.axes().contains("dest")
                  ? interval(interval(expected, 2, from, to), 3, 0, to)
                  : interval(expected, 1, from, to);
          TensorAssert.assertThat(run.cache().get(point))
              .as("%s of positions %d to %d", point, from, to)
              .hasSameBitsAs(expected);
        }
      }
      assertThat(past.length()).isEqualTo(pos);
    }
  }

  @ParameterizedTest
  @MethodSource("causalKinds")
  void givesTheLastPositionsLogitsAlone(TransformerConfig config) {
    Transformer model = model(config);
    int pos = Math.min(config.nCtx(), 40);
    int[][] tokens = TestModels.tokens(config, 3, pos, 23L);
    INDArray whole = model.run(tokens);
    KeyValueCache past = KeyValueCache.create(config, 3);
    for (int[] piece : new int[][] {{0, pos / 2}, {pos / 2, pos - 1}, {pos - 1, pos}}) {
      if (piece[0] < piece[1]) {
        float[][] next = model.after(past).next(cut(tokens, piece[0], piece[1]), Hooks.none());
        for (int b = 0; b < 3; b++) {
          TensorAssert.assertThat(next[b])
              .hasSameBitsAs(
                  interval(interval(whole, 0, b, b + 1), 1, piece[1] - 1, piece[1])
                      .ravel()
                      .toFloatVector());
        }
      }
    }
  }

  @Test
  void appliesHooksToTheNewPositions() {
    for (TransformerConfig config : causalKinds().filter(c -> c.nLayers() > 1).toList()) {
      Transformer model = model(config);
      int pos = Math.min(config.nCtx(), 9);
      int[][] tokens = TestModels.tokens(config, 2, pos, 24L);
      Hooks hooks =
          Hooks.zeroHead(0, 0)
              .and(Hooks.at(HookPoint.k(0), (x, at) -> x.mul(1.5)))
              .and(Hooks.at(HookPoint.v(1), (x, at) -> x.add(0.5)))
              .and(Hooks.at(HookPoint.pattern(0), (x, at) -> x.mul(0.5)))
              .and(Hooks.at(HookPoint.attnScores(1), (x, at) -> x.mul(2)));
      INDArray whole = model.run(tokens, hooks);
      KeyValueCache past = KeyValueCache.create(config, 2);
      for (int t = 0; t < pos; t++) {
        TensorAssert.assertThat(model.after(past).run(cut(tokens, t, t + 1), hooks))
            .as("%s at %d", config, t)
            .hasSameBitsAs(interval(whole, 1, t, t + 1));
      }
    }
  }

  @Test
  void canBeCutAndGoOn() {
    TransformerConfig config = smeared();
    Transformer model = model(config);
    int[][] tokens = TestModels.tokens(config, 2, 8, 25L);
    INDArray whole = model.run(tokens);
    KeyValueCache past = KeyValueCache.create(config, 2);
    model.after(past).run(TestModels.tokens(config, 2, 6, 26L));
    past.truncate(0);
    model.after(past).run(tokens);
    past.truncate(5);
    TensorAssert.assertThat(model.after(past).run(cut(tokens, 5, 8)))
        .hasSameBitsAs(interval(whole, 1, 5, 8));
    assertThatThrownBy(() -> past.truncate(9))
        .hasMessage("a cache of 8 positions cannot be cut to 9");
    assertThatThrownBy(() -> past.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void leavesTheCacheAsItWasWhenItFails() {
    TransformerConfig config = smeared();
    Transformer model = model(config);
    int[][] tokens = TestModels.tokens(config, 2, 8, 27L);
    INDArray whole = model.run(tokens);
    KeyValueCache past = KeyValueCache.create(config, 2);
    model.after(past).run(cut(tokens, 0, 5));
    Hooks failing =
        Hooks.at(
            HookPoint.z(1),
            (x, at) -> {
              throw new IllegalStateException("on purpose");
            });
    int[][] others = TestModels.tokens(config, 2, 3, 28L);
    assertThatThrownBy(() -> model.after(past).run(others, failing)).hasMessage("on purpose");
    assertThat(past.length()).isEqualTo(5);
    TensorAssert.assertThat(model.after(past).run(cut(tokens, 5, 8)))
        .hasSameBitsAs(interval(whole, 1, 5, 8));
  }

  @Test
  void refusesWhatDoesNotFit() {
    TransformerConfig config = smeared();
    Transformer model = model(config);
    KeyValueCache past = KeyValueCache.create(config, 2, 4);
    model.after(past).run(TestModels.tokens(config, 2, 3, 1L));
    assertThatThrownBy(() -> model.after(past).run(TestModels.tokens(config, 2, 2, 1L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the key-value cache holds 3 of at most 4 positions, so 2 more do not fit; truncate it,"
                + " or start a new one up to n_ctx = 9");
    assertThatThrownBy(() -> model.after(past).run(TestModels.tokens(config, 1, 1, 1L)))
        .hasMessage("the key-value cache is for a batch of 2, got 1 sequences");
    assertThatThrownBy(() -> model.after(past).run(new int[][] {{1}, {11}}))
        .hasMessageContaining("outside the vocabulary");
    assertThatThrownBy(() -> model.after(past).run(new int[][] {{1}, {1}}, Hooks.zeroHead(2, 0)))
        .hasMessageContaining("the model has no hook point");
    TransformerConfig other = TestModels.config(1, Normalization.LN, Positions.STANDARD);
    assertThatThrownBy(() -> model(other).after(past))
        .hasMessageContaining("made for another configuration");
    assertThatThrownBy(() -> KeyValueCache.create(config, 0)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> KeyValueCache.create(config, 1, 10)).hasMessageContaining("n_ctx = 9");
    TransformerConfig both = other.toBuilder().direction(AttentionDirection.BIDIRECTIONAL).build();
    assertThatThrownBy(() -> KeyValueCache.create(both, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a bidirectional model has no key-value cache");
  }

  private static TransformerConfig smeared() {
    return TestModels.config(2, Normalization.LN, Positions.SHORTFORMER).toBuilder()
        .smearedKeys(true)
        .build();
  }
}
