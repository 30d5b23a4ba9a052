package dev.circuitscope.examples.superposition.phases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.sweep.Axis;
import dev.circuitscope.core.sweep.Cell;
import dev.circuitscope.core.sweep.Grid;
import dev.circuitscope.core.sweep.Sweep;
import dev.circuitscope.core.train.ProgressDisplay;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.reproduction.Outcome;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Scale;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.theory.LastFeature;
import dev.circuitscope.toymodels.theory.TheoreticalPhases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The study of phase diagrams")
class PhasesTest {

  private static final PhasesRecipe RECIPE = PhasesRecipe.of(Scale.STANDARD);
  private static final Axis<Double> P = new Axis<>("p", RECIPE.probabilities());
  private static final Axis<Double> R = new Axis<>("importance", RECIPE.importances());

  private static List<Claim> claims(int features, Function<LastFeature, LastFeature> trained)
      throws IOException {
    TheoreticalPhases theory = TheoreticalPhases.of(features, P.values(), R.values());
    Grid grid = Grid.product(P, R);
    var results =
        Sweep.of("by hand", grid, PhaseRow.class, cell -> row(theory, cell, trained))
            .progress(ProgressDisplay.OFF)
            .run();
    PhaseDiagram diagram = new PhaseDiagram(theory, results, 1);
    return new Phases(RECIPE, 7).claims(new PhasesResult(RECIPE, 7, List.of(diagram)));
  }

  private static PhaseRow row(
      TheoreticalPhases theory, Cell cell, Function<LastFeature, LastFeature> trained) {
    LastFeature outcome =
        theory.outcome(P.values().indexOf(cell.get(P)), R.values().indexOf(cell.get(R)));
    return new PhaseRow(trained.apply(outcome), 1, 0, 0.1, new float[1][1], new float[1]);
  }

  @Test
  @DisplayName("holds all its claims where training ends as the theory has it")
  void claimsHold() throws IOException {
    assertThat(claims(2, outcome -> outcome)).hasSize(4).allMatch(Claim::holds);
    assertThat(claims(3, outcome -> outcome))
        .allMatch(Claim::holds)
        .extracting(Claim::id)
        .containsExactly(
            "superposition.phases-n3-agreement",
            "superposition.phases-n3-outcomes",
            "superposition.phases-n3-dense",
            "superposition.phases-n3-sparse");
  }

  @Test
  @DisplayName("holds none of its claims where everything is in superposition or nothing is")
  void claimsFail() throws IOException {
    List<Claim> all = claims(3, outcome -> LastFeature.SUPERPOSITION);
    assertThat(all.subList(0, 3)).noneMatch(Claim::holds);
    List<Claim> none = claims(3, outcome -> LastFeature.NOT_LEARNED);
    assertThat(none.get(0).holds()).isFalse();
    assertThat(none.get(3).measured()).isZero();
  }

  @Test
  @DisplayName("runs in seconds at its tiny size, and shows and saves everything")
  void tiny(@TempDir Path directory) throws IOException {
    Phases phases = new Phases(PhasesRecipe.of(Scale.TINY), 3);
    Outcome outcome = Outcome.of(phases, Progress.silent());
    assertThat(outcome.claims()).hasSize(8).allMatch(claim -> claim.seed() == 3);
    List<ReportFigure> figures = new ArrayList<>();
    outcome.sections().forEach(section -> figures.addAll(section.figures()));
    assertThat(figures)
        .extracting(ReportFigure::name)
        .containsExactly("phases-n2", "phase-colors-n2", "phases-n3", "phase-colors-n3");
    figures.forEach(figure -> assertThat(figure.figure().toSvg()).contains("importance"));
    var diagrams = outcome.json().getAsJsonArray("diagrams");
    for (var losses : diagrams.get(0).getAsJsonObject().getAsJsonArray("losses")) {
      losses
          .getAsJsonArray()
          .forEach(loss -> assertThat(loss.getAsDouble()).isFinite().isPositive());
    }
    outcome.models().write(directory);
    assertThat(Json.read(directory.resolve("phases-n3.json")).get("cells").getAsJsonArray())
        .hasSize(16);
    assertThat(phases.claims(phases.run(Progress.silent()))).isEqualTo(outcome.claims());
  }

  @Test
  @DisplayName("goes over p from dense to sparse and over importances around 1")
  void axes() {
    assertThat(RECIPE.probabilities()).startsWith(1.0).endsWith(0.01).hasSize(20);
    assertThat(RECIPE.importances()).startsWith(0.1).endsWith(10.0).hasSize(20);
    assertThat(PhasesRecipe.of(Scale.FULL).training().steps())
        .isEqualTo(ToyConfig.builder(2, 1).build().steps());
  }
}
