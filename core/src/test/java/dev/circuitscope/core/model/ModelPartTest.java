package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.reference.TestModels;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

@DisplayName("A part of a model")
class ModelPartTest {

  static Stream<TransformerConfig> family() {
    return TestModels.family();
  }

  private static Transformer model(TransformerConfig config) {
    return Transformer.of(config, TestModels.weights(config, 11L));
  }

  private static TransformerConfig threeLayers() {
    return TestModels.config(3, Normalization.LN, Positions.STANDARD);
  }

  @ParameterizedTest
  @MethodSource("family")
  void givesTheBitsOfTheWholeRun(TransformerConfig config) {
    Transformer model = model(config);
    int[][] tokens = TestModels.tokens(config, 2, config.nCtx(), 12L);
    Run whole = model.runWithCache(tokens);
    for (int at = 0; at <= config.nLayers(); at++) {
      Run before = model.part(Layers.upTo(at)).runWithCache(tokens, Capture.all(), Hooks.none());
      Run after =
          model.part(Layers.from(at)).runWithCache(before.output(), Capture.all(), Hooks.none());
      TensorAssert.assertThat(after.output()).hasSameBitsAs(whole.logits());
      if (at < config.nLayers()) {
        TensorAssert.assertThat(before.output())
            .hasSameBitsAs(whole.cache().get(HookPoint.residPre(at)));
      }
      for (HookPoint point : whole.cache().points()) {
        boolean first = point.site().inBlock() ? point.layer() < at : !isLast(point);
        TensorAssert.assertThat((first ? before : after).cache().get(point))
            .as("%s of %d", point, at)
            .hasSameBitsAs(whole.cache().get(point));
      }
    }
  }

  private static boolean isLast(HookPoint point) {
    return point == HookPoint.LN_FINAL_SCALE
        || point == HookPoint.LN_FINAL_NORMALIZED
        || point.equals(HookPoint.LN_FINAL_SCALE)
        || point.equals(HookPoint.LN_FINAL_NORMALIZED);
  }

  @Test
  void keepsOnlyWhatItReaches() {
    Transformer model = model(threeLayers());
    int[][] tokens = TestModels.tokens(threeLayers(), 2, 4, 12L);
    INDArray resid = model.part(Layers.upTo(1)).run(tokens);
    Run middle = model.part(Layers.between(1, 2)).runWithCache(resid, Capture.all(), Hooks.none());
    assertThat(middle.cache().points()).isNotEmpty().allMatch(point -> point.layer() == 1);
    assertThat(middle.output().shape()).containsExactly(2, 4, 6);
  }

  @Test
  void mayHaveNoLayers() {
    Transformer model = model(threeLayers());
    int[][] tokens = TestModels.tokens(threeLayers(), 2, 4, 12L);
    INDArray embedded = model.part(Layers.upTo(0)).run(tokens);
    Run whole = model.runWithCache(tokens);
    TensorAssert.assertThat(embedded).hasSameBitsAs(whole.cache().get(HookPoint.residPre(0)));
    TensorAssert.assertThat(model.part(Layers.between(2, 2)).run(embedded)).hasSameBitsAs(embedded);
    TensorAssert.assertThat(
            model.part(Layers.from(3)).run(whole.cache().get(HookPoint.residPost(2))))
        .hasSameBitsAs(whole.logits());
  }

  @ParameterizedTest
  @MethodSource("family")
  void goesOnAfterPositionsThatACacheHolds(TransformerConfig config) {
    if (config.attention().direction() == AttentionDirection.BIDIRECTIONAL || config.nCtx() < 5) {
      return;
    }
    Transformer model = model(config);
    int[][] tokens = TestModels.tokens(config, 2, 5, 12L);
    Run whole = model.runWithCache(tokens);
    KeyValueCache past = KeyValueCache.create(config, 2, 5);
    model.after(past).run(tokens);
    KeyValueCache twice = past.repeat(2);
    for (int from = 5 - 1; from >= 0; from--) {
      past.truncate(from);
      twice.truncate(from);
      for (int at = 0; at < config.nLayers(); at++) {
        INDArray resid = from(whole.cache().get(HookPoint.residPre(at)), from);
        ModelPart part = model.part(Layers.from(at));
        TensorAssert.assertThat(part.after(past).run(resid))
            .as("%s from position %d", part, from)
            .hasSameBitsAs(from(whole.logits(), from));
        INDArray both = part.after(twice).run(Nd4j.concat(0, resid, resid));
        TensorAssert.assertThat(both.get(NDArrayIndex.interval(2, 4)).dup('c'))
            .hasSameBitsAs(from(whole.logits(), from));
      }
      TensorAssert.assertThat(
              model
                  .part(Layers.upTo(0))
                  .after(past)
                  .run(new int[][] {rest(tokens[0], from), rest(tokens[1], from)}))
          .hasSameBitsAs(
              from(
                  config.nLayers() > 0
                      ? whole.cache().get(HookPoint.residPre(0))
                      : model.part(Layers.upTo(0)).run(tokens),
                  from));
      assertThat(past.length()).isEqualTo(from);
    }
  }

