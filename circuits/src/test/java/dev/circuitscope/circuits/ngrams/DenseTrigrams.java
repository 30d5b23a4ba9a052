package dev.circuitscope.circuits.ngrams;

import dev.circuitscope.circuits.algebra.FactoredMatrix;
import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Circuits for tests, and the search through the whole cube. */
final class DenseTrigrams {

  private DenseTrigrams() {}

  static TrigramCircuit random(Head head, int tokens, int outs, int rank, long seed) {
    return TrigramCircuit.of(
        head,
        new FactoredMatrix(matrix(tokens, rank, seed), matrix(rank, tokens, seed + 1)),
        new FactoredMatrix(matrix(tokens, rank, seed + 2), matrix(rank, outs, seed + 3)));
  }

  static INDArray matrix(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return Nd4j.createFromArray(values).reshape('c', rows, columns);
  }

  /** Every triple above 0 that the filter accepts, the strongest first. */
  static List<SkipTrigram> all(
      TrigramCircuit circuit, TrigramFilter filter, TrigramStrength strength) {
    double[][] preferences = circuit.preferences().product().toDoubleMatrix();
    double[][] effects = circuit.effects().product().toDoubleMatrix();
    List<SkipTrigram> all = new ArrayList<>();
    for (int a = 0; a < circuit.tokens(); a++) {
      for (int b = 0; b < circuit.tokens(); b++) {
        for (int c = 0; c < circuit.outTokens(); c++) {
          double p = preferences[b][a];
          double e = effects[a][c];
          double s = strength.of(p, e);
          if (s > 0 && filter.accepts(a, b, c)) {
            all.add(new SkipTrigram(circuit.head(), a, b, c, p, e, s));
          }
        }
      }
    }
    all.sort(SkipTrigram.STRONGEST_FIRST);
    return all;
  }
}
