package dev.circuitscope.examples.superposition.privileged;

import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.Arrays;
import java.util.List;

/**
 * Models whose hidden units are neurons, over sparsities.
 *
 * @param recipe what was trained
 * @param seed of weights and data
 * @param results the models
 */
public record PrivilegedResult(PrivilegedRecipe recipe, long seed, ToyResults results) {

  /** A neuron of fewer effective features holds one alone. */
  static final double MONOSEMANTIC = 1.5;

  /** The best restart of every feature probability. */
  List<ToyRun> best() {
    return results.best();
  }

  ToyRun densest() {
    return best().get(0);
  }

  ToyRun sparsest() {
    return best().get(best().size() - 1);
  }

  /**
   * The number of effective features of each neuron, of those that make it fire: a negative weight
   * keeps a neuron silent and stores nothing.
   */
  static double[] features(ToyRun run) {
    return Geometry.of(positive(run)).neurons().effectiveFeatures();
  }

  /** The weights of the features that make each neuron fire, 0 for the others. */
  static double[][] positive(ToyRun run) {
    double[][] w = ToyNumbers.matrix(run.model().weights());
    for (double[] row : w) {
      Arrays.setAll(row, i -> Math.max(0, row[i]));
    }
    return w;
  }

  /** 0 for a neuron of one feature, 1 for one of several. */
  static int[] kinds(ToyRun run) {
    return Arrays.stream(features(run))
        .mapToInt(features -> features > 0 && features < MONOSEMANTIC ? 0 : 1)
        .toArray();
  }

  static int monosemantic(ToyRun run) {
    return (int) Arrays.stream(kinds(run)).filter(kind -> kind == 0).count();
  }

  /** The mean over neurons of effective features. */
  static double featuresPerNeuron(ToyRun run) {
    return Arrays.stream(features(run)).average().orElse(0);
  }

  /** {@link #featuresPerNeuron} at every sparsity. */
  double[] featuresPerNeuron() {
    return best().stream().mapToDouble(PrivilegedResult::featuresPerNeuron).toArray();
  }

  /** 1/p at every sparsity. */
  double[] sparsity() {
    return best().stream().mapToDouble(run -> 1 / run.featureProbability()).toArray();
  }
}