  private static int[] rest(int[] tokens, int from) {
    return Arrays.copyOfRange(tokens, from, tokens.length);
  }

  private static INDArray from(INDArray x, int position) {
    return x.get(NDArrayIndex.all(), NDArrayIndex.interval(position, x.size(1))).dup('c');
  }

  @Test
  void hasNoLogitsIfItStopsBeforeThem() {
    Transformer model = model(threeLayers());
    int[][] tokens = TestModels.tokens(threeLayers(), 2, 4, 12L);
    Run run = model.part(Layers.upTo(2)).runWithCache(tokens, Capture.nothing(), Hooks.none());
    assertThatThrownBy(run::logits)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the run stopped before the logits; its output is the residual stream [2, 4, 6]");
    Run rest =
        model.part(Layers.from(2)).runWithCache(run.output(), Capture.nothing(), Hooks.none());
    assertThat(rest.logits()).isSameAs(rest.output());
  }

  @Nested
  @DisplayName("with hooks")
  class WithHooks {

    private final Transformer model = model(threeLayers());
    private final int[][] tokens = TestModels.tokens(threeLayers(), 2, 4, 12L);

    @Test
    void appliesThemAsTheWholeRunDoes() {
      Hooks hooks =
          Hooks.at(HookPoint.residPre(1), (x, at) -> x.mul(1.5)).and(Hooks.zeroHead(2, 0));
      INDArray resid = model.part(Layers.upTo(1)).run(tokens);
      INDArray copy = resid.dup();
      TensorAssert.assertThat(model.part(Layers.from(1)).run(resid, hooks))
          .hasSameBitsAs(model.run(tokens, hooks));
      TensorAssert.assertThat(resid).as("the caller's array").hasSameBitsAs(copy);
    }

    @Test
    void refusesPointsThatItDoesNotReach() {
      Hooks late = Hooks.zeroHead(1, 0);
      assertThatThrownBy(() -> model.part(Layers.upTo(1)).run(tokens, late))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(
              "layers from 0 up to 1 has no hook point [blocks.1.attn.hook_z]; it has [hook_embed");
      INDArray resid = model.part(Layers.upTo(2)).run(tokens);
      for (HookPoint outside : List.of(HookPoint.EMBED, HookPoint.POS_EMBED, HookPoint.z(1))) {
        assertThatThrownBy(
                () ->
                    model
                        .part(Layers.from(2))
                        .runWithCache(resid, Capture.only(outside), Hooks.none()))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("no hook point [" + outside);
      }
      assertThatThrownBy(
              () ->
                  model
                      .part(Layers.upTo(3))
                      .runWithCache(tokens, Capture.only(HookPoint.LN_FINAL_SCALE), Hooks.none()))
          .hasMessageContaining("no hook point [ln_final.hook_scale]");
    }
  }

  @Test
  void refusesWhatItCannotRun() {
    Transformer model = model(threeLayers());
    int[][] tokens = TestModels.tokens(threeLayers(), 2, 4, 12L);
    assertThatThrownBy(() -> model.part(Layers.upTo(4)))
        .hasMessage("layers from 0 up to 4 do not exist: the model has 3 layers");
    assertThatThrownBy(() -> model.part(Layers.from(4))).hasMessageContaining("3 layers");
    assertThatThrownBy(() -> Layers.between(2, 1)).hasMessageContaining("not from 2 to 1");
    assertThatThrownBy(() -> Layers.from(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> model.part(Layers.from(1)).run(tokens))
        .hasMessageContaining("give them the residual stream");
    assertThatThrownBy(() -> model.part(Layers.from(1)).run(Nd4j.zeros(2, 4, 7)))
        .hasMessageContaining("d_model = 6], got [2, 4, 7]");
    assertThatThrownBy(() -> model.part(Layers.from(1)).run(Nd4j.zeros(2, 10, 6)))
        .hasMessageContaining("exceeds the model's context of 9");
    KeyValueCache past = KeyValueCache.create(threeLayers(), 2, 4);
    assertThatThrownBy(() -> model.part(Layers.from(1)).after(past).run(Nd4j.zeros(3, 2, 6)))
        .hasMessage("the key-value cache is for a batch of 2, got 3 sequences");
    assertThatThrownBy(() -> model.part(Layers.from(1)).after(past).run(Nd4j.zeros(2, 5, 6)))
        .hasMessageContaining("holds 0 of at most 4 positions, so 5 more do not fit");
    TransformerConfig other = threeLayers().toBuilder().context(8).build();
    assertThatThrownBy(() -> model(other).part(Layers.from(1)).after(past))
        .hasMessageContaining("made for another configuration");
    assertThatThrownBy(() -> past.repeat(0)).hasMessageContaining("was 0");
  }
}
