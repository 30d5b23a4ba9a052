package dev.circuitscope.examples.superposition.phases;

import dev.circuitscope.core.sweep.Axis;
import dev.circuitscope.core.sweep.Cell;
import dev.circuitscope.core.sweep.Grid;
import dev.circuitscope.core.sweep.Sweep;
import dev.circuitscope.core.sweep.SweepResults;
import dev.circuitscope.core.train.ProgressDisplay;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyModel;
import dev.circuitscope.toymodels.superposition.ToyRun;
import dev.circuitscope.toymodels.superposition.ToyTrainer;
import dev.circuitscope.toymodels.theory.AnalyticModel;
import dev.circuitscope.toymodels.theory.SparsityExpansion;
import dev.circuitscope.toymodels.theory.TheoreticalPhases;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;

/** Trains every cell of a phase diagram several times and keeps the best model. */
final class PhaseTraining {

  private PhaseTraining() {}

  static PhaseDiagram train(int features, PhasesRecipe recipe, long seed, Progress progress)
      throws IOException {
    Axis<Double> p = new Axis<>("p", recipe.probabilities());
    Axis<Double> importance = new Axis<>("importance", recipe.importances());
    Grid grid = Grid.product(p, importance);
    String task = "phase diagram, n = %d, m = %d".formatted(features, features - 1);
    long start = System.nanoTime();
    try (Progress.Bar bar = progress.start(task, grid.size(), "cells")) {
      SweepResults<PhaseRow> results =
          Sweep.of(
                  task,
                  grid,
                  PhaseRow.class,
                  cell -> best(config(features, recipe, cell, p, importance, seed)))
              .setting("features", features)
              .setting("restarts", recipe.restarts())
              .setting("training", recipe.training())
              .setting("seed", seed)
              .progress(ProgressDisplay.OFF)
              .listener((result, at) -> bar.update(at.finished(), ""))
              .run();
      double seconds = (System.nanoTime() - start) * 1e-9;
      return new PhaseDiagram(
          TheoreticalPhases.of(features, recipe.probabilities(), recipe.importances()),
          results,
          seconds);
    }
  }

  private static ToyConfig config(
      int features,
      PhasesRecipe recipe,
      Cell cell,
      Axis<Double> p,
      Axis<Double> importance,
      long seed) {
    float[] weights = new float[features];
    Arrays.fill(weights, 1);
    weights[features - 1] = (float) (double) cell.get(importance);
    return ToyConfig.builder(features, features - 1)
        .importance(weights)
        .featureProbability(cell.get(p))
        .restarts(recipe.restarts())
        .training(recipe.training())
        .seed(cell.seed(seed))
        .build();
  }

  /**
   * By the exact expected loss: where features are sparse, what tells the outcomes apart are the
   * samples with two features at once, and there are too few of them among held-out samples.
   */
  private static PhaseRow best(ToyConfig config) {
    return ToyTrainer.of(config).recordEvery(Math.max(1, config.steps())).train().runs().stream()
        .map(ToyRun::model)
        .map(model -> PhaseRow.of(model, loss(model, config)))
        .min(Comparator.comparingDouble(PhaseRow::loss))
        .orElseThrow();
  }

  private static double loss(ToyModel model, ToyConfig config) {
    AnalyticModel analytic = AnalyticModel.of(model, config.importance());
    return SparsityExpansion.exact(analytic).total(config.featureProbability(0));
  }
}
