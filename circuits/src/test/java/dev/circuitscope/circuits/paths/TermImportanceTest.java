package dev.circuitscope.circuits.paths;

import static dev.circuitscope.circuits.paths.FrozenRunTest.MODELS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class TermImportanceTest {

  private static FrozenReference model(int layers) {
    return FrozenReference.of(TestModels.config(layers, Normalization.LN, Positions.STANDARD));
  }

  private static TermImportance importance(FrozenReference reference, HeadSet... sets) {
    return TermImportance.of(
        FrozenRuns.of(reference.model, new int[][] {reference.tokens}), List.of(sets));
  }

  /** Adds up the listed logits of all paths that fit. */
  private static double lossOfPaths(FrozenReference reference, Predicate<HeadPath> fits) {
    FrozenRun run = reference.frozen();
    PathExpansion paths = PathExpansion.of(run, reference.layers());
    INDArray sum = run.logits().mul(0);
    paths
        .terms()
        .filter(term -> fits.test(term.path()))
        .forEach(term -> sum.addi(paths.logits(term)));
    return run.loss(sum);
  }

  @Nested
  class LossesByOrder {

    @ParameterizedTest
    @MethodSource(MODELS)
    void endWithTheLossOfTheModel(TransformerConfig config) {
      assumeThat(config.dVocabOut()).isGreaterThanOrEqualTo(config.dVocab());
      FrozenReference reference = FrozenReference.of(config);
      TermImportance importance = importance(reference);
      assertThat(importance.lastOrder()).isEqualTo(config.nLayers());
      assertThat(importance.loss(config.nLayers()).mean())
          .isCloseTo(reference.run.loss(), within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void areThoseOfThePathsUpToThatOrderAddedUp(int layers) {
      FrozenReference reference = model(layers);
      TermImportance importance = importance(reference);
      for (int order = 0; order <= layers; order++) {
        int last = order;
        assertThat(importance.loss(order).mean())
            .isCloseTo(lossOfPaths(reference, path -> path.order() <= last), within(1e-10));
      }
    }

    /** The paper's algorithm to the letter, in core's plain forward pass. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void areThoseOfRunsThatWriteWhatTheRunBeforeHasStored(int layers) {
      FrozenReference reference = model(layers);
      TermImportance importance = importance(reference);
      Map<Head, double[]> stored = new HashMap<>();
      for (int run = 2; run <= layers + 2; run++) {
        Map<Head, double[]> computed = new HashMap<>();
        double loss = reference.runWriting(stored, computed).loss();
        assertThat(importance.loss(run - 2).mean()).isCloseTo(loss, within(1e-9));
        stored = computed;
      }
      assertThat(importance.loss(layers).mean()).isCloseTo(reference.run.loss(), within(1e-9));
    }

    @Test
    void fallFromTheUniformLossByTheReductions() {
      TermImportance importance = importance(model(3));
      double loss = Math.log(11);
      assertThat(importance.uniformLoss()).isEqualTo(loss);
      for (int order = 0; order <= 3; order++) {
        loss -= importance.reduction(order).mean();
        assertThat(importance.loss(order).mean()).isCloseTo(loss, within(1e-12));
      }
      assertThat(importance.terms(2)).isEqualTo(BigInteger.valueOf(27));
    }

    @Test
    void areMeansOverSequencesWithTheirErrors() {
      FrozenReference reference = model(2);
      int[][] sequences = TestModels.tokens(reference.model.config(), 5, 6, 8);
      Transformer engine =
          Transformer.of(reference.model.config(), TestModels.weights(reference.model.config(), 5));
      TermImportance importance = TermImportance.of(engine, sequences);
      double mean = 0;
      for (int i = 0; i < 5; i++) {
        double one = reference.model.loss(new int[][] {sequences[i]});
        assertThat(importance.losses()[2][i]).isCloseTo(one, within(1e-9));
        mean += one / 5;
      }
      assertThat(importance.loss(2).mean()).isCloseTo(mean, within(1e-9));
      assertThat(importance.loss(2).standardError()).isPositive();
      assertThat(importance.reduction(2).standardError())
          .isNotEqualTo(importance.loss(2).standardError());
    }
  }

  @Nested
  class SetsOfHeads {

    private final FrozenReference reference = model(3);
    private final HeadSet some =
        HeadSet.of("some", new Head(0, 1), new Head(1, 0), new Head(1, 2), new Head(2, 2));

    @Test
    void haveTheLossesOfTheirPathsAlone() {
      HeadSetImportance set = importance(reference, some).sets().get(0);
      for (int order = 0; order <= 3; order++) {
        int last = order;
        double expected =
            lossOfPaths(
                reference, path -> path.order() <= last && some.heads().containsAll(path.heads()));
        assertThat(set.lossAlone(order).mean()).isCloseTo(expected, within(1e-10));
      }
    }

    @Test
    void aloneAreAPatternPreservingAblationOfAllOthers() {
      HeadSetImportance set = importance(reference, some).sets().get(0);
      assertThat(set.lossAlone(3).mean())
          .isCloseTo(reference.run(reference.tokens, some.heads()::contains).loss(), within(1e-9));
    }

    @Test
    void haveTheLossesOfTheirPathsOnTopOfAllOfLowerOrders() {
      HeadSetImportance set = importance(reference, some).sets().get(0);
      for (int order = 1; order <= 3; order++) {
        int last = order;
        double expected =
            lossOfPaths(
                reference,
                path ->
                    path.order() < last
                        || path.order() == last && some.heads().containsAll(path.heads()));
        assertThat(set.lossOnTop(order).mean()).isCloseTo(expected, within(1e-10));
      }
    }

    @Test
    void countTheirPaths() {
      assertThat(List.of(some.paths(0), some.paths(1), some.paths(2), some.paths(3), some.paths(4)))
          .isEqualTo(List.of(1, 4, 5, 2, 0).stream().map(BigInteger::valueOf).toList());
    }

    @Test
    void thatGrowDivideWhatAnOrderTakesOffIntoSteps() {
      TransformerConfig config = reference.model.config();
      TermImportance importance =
          TermImportance.of(
              FrozenRuns.of(reference.model, new int[][] {reference.tokens}),
              HeadSet.growing(config));
      List<ImportanceStep> steps = importance.steps(1);
      assertThat(steps.stream().map(ImportanceStep::name))
          .containsExactly("layer 0", "layers 0-1", "the others");
      assertThat(steps.stream().map(ImportanceStep::terms)).containsOnly(BigInteger.valueOf(3));
      assertThat(steps.stream().mapToDouble(s -> s.reduction().mean()).sum())
          .isCloseTo(importance.reduction(1).mean(), within(1e-12));
      assertThat(steps.get(1).loss().mean())
          .isCloseTo(
              lossOfPaths(
                  reference, p -> p.order() == 0 || p.order() == 1 && p.heads().get(0).layer() < 2),
              within(1e-10));
      assertThat(importance.steps(2).stream().map(ImportanceStep::name))
          .containsExactly("layers 0-1", "the others");
      assertThat(importance.steps(3).stream().map(ImportanceStep::name))
          .containsExactly("all heads");
    }

    @Test
    void thatDoNotGrowAreEachOnTopOfTheLowerOrders() {
      HeadSet a = HeadSet.of("a", new Head(0, 0));
      HeadSet b = HeadSet.of("b", new Head(1, 1));
      TermImportance importance = importance(reference, a, b);
      double lower = importance.loss(0).mean();
      List<ImportanceStep> steps = importance.steps(1);
      for (int i = 0; i < 2; i++) {
        assertThat(steps.get(i).reduction().mean())
            .isCloseTo(lower - importance.sets().get(i).lossOnTop(1).mean(), within(1e-12));
      }
    }
  }

  @Nested
  class TheResult {

    @Test
    void printsARowForEachOrderAndStep() {
      FrozenReference reference = model(2);
      String text =
          TermImportance.of(
                  FrozenRuns.of(reference.model, new int[][] {reference.tokens})
                      .describedAs("test tokens"),
                  HeadSet.growing(reference.model.config()))
              .toString();
      assertThat(text.lines().map(line -> line.strip().split(" +")[0]))
          .containsExactly("order", "uniform", "0", "1", "layer", "the", "2", "1");
      assertThat(text).contains("test tokens");
    }

    @Test
    void goesToJson() {
      var json = importance(model(2), HeadSet.of("one", new Head(0, 0))).toJson();
      assertThat(json.getAsJsonArray("orders")).hasSize(3);
      assertThat(json.getAsJsonArray("head_sets")).hasSize(1);
      assertThat(json.get("uniform_loss").getAsDouble()).isEqualTo(Math.log(11));
    }

    @Test
    void saysThatMlpsCountToTheDirectPath() {
      TransformerConfig config =
          TestModels.family().filter(c -> c.mlp().isPresent()).findFirst().orElseThrow();
      assertThat(importance(FrozenReference.of(config)).toString())
          .contains("MLP outputs as in the run count to the direct path");
    }

    @Test
    void hasNoOrdersBeyondTheLayers() {
      TermImportance importance = importance(model(1));
      assertThatThrownBy(() -> importance.loss(2)).hasMessage("terms have orders 0 to 1, was 2");
      assertThatThrownBy(() -> importance.steps(0)).hasMessageContaining("direct path");
    }

    @Test
    void needsTokensToPredict() {
      ReferenceTransformer one = model(1).model;
      assertThatThrownBy(() -> TermImportance.of(FrozenRuns.of(one, new int[][] {{1}}), List.of()))
          .hasMessageContaining("at least 2 tokens");
    }
  }

  @Test
  void onAHandBuiltInductionModelSingleHeadsDoTheWork() {
    InductionByHand byHand = new InductionByHand(7, 12);
    int[] tokens = {0, 3, 5, 1, 6, 2, 3, 5, 1, 6, 2, 3};
    TermImportance importance =
        TermImportance.of(FrozenRuns.of(byHand.model(), new int[][] {tokens}), List.of());
    assertThat(importance.reduction(1).mean()).isGreaterThan(0.3);
    assertThat(importance.reduction(2).mean()).isCloseTo(0, within(1e-9));
  }
}
