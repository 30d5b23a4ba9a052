package dev.circuitscope.examples.superposition.absolute;

import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.computation.AbsoluteValueNeurons;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A model's neurons in the order in which figures show them: by the feature that they read most,
 * those of its positive sign first.
 *
 * @param w1 W1 [neurons][features]
 * @param w2 W2 [features][neurons]
 * @param neurons their numbers in the model
 */
record NeuronOrder(double[][] w1, double[][] w2, int[] neurons) {

  static NeuronOrder of(ToyRun run) {
    double[][] w1 = ToyNumbers.matrix(run.model().weights());
    int[] most = run.geometry().neurons().dominant();
    int[] order =
        IntStream.range(0, w1.length)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(k -> most[k])
                    .thenComparingDouble(k -> most[k] < 0 ? 0 : -w1[k][most[k]]))
            .mapToInt(Integer::intValue)
            .toArray();
    return new NeuronOrder(w1, ToyNumbers.matrix(run.model().decoder()), order);
  }

  /** What each neuron reads: rows of W1. */
  double[][] reading() {
    double[][] rows = new double[neurons.length][];
    for (int at = 0; at < neurons.length; at++) {
      rows[at] = w1[neurons[at]];
    }
    return rows;
  }

  /** What each neuron writes: columns of W2. */
  double[][] writing() {
    double[][] columns = new double[neurons.length][w2.length];
    for (int at = 0; at < neurons.length; at++) {
      for (int i = 0; i < w2.length; i++) {
        columns[at][i] = w2[i][neurons[at]];
      }
    }
    return columns;
  }

  /** 0 for a neuron that serves one feature, 1 for one that serves several or none. */
  int[] kinds(AbsoluteValueNeurons of) {
    int[] kinds = new int[neurons.length];
    for (int at = 0; at < neurons.length; at++) {
      kinds[at] = of.neurons().get(neurons[at]).purity() > AbsoluteResult.MONOSEMANTIC ? 0 : 1;
    }
    return kinds;
  }
}
