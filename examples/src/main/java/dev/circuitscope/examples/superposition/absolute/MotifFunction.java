package dev.circuitscope.examples.superposition.absolute;

import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.core.plot.Series;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.computation.AsymmetricMotif;
import dev.circuitscope.toymodels.superposition.ToyModel;
import java.util.List;

/**
 * What a model with the motif makes of its two features, with and without the neurons that inhibit
 * the weak one's output.
 *
 * @param motif in the model
 * @param w1 W1 [neurons][features]
 * @param w2 W2 [features][neurons]
 * @param bias b
 */
record MotifFunction(AsymmetricMotif motif, double[][] w1, double[][] w2, double[] bias) {

  private static final int POINTS = 201;
  private static final int STRONG = 0;
  private static final int WEAK = 1;

  static MotifFunction of(AbsoluteResult.Found found) {
    ToyModel model = found.run().model();
    return new MotifFunction(
        found.motif(),
        ToyNumbers.matrix(model.weights()),
        ToyNumbers.matrix(model.decoder()),
        ToyNumbers.doubles(model.bias()));
  }

  /** W1 of the shared neuron and a feature. */
  double read(int feature) {
    return w1[motif.neuron()][feature];
  }

  /** W2 of the shared neuron and a feature. */
  double written(int feature) {
    return w2[feature][motif.neuron()];
  }

  /** The weak feature's output while the strong one alone is at the end that makes it fire. */
  double disturbed(boolean inhibited) {
    double x = Math.signum(read(motif.strong()));
    return output(motif.weak(), motif.strong(), x, inhibited ? List.of() : motif.inhibitors());
  }

  /** y'_output while x_active = x and all other features are 0, without some neurons. */
  double output(int output, int active, double x, List<Integer> without) {
    double z = bias[output];
    for (int k = 0; k < w1.length; k++) {
      if (!without.contains(k)) {
        z += w2[output][k] * Math.max(0, w1[k][active] * x);
      }
    }
    return Math.max(0, z);
  }

  Figure figure() {
    String strong = "y′ of %d, strong".formatted(motif.strong());
    String weak = "y′ of %d, weak".formatted(motif.weak());
    Figure left =
        new LinePlot("Only the strong feature is active")
            .x("x of feature " + motif.strong())
            .y("output")
            .add(series(strong, motif.strong(), motif.strong(), List.of()).withColor(STRONG))
            .add(series(weak, motif.weak(), motif.strong(), List.of()).withColor(WEAK))
            .add(
                series(weak + ", no inhibitors", motif.weak(), motif.strong(), motif.inhibitors())
                    .withColor(WEAK)
                    .withDashes())
            .figure();
    Figure right =
        new LinePlot("Only the weak feature is active")
            .x("x of feature " + motif.weak())
            .y("output")
            .add(series(strong, motif.strong(), motif.weak(), List.of()).withColor(STRONG))
            .add(series(weak, motif.weak(), motif.weak(), List.of()).withColor(WEAK))
            .figure();
    return Figure.grid(2, left, right).titled("The asymmetric motif at work");
  }

  private Series series(String name, int output, int active, List<Integer> without) {
    double[] x = new double[POINTS];
    double[] y = new double[POINTS];
    for (int s = 0; s < POINTS; s++) {
      x[s] = -1 + 2.0 * s / (POINTS - 1);
      y[s] = output(output, active, x[s], without);
    }
    return Series.of(name, x, y);
  }
}
