package dev.circuitscope.spark;

import dev.circuitscope.core.sweep.Axis;
import dev.circuitscope.core.sweep.Cell;
import dev.circuitscope.core.sweep.Grid;
import dev.circuitscope.core.sweep.Sweep;
import dev.circuitscope.core.train.ProgressDisplay;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyRun;
import dev.circuitscope.toymodels.superposition.ToyTrainer;

/** Trainings of toy models, some of which fail. */
final class ToySweep {

  private static final Axis<Integer> N = Axis.of("n", 2, 5, -1);
  private static final Axis<Integer> M = Axis.of("m", 1, 2);
  private static final Axis<Double> P = Axis.of("p", 1.0, 0.1);
  private static final int STEPS = 50;

  record Row(double loss, float[][] weights, float[] bias) {}

  private ToySweep() {}

  static Sweep<Row> sweep() {
    return Sweep.of("toy models", Grid.product(N, M, P), Row.class, ToySweep::train)
        .setting("steps", STEPS)
        .progress(ProgressDisplay.OFF);
  }

  private static Row train(Cell cell) {
    ToyConfig config =
        ToyConfig.builder(cell.get(N), cell.get(M))
            .featureProbability(cell.get(P))
            .restarts(2)
            .steps(STEPS)
            .batch(256)
            .seed(cell.seed(7L))
            .build();
    ToyRun best = ToyTrainer.of(config).train().best(0);
    return new Row(best.finalLoss(), best.model().weights(), best.model().bias());
  }
}
