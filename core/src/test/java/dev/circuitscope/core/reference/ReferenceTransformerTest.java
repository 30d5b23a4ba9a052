package dev.circuitscope.core.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class ReferenceTransformerTest {

  private static final TransformerConfig CONFIG =
      TestModels.config(2, Normalization.LN, Positions.STANDARD);
  private static final int[][] TOKENS = {{1, 5, 1, 7}, {0, 10, 3, 3}};

  private final ReferenceTransformer model =
      ReferenceTransformer.of(CONFIG, TestModels.weights(CONFIG, 1L));

  @Nested
  class KnownAnswers {

    @Test
    void withoutLayersTheLogitsAreWEWUPlusBias() {
      TransformerConfig config = TestModels.config(0, Normalization.NONE, Positions.NONE);
      Weights weights = TestModels.weights(config, 2L);
      INDArray table =
          weights
              .get("embed.W_E")
              .mmul(weights.get("unembed.W_U"))
              .addRowVector(weights.get("unembed.b_U"));
      ReferenceRun run = ReferenceTransformer.of(config, weights).run(new int[][] {{4, 9}});
      for (int v = 0; v < 11; v++) {
        assertThat(run.logits().at(0, 0, v)).isCloseTo(table.getDouble(4, v), within(1e-6));
        assertThat(run.logits().at(0, 1, v)).isCloseTo(table.getDouble(9, v), within(1e-6));
      }
    }

    @Test
    void uniformLogitsCostTheLogarithmOfTheVocabulary() {
      ReferenceTransformer flat =
          model.with("unembed.W_U", new double[66]).with("unembed.b_U", new double[11]);
      assertThat(flat.loss(TOKENS)).isCloseTo(Math.log(11), within(1e-14));
    }

    @Test
    void withoutQueriesAttentionIsUniformOverThePast() {
      double[] none = new double[90];
      ReferenceTransformer even =
          model.with("blocks.0.attn.W_Q", none).with("blocks.0.attn.b_Q", new double[15]);
      DoubleTensor pattern = even.run(TOKENS).get(HookPoint.pattern(0));
      for (int dest = 0; dest < 4; dest++) {
        for (int src = 0; src < 4; src++) {
          assertThat(pattern.at(1, 2, dest, src))
              .isCloseTo(src <= dest ? 1.0 / (dest + 1) : 0, within(1e-15));
        }
      }
    }

    @Test
    void aNormalisedVectorHasMeanZeroAndVarianceOneButForEps() {
      TransformerConfig config = TestModels.config(1, Normalization.LN_PRE, Positions.STANDARD);
      ReferenceRun run =
          ReferenceTransformer.of(config, TestModels.weights(config, 3L)).run(TOKENS);
      double scale = run.get("blocks.0.ln1.hook_scale").at(1, 2, 0);
      double sum = 0;
      double squares = 0;
      for (int d = 0; d < 6; d++) {
        double x = run.get("blocks.0.ln1.hook_normalized").at(1, 2, d);
        sum += x;
        squares += x * x;
      }
      assertThat(sum).isCloseTo(0, within(1e-14));
      assertThat(squares / 6).isCloseTo(1 - 1e-3 / (scale * scale), within(1e-14));
    }

    @Test
    void aShortformersValuesAndResidualStreamHoldNoPositions() {
      TransformerConfig config = TestModels.config(1, Normalization.NONE, Positions.SHORTFORMER);
      ReferenceTransformer short1 = ReferenceTransformer.of(config, TestModels.weights(config, 4L));
      ReferenceRun run = short1.run(new int[][] {{6, 6, 6}});
      DoubleTensor v = run.get(HookPoint.v(0));
      DoubleTensor q = run.get(HookPoint.q(0));
      for (int e = 0; e < 5; e++) {
        assertThat(v.at(0, 1, 2, e)).isEqualTo(v.at(0, 0, 2, e));
        assertThat(q.at(0, 1, 2, e)).isNotEqualTo(q.at(0, 0, 2, e));
      }
      assertThat(run.get(HookPoint.residPre(0)).values())
          .containsExactly(run.get(HookPoint.EMBED).values());
    }
  }

  @Nested
  class ARun {

    @ParameterizedTest
    @MethodSource("dev.circuitscope.core.reference.TestModels#family")
    void reachesEveryHookPointOfTheModelOnceInOrder(TransformerConfig config) {
      List<HookPoint> reached = new ArrayList<>();
      ReferenceRun run =
          ReferenceTransformer.of(config, TestModels.weights(config, 5L))
              .run(
                  TestModels.tokens(config, 2, 4, 6L),
                  (at, x) -> {
                    reached.add(at);
                    return x;
                  });
      assertThat(reached).containsExactlyElementsOf(config.hookPoints());
      assertThat(run.activations().keySet()).containsExactlyElementsOf(reached);
    }

    @Test
    void doesNotLookAhead() {
      int[][] other = {{1, 5, 1, 2}, {0, 10, 3, 8}};
      DoubleTensor a = model.run(TOKENS).logits();
      DoubleTensor b = model.run(other).logits();
      for (int v = 0; v < 11; v++) {
        assertThat(a.at(0, 2, v)).isEqualTo(b.at(0, 2, v));
        assertThat(a.at(0, 3, v)).isNotEqualTo(b.at(0, 3, v));
      }
    }

    @Test
    void keepsAnExampleApartFromItsBatch() {
      DoubleTensor alone = model.run(new int[][] {TOKENS[1]}).logits();
      double[] together = model.run(TOKENS).logits().values();
      assertThat(Arrays.copyOfRange(together, 44, 88)).containsExactly(alone.values());
    }

    @Test
    void addsUpHeadsToAttentionAndAttentionToTheResidualStream() {
      ReferenceRun run = model.run(TOKENS);
      double[] bias = model.weight("blocks.1.attn.b_O");
      for (int d = 0; d < 6; d++) {
        double heads = bias[d];
        for (int h = 0; h < 3; h++) {
          heads += run.get(HookPoint.result(1)).at(0, 3, h, d);
        }
        double out = run.get(HookPoint.attnOut(1)).at(0, 3, d);
        assertThat(out).isCloseTo(heads, within(1e-14));
        assertThat(run.get(HookPoint.residPost(1)).at(0, 3, d))
            .isCloseTo(run.get(HookPoint.residPre(1)).at(0, 3, d) + out, within(1e-14));
      }
    }
  }

  @Nested
  class AnIntervention {

    @Test
    void replacesWhatTheRestOfTheRunSees() {
      double[] z = new double[2 * 4 * 3 * 5];
      ReferenceRun run = model.run(TOKENS, Intervention.replace(HookPoint.z(1), z));
      double[] bias = model.weight("blocks.1.attn.b_O");
      assertThat(run.get(HookPoint.attnOut(1)).at(1, 0, 2)).isEqualTo(bias[2]);
      assertThat(run.get(HookPoint.z(1)).values()).containsOnly(0);
    }

    @Test
    void onOneHeadsInputLeavesTheOtherHeadsAlone() {
      for (Site site : List.of(Site.Q_INPUT, Site.K_INPUT, Site.V_INPUT)) {
        HookPoint point = new HookPoint(site, 0);
        ReferenceRun before = model.run(TOKENS);
        double[] input = before.get(point).values().clone();
        for (int i = 0; i < input.length; i++) {
          input[i] = i / 6 % 3 == 1 ? 2 * input[i] - 1 : input[i];
        }
        ReferenceRun after = model.run(TOKENS, Intervention.replace(point, input));
        double[] old = before.get(HookPoint.result(0)).values();
        double[] changed = after.get(HookPoint.result(0)).values();
        for (int i = 0; i < old.length; i++) {
          if (i / 6 % 3 != 1) {
            assertThat(changed[i]).isCloseTo(old[i], within(1e-14));
          }
        }
        assertThat(changed).isNotEqualTo(old);
      }
    }

    @Test
    void onAHeadsInputIsNormalisedByThatHead() {
      HookPoint point = new HookPoint(Site.V_INPUT, 0);
      double[] input = model.run(TOKENS).get(point).values();
      double[] longer = Arrays.stream(input).map(x -> 1000 * x + 3).toArray();
      double[] v = model.run(TOKENS, Intervention.replace(point, longer)).get("v0").values();
      double[] before =
          model
              .with("blocks.0.ln1.w", model.weight("blocks.0.ln1.w"))
              .run(TOKENS)
              .get("v0")
              .values();
      // LN does not see a shift or a factor, but for eps, which the factor makes vanish
      TensorAssert.assertThat(v).isCloseTo(before, Tolerance.absolute(0.02));
    }

    @Test
    void canFollowAnother() {
      Intervention plusOne = Intervention.nudge(HookPoint.z(0), 0, 1);
      Intervention twice = (at, x) -> Arrays.stream(x).map(v -> 2 * v).toArray();
      double z = model.run(TOKENS).get("z0").values()[0];
      Intervention only =
          (at, x) -> at.equals(HookPoint.z(0)) ? plusOne.then(twice).apply(at, x) : x;
      assertThat(model.run(TOKENS, only).get("z0").values()[0]).isEqualTo(2 * (z + 1));
    }

    @Test
    void thatReturnsAnotherLengthIsRefusedWithBoth() {
      assertThatThrownBy(
              () -> model.run(TOKENS, Intervention.replace(HookPoint.q(0), new double[7])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("blocks.0.attn.hook_q")
          .hasMessageContaining("7")
          .hasMessageContaining("120");
    }
  }

  @Nested
  class Weights64 {

    @Test
    void keepTheirPrecision() {
      double third = 1.0 / 3;
      double[] bias = new double[11];
      Arrays.fill(bias, third);
      assertThat(model.with("unembed.b_U", bias).weight("unembed.b_U")[4]).isEqualTo(third);
    }

    @Test
    void areNotTheCallersArrays() {
      double[] bias = new double[11];
      ReferenceTransformer changed = model.with("unembed.b_U", bias);
      double before = changed.loss(TOKENS);
      bias[0] = 100;
      changed.weight("unembed.b_U")[1] = 100;
      assertThat(changed.loss(TOKENS)).isEqualTo(before);
    }

    @Test
    void thatAreMissingUnknownOrOfAnotherShapeAreRefused() {
      Map<String, INDArray> arrays = TestModels.weights(CONFIG, 1L).toMap();
      INDArray wrong = arrays.remove("embed.W_E").reshape(6, 11);
      assertThatThrownBy(() -> ReferenceTransformer.of(CONFIG, arrays))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("missing [embed.W_E]");
      arrays.put("embed.W_E", wrong);
      assertThatThrownBy(() -> ReferenceTransformer.of(CONFIG, arrays))
          .hasMessageContaining("[11, 6], got [6, 11]");
      assertThatThrownBy(() -> model.with("embed.W_E", new double[3]))
          .hasMessageContaining("66 elements, got 3");
      assertThatThrownBy(() -> model.weight("embed.W_X")).hasMessageContaining("embed.W_E");
    }
  }

  @Nested
  class Tensors {

    @Test
    void mustHaveAsManyElementsAsTheirShapeSays() {
      assertThatThrownBy(() -> new DoubleTensor(new double[5], 2, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("5 elements")
          .hasMessageContaining("[2, 3]");
    }

    @Test
    void areReadByIndexAndRefuseAnIndexOutside() {
      DoubleTensor t = new DoubleTensor(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
      assertThat(t.at(1, 0)).isEqualTo(4);
      assertThat(t.toArray().getDouble(1, 2)).isEqualTo(6);
      assertThatThrownBy(() -> t.at(0, 3)).hasMessageContaining("[0, 3]");
      assertThatThrownBy(() -> t.at(0)).hasMessageContaining("[2, 3]");
      assertThat(t).isEqualTo(new DoubleTensor(t.values().clone(), 2, 3));
      assertThat(t).isNotEqualTo(new DoubleTensor(t.values(), 3, 2));
    }

    @Test
    void mayBeEmpty() {
      assertThat(new DoubleTensor(new double[0], 2, 0).toArray().length()).isZero();
    }
  }

  @Test
  void aPointThatTheModelLacksIsRefusedWithThoseItHas() {
    assertThatThrownBy(() -> model.run(TOKENS).get(HookPoint.q(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("blocks.2.attn.hook_q")
        .hasMessageContaining("blocks.1.attn.hook_q");
  }
}
