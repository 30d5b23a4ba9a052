package dev.circuitscope.toymodels.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TheoreticalPhasesTest {

  private static final List<Double> PS = ToyConfig.logSpaced(1, 0.01, 20);
  private static final List<Double> RS = ToyConfig.logSpaced(0.1, 10, 20);

  @Nested
  class EveryCandidate {

    @ParameterizedTest(name = "{0} features, p = {1}, r = {2}")
    @CsvSource({
      "2, 1, 1",
      "2, 0.3, 0.2",
      "2, 0.05, 7",
      "3, 1, 0.5",
      "3, 0.2, 3",
      "3, 0.04, 1",
    })
    void losesWhatItsFormulaSaysExactlyAndInMonteCarlo(int features, double p, double r) {
      for (CandidateSolution candidate : CandidateSolution.of(features, p, r)) {
        assertThat(SparsityExpansion.exact(candidate.model()).total(p))
            .as(candidate.name())
            .isCloseTo(candidate.loss(), within(1e-14));
        MonteCarlo.Sampled sampled = MonteCarlo.sampled(candidate.model(), p, 400_000, 11);
        assertThat(sampled.mean())
            .as(candidate.name())
            .isCloseTo(candidate.loss(), within(4 * sampled.error()));
        if (p >= 0.2) {
          // Two features are rarely active together below: too few samples for a percentage.
          assertThat(sampled.mean())
              .as(candidate.name())
              .isCloseTo(candidate.loss(), Percentage.withPercentage(1.5));
        }
      }
    }

    @ParameterizedTest(name = "{0} features")
    @CsvSource({"2, 3", "3, 4"})
    void hasTheOutcomeThatItsWeightsShow(int features, int count) {
      List<CandidateSolution> candidates = CandidateSolution.of(features, 0.2, 2);
      assertThat(candidates).hasSize(count);
      for (CandidateSolution candidate : candidates) {
        assertThat(LastFeature.of(Geometry.of(candidate.model().weights())))
            .as(candidate.name())
            .isEqualTo(candidate.outcome());
      }
    }
  }

  @Nested
  class TheDiagram {

    private final TheoreticalPhases two = TheoreticalPhases.of(2, PS, RS);
    private final TheoreticalPhases three = TheoreticalPhases.of(3, PS, RS);

    @Test
    void ofDenseFeaturesIsSplitWhereTheImportancesAreEqual() {
      for (int column = 0; column < 20; column++) {
        LastFeature expected = RS.get(column) < 1 ? LastFeature.NOT_LEARNED : LastFeature.DEDICATED;
        assertThat(two.outcome(0, column)).isEqualTo(expected);
        assertThat(three.outcome(0, column)).isEqualTo(expected);
      }
    }

    @Test
    void ofTwoFeaturesHasTheBoundaryThatOneSolvesFor() {
      // At r = 1: p^2 / 3 < p / 3 - p^2 / 4 if p < 4/7.
      List<Double> ps = List.of(0.5715, 0.5714);
      TheoreticalPhases fine = TheoreticalPhases.of(2, ps, List.of(1.0));
      assertThat(fine.outcome(0, 0)).isEqualTo(LastFeature.NOT_LEARNED);
      assertThat(fine.outcome(1, 0)).isEqualTo(LastFeature.SUPERPOSITION);
      assertThat(fine.margins()[0][0]).isCloseTo(0, within(1e-3));
    }

    @Test
    void ofThreeFeaturesPairsTheOthersWhenTheLastIsImportant() {
      // (1 + r) p^2 / 6 > p^2 / 3 for r > 1, and both are less than what ignoring one costs.
      assertThat(three.outcome(10, 19)).isEqualTo(LastFeature.DEDICATED);
      assertThat(three.outcome(19, 9)).isEqualTo(LastFeature.SUPERPOSITION);
      assertThat(three.outcome(19, 19)).isEqualTo(LastFeature.DEDICATED);
      assertThat(two.outcome(19, 19)).isEqualTo(LastFeature.SUPERPOSITION);
    }

    @Test
    void isTheArgMinOfTheLossesWrittenOutByHand() {
      for (int row = 0; row < 20; row++) {
        for (int column = 0; column < 20; column++) {
          double p = PS.get(row);
          double r = RS.get(column);
          double v = p / 3 - p * p / 4;
          double pair = (1 + r) * p * p / 6;
          double least = Math.min(pair, Math.min(v, r * v));
          LastFeature expected =
              least == pair
                  ? LastFeature.SUPERPOSITION
                  : least == v ? LastFeature.DEDICATED : LastFeature.NOT_LEARNED;
          assertThat(two.outcome(row, column)).isEqualTo(expected);
          assertThat(two.margins()[row][column]).isBetween(0.0, 1.0);
        }
      }
    }

    @Test
    void isComparedAwayFromItsBoundaries() {
      assertThat(two.agreement(two.outcomes())).isEqualTo(1);
      List<List<LastFeature>> wrongOnBoundaries = new ArrayList<>();
      int inside = 0;
      for (int row = 0; row < 20; row++) {
        List<LastFeature> found = new ArrayList<>();
        for (int column = 0; column < 20; column++) {
          LastFeature right = two.outcome(row, column);
          LastFeature wrong = LastFeature.values()[(right.ordinal() + 1) % 3];
          found.add(two.onBoundary(row, column) ? wrong : right);
          inside += two.onBoundary(row, column) ? 0 : 1;
        }
        wrongOnBoundaries.add(found);
      }
      assertThat(inside).isBetween(250, 399);
      assertThat(two.agreement(wrongOnBoundaries)).isEqualTo(1);
      wrongOnBoundaries.get(19).set(10, LastFeature.NOT_LEARNED);
      assertThat(two.agreement(wrongOnBoundaries)).isCloseTo(1 - 1.0 / inside, within(1e-12));
    }

    @Test
    void printsALinePerProbabilityAndGoesToJson() {
      assertThat(two.toString()).contains("SSSS", "DDDD", "....").hasLineCount(21);
      assertThat(three.toJson().toString()).contains("\"hidden\":2", "SUPERPOSITION", "version");
    }
  }

  @ParameterizedTest(name = "{0} features")
  @CsvSource({"2, 9", "3, 6"})
  void fixedCandidatesHaveTheOutcomesOfExactMinimaAwayFromBoundaries(int features, int cells) {
    List<Double> ps = ToyConfig.logSpaced(1, 0.01, cells);
    List<Double> rs = ToyConfig.logSpaced(0.15, 8, cells);
    TheoreticalPhases fixed = TheoreticalPhases.of(features, ps, rs);
    TheoreticalPhases minima = TheoreticalPhases.ofMinima(features, ps, rs);
    assertThat(fixed.agreement(minima.outcomes())).isEqualTo(1);
  }

  @Test
  void theOutcomeOfWeightsIsToldByNormAndSharedDirection() {
    assertThat(LastFeature.of(Geometry.of(new double[][] {{1, 0.3}})))
        .isEqualTo(LastFeature.NOT_LEARNED);
    assertThat(LastFeature.of(Geometry.of(new double[][] {{0.1, 0.9}})))
        .isEqualTo(LastFeature.DEDICATED);
    assertThat(LastFeature.of(Geometry.of(new double[][] {{-0.9, 0.9}})))
        .isEqualTo(LastFeature.SUPERPOSITION);
  }

  @Test
  void argumentsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> TheoreticalPhases.of(4, PS, RS)).hasMessageContaining("4 features");
    assertThatThrownBy(() -> TheoreticalPhases.of(2, List.of(), RS))
        .hasMessageContaining("at least one");
    assertThatThrownBy(() -> CandidateSolution.of(2, 0, 1)).hasMessageContaining("p = 0.0");
    assertThatThrownBy(() -> TheoreticalPhases.of(2, PS, RS).agreement(List.of()))
        .hasMessageContaining("20 rows");
    assertThatThrownBy(() -> PhaseLosses.ignored(2, 1)).hasMessageContaining("2.0");
  }
}
