package dev.circuitscope.examples.superposition.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Scale;
import dev.circuitscope.examples.superposition.structure.PolygonCell.Shape;
import dev.circuitscope.toymodels.superposition.AnticorrelatedSets;
import dev.circuitscope.toymodels.superposition.CorrelatedSets;
import dev.circuitscope.toymodels.superposition.FeatureDistribution;
import dev.circuitscope.toymodels.superposition.LossHistory;
import dev.circuitscope.toymodels.superposition.ToyActivation;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyModel;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("The study of structured features")
class StructureTest {

  private static final double P = 0.05;

  private static float[][] circle(double... degrees) {
    float[][] w = new float[2][degrees.length];
    for (int i = 0; i < degrees.length; i++) {
      w[0][i] = (float) Math.cos(Math.toRadians(degrees[i]));
      w[1][i] = (float) Math.sin(Math.toRadians(degrees[i]));
    }
    return w;
  }

  private static ToyResults results(
      FeatureDistribution distribution, List<Double> probabilities, float[][]... weights) {
    ToyConfig config =
        ToyConfig.builder(weights[0][0].length, weights[0].length)
            .distribution(distribution)
            .featureProbabilities(probabilities)
            .restarts(weights.length / probabilities.size())
            .steps(0)
            .build();
    List<ToyRun> runs = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      ToyModel model =
          ToyModel.of(weights[i], new float[config.features()], ToyActivation.RELU_OUTPUT);
      LossHistory nothing = new LossHistory(List.of(), List.of());
      double p = config.featureProbability(i);
      int restart = i / probabilities.size();
      runs.add(new ToyRun(i, p, restart, model, 0, nothing, List.of()));
    }
    return new ToyResults(config, "test", runs);
  }

  /** Two bases of ten dimensions: e_k, and their Hadamard-like mixtures in pairs. */
  private static float[][] bases(boolean local) {
    float[][] w = new float[10][20];
    float half = (float) Math.sqrt(0.5);
    for (int k = 0; k < 10; k++) {
      w[k][local ? k : 2 * k] = 1;
      int partner = k % 2 == 0 ? k + 1 : k - 1;
      w[k][local ? 10 + k : 2 * k + 1] = k % 2 == 0 ? half : -half;
      w[partner][local ? 10 + k : 2 * k + 1] = half;
    }
    return w;
  }

  private static PolygonCell polygon(double factor, float[][] w) {
    return PolygonCell.of(factor, P, results(PolygonCell.distribution(factor, P), List.of(1.0), w));
  }

  private static final float[][] PENTAGON = circle(0, 66, 141, 219, 294);
  private static final float[][] DIGONS = {{0, 1, -1, 0, 0}, {0, 0, 0, 1, -1}};

  private static StructureResult result(
      float[][] correlated, float[][] anticorrelated, float[][] sparse, float[][] dense) {
    StructureRecipe recipe =
        new StructureRecipe(0, 1, 1, 1, 1, P, List.of(P, 0.8), List.of(P), P, List.of(0.1, 1.0));
    return new StructureResult(
        recipe,
        results(new CorrelatedSets(2), List.of(P), correlated),
        results(new AnticorrelatedSets(2), List.of(P), anticorrelated),
        results(new CorrelatedSets(2), List.of(P, 0.8), sparse, dense),
        results(new CorrelatedSets(10), List.of(P), bases(true)),
        List.of(polygon(0.1, DIGONS), polygon(1, PENTAGON)),
        new PolygonBranches(List.of(0.1, 1.0), List.of(3.0, 1.0), List.of(1.0, 3.0)),
        0);
  }

  private static final StructureResult FOUND =
      result(
          circle(0, 90, 180, 270),
          circle(0, 180, 90, 270),
          circle(0, 65, 120, 185, 240, 305),
          circle(0, 1, 120, 121, 240, 241));

  private static Claim claim(StructureResult result, String id) {
    return StructureClaims.of(result).stream()
        .filter(c -> c.id().equals("superposition.structure-" + id))
        .findFirst()
        .orElseThrow();
  }

  @Nested
  class Claims {

    @Test
    void holdForTheArrangementsOfThePaper() {
      assertThat(StructureClaims.of(FOUND)).allMatch(Claim::holds);
      assertThat(claim(FOUND, "anticorrelated").measured()).isCloseTo(-1, within(1e-6));
      assertThat(claim(FOUND, "collapsed").measured()).isEqualTo(3);
      assertThat(claim(FOUND, "deforms").measured()).isCloseTo(6, within(1e-3));
    }

    @Test
    void failWhereCorrelatedPairsAreAntipodalAndAnticorrelatedOnesOrthogonal() {
      StructureResult swapped =
          result(
              circle(0, 180, 90, 270),
              circle(0, 90, 180, 270),
              circle(0, 1, 120, 121, 240, 241),
              circle(0, 120, 65, 240, 185, 305));
      for (String id : List.of("correlated", "anticorrelated", "apart", "collapsed")) {
        assertThat(claim(swapped, id).holds()).as(id).isFalse();
      }
    }

    @Test
    void failWhereSetsAreMixed() {
      StructureResult mixed =
          new StructureResult(
              FOUND.recipe(),
              FOUND.correlated(),
              FOUND.anticorrelated(),
              results(
                  new CorrelatedSets(2),
                  List.of(P, 0.8),
                  circle(0, 120, 65, 240, 185, 305),
                  circle(0, 1, 120, 121, 240, 241)),
              results(new CorrelatedSets(10), List.of(P), bases(false)),
              List.of(polygon(0.1, PENTAGON), polygon(1, DIGONS)),
              FOUND.branches(),
              0);
      assertThat(claim(mixed, "side-by-side").holds()).isFalse();
      assertThat(claim(mixed, "local-bases").holds()).isFalse();
      assertThat(claim(mixed, "switch").measured()).isEqualTo(2);
    }
  }

  @Nested
  class Polygons {

    @Test
    void areNamedByWhatTheyStore() {
      assertThat(polygon(1, PENTAGON).shape()).isEqualTo(Shape.PENTAGON);
      assertThat(polygon(0.1, DIGONS).shape()).isEqualTo(Shape.DIGONS);
      float[][] another = {{1, 0, -1, 0, 0}, {0, 0, 0, 1, -1}};
      assertThat(polygon(0.1, another).shape()).isEqualTo(Shape.OTHER);
    }

    @Test
    void ofSeveralRestartsAreTheOneWithTheLowestExactLoss() {
      float[][] crowded = circle(0, 10, 20, 30, 40);
      ToyResults two = results(PolygonCell.distribution(1, P), List.of(1.0), crowded, DIGONS);
      PolygonCell cell = PolygonCell.of(1, P, two);
      assertThat(cell.best().restart()).isEqualTo(1);
      // Each pair errs by p^2 / 3 in all, and what is left out by p / 3.
      assertThat(cell.loss()).isCloseTo((2 * P * P / 3 + P / 3) / 5, within(1e-9));
    }

    @Test
    void changeOverWhereTheExactLossesOfBothSolutionsCross() {
      PolygonBranches branches = PolygonBranches.follow(0.1, 2, P);
      double crossing = branches.crossing();
      assertThat(crossing).isBetween(0.25, 0.29);
      int last = branches.factors().size() - 1;
      assertThat(branches.pentagon().get(last)).isLessThan(branches.digons().get(last));
      assertThat(branches.lowest(1.0)).isLessThan(branches.digons().get(last));
      assertThat(branches.lowest(0.01)).isNaN();
    }
  }

  @Test
  void closeRestartsAreMeasuredOnMoreSamples() {
    float[][] apart = circle(0, 65, 120, 185, 240, 305);
    float[][] mixed = circle(0, 120, 65, 240, 185, 305);
    ToyResults both = results(new CorrelatedSets(2), List.of(P), mixed, apart);
    ToyResults measured = CloseRestarts.measured(both);
    assertThat(measured.best(0).restart()).isEqualTo(1);
    assertThat(measured.runs()).allMatch(run -> run.finalLoss() > 0);
  }

  @Test
  void aTinyRunMakesAReport() {
    Structure study = new Structure(StructureRecipe.of(Scale.TINY), 3);
    StructureResult result = study.run(Progress.silent());
    List<Section> sections = study.sections(result);
    assertThat(sections).hasSize(3);
    assertThat(sections.stream().flatMap(s -> s.figures().stream())).hasSize(7);
    sections.stream()
        .flatMap(section -> section.figures().stream())
        .forEach(figure -> assertThat(figure.figure().toSvg()).isNotEmpty());
    assertThat(study.claims(result)).hasSize(10);
    assertThat(study.findings(result)).hasSize(1);
    assertThat(study.recipe(result)).hasSize(2);
    assertThat(study.json(result).get("polygons").getAsJsonArray()).hasSize(2);
  }
}
