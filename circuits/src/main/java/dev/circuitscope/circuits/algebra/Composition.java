package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.Head;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How much of what an earlier head writes a later head reads (A Mathematical Framework for
 * Transformer Circuits, section "Composition Scores"): ||W_OV^1 W^2|| / (||W_OV^1|| ||W^2||) with
 * Frobenius norms, where W^2 is what the later head reads with.
 *
 * <p>These are raw numbers: two random heads have about 1 / sqrt(d_model). {@link
 * CompositionScores} says how far above that they are. Smeared keys mix positions, not directions:
 * whatever their shares, K-composition is the same.
 *
 * <pre>{@code
 * Circuits circuits = Circuits.of(model);
 * double k = Composition.K.score(circuits.head(new Head(0, 2)), circuits.head(new Head(1, 4)));
 * double[][][][] all = Composition.K.scores(circuits);    // [layer][head][later layer][later head]
 * }</pre>
 */
public enum Composition {
  /** With the query side of the later head: W^2 = W_QK. */
  Q,
  /** With the key side of the later head: W^2 = W_QK^T. */
  K,
  /** With the value side of the later head: W^2 = W_OV. */
  V;

  /**
   * The score of two heads.
   *
   * @param earlier head, whose output is read
   * @param later head, in a later layer of the same model
   * @return from 0 to 1; 0 if one of the circuits is 0
   */
  public double score(HeadCircuit earlier, HeadCircuit later) {
    return score(earlier.ov(), read(later));
  }

  /**
   * The scores of all pairs of heads.
   *
   * @param circuits of the model
   * @return [layer][head][later layer][later head]; 0 where the second is not in a later layer
   */
  public double[][][][] scores(Circuits circuits) {
    int layers = circuits.model().config().nLayers();
    int heads = circuits.model().config().nHeads();
    INDArray[] writes = new INDArray[layers];
    INDArray[] reads = new INDArray[layers];
    double[][] writeNorms = new double[layers][heads];
    double[][] readNorms = new double[layers][heads];
    Blas.singleThreaded();
    Parallel.forEach(
        layers,
        layer -> {
          INDArray[] from = new INDArray[heads];
          INDArray[] to = new INDArray[heads];
          for (int h = 0; h < heads; h++) {
            HeadCircuit head = circuits.head(new Head(layer, h));
            from[h] = reducedLeft(head.ov());
            to[h] = reducedRight(read(head));
            writeNorms[layer][h] = norm(from[h]);
            readNorms[layer][h] = norm(to[h]);
          }
          writes[layer] = Nd4j.vstack(from);
          reads[layer] = Nd4j.hstack(to);
        });
    double[][][][] scores = new double[layers][heads][layers][heads];
    Parallel.forEach(
        layers * layers,
        pair -> {
          int layer = pair / layers;
          int later = pair % layers;
          if (layer < later) {
            double[][] norms = blockNorms(writes[layer].mmul(reads[later]), heads);
            for (int i = 0; i < heads; i++) {
              for (int j = 0; j < heads; j++) {
                scores[layer][i][later][j] =
                    ratio(norms[i][j], writeNorms[layer][i] * readNorms[later][j]);
              }
            }
          }
        });
    return scores;
  }

  /** ||A B|| / (||A|| ||B||) of any two circuits. */
  static double score(FactoredMatrix write, FactoredMatrix read) {
    INDArray from = reducedLeft(write);
    INDArray to = reducedRight(read);
    return ratio(norm(from.mmul(to)), norm(from) * norm(to));
  }

  private FactoredMatrix read(HeadCircuit later) {
    return switch (this) {
      case Q -> later.qk();
      case K -> later.qk().transpose();
      case V -> later.ov();
    };
  }

  /** R_A B with A = Q_A R_A: [inner, columns], and ||A B X|| = ||R_A B X|| for every X. */
  private static INDArray reducedLeft(FactoredMatrix m) {
    return Lapack.triangular(m.a()).mmul(m.b());
  }

  /** A R_B^T with B^T = Q_B R_B: [rows, inner], and ||X A B|| = ||X A R_B^T|| for every X. */
  private static INDArray reducedRight(FactoredMatrix m) {
    return m.a().mmul(Lapack.triangular(m.b().transpose()).transpose());
  }

  /** The norms of the blocks that a matrix is cut into, as many across as down. */
  private static double[][] blockNorms(INDArray matrix, int blocks) {
    int height = (int) matrix.size(0) / blocks;
    int width = (int) matrix.size(1) / blocks;
    double[] values = Doubles.toArray(matrix);
    double[][] squares = new double[blocks][blocks];
    for (int row = 0; row < blocks * height; row++) {
      for (int block = 0; block < blocks; block++) {
        int at = (row * blocks + block) * width;
        double sum = 0;
        for (int i = at; i < at + width; i++) {
          sum += values[i] * values[i];
        }
        squares[row / height][block] += sum;
      }
    }
    return Arrays.stream(squares)
        .map(row -> Arrays.stream(row).map(Math::sqrt).toArray())
        .toArray(double[][]::new);
  }

  private static double ratio(double product, double norms) {
    return norms == 0 ? 0 : product / norms;
  }

  private static double norm(INDArray m) {
    return m.norm2Number().doubleValue();
  }
}
