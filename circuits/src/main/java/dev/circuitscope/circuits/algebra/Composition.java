package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.Head;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How much of what an earlier head writes a later head reads (A Mathematical Framework for
 * Transformer Circuits, section "Composition Scores"): ||W_OV^1 W^2|| / (||W_OV^1|| ||W^2||) with
 * Frobenius norms, where W^2 is what the later head reads with.
 *
 * <p>These are raw numbers: two random heads have about 1 / sqrt(d_model). {@link
 * CompositionScores} says how far above that they are.
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
    List<Head> all = circuits.heads();
    Blas.singleThreaded();
    INDArray[] writes = new INDArray[all.size()];
    INDArray[] reads = new INDArray[all.size()];
    Parallel.forEach(
        all.size(),
        i -> {
          HeadCircuit head = circuits.head(all.get(i));
          writes[i] = reducedLeft(head.ov());
          reads[i] = reducedRight(read(head));
        });
    double[][][][] scores = new double[layers][heads][layers][heads];
    Parallel.forEach(
        layers * layers,
        pair -> {
          int layer = pair / layers;
          int later = pair % layers;
          if (layer < later) {
            INDArray[] from = slice(writes, layer, heads);
            INDArray[] to = slice(reads, later, heads);
            double[][] norms = blockNorms(from, to);
            for (int first = 0; first < heads; first++) {
              for (int second = 0; second < heads; second++) {
                scores[layer][first][later][second] =
                    ratio(norms[first][second], norm(from[first]) * norm(to[second]));
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

  /** ||from_i to_j|| for all i and j, through one product. */
  private static double[][] blockNorms(INDArray[] from, INDArray[] to) {
    int height = (int) from[0].size(0);
    int width = (int) to[0].size(1);
    double[] product = Doubles.toArray(Nd4j.vstack(from).mmul(Nd4j.hstack(to)));
    double[][] norms = new double[from.length][to.length];
    for (int row = 0; row < from.length * height; row++) {
      for (int second = 0; second < to.length; second++) {
        int at = (row * to.length + second) * width;
        double squares = 0;
        for (int i = at; i < at + width; i++) {
          squares += product[i] * product[i];
        }
        norms[row / height][second] += squares;
      }
    }
    for (double[] row : norms) {
      for (int second = 0; second < to.length; second++) {
        row[second] = Math.sqrt(row[second]);
      }
    }
    return norms;
  }

  private static INDArray[] slice(INDArray[] all, int layer, int heads) {
    return Arrays.copyOfRange(all, layer * heads, (layer + 1) * heads);
  }

  private static double ratio(double product, double norms) {
    return norms == 0 ? 0 : product / norms;
  }

  private static double norm(INDArray m) {
    return m.norm2Number().doubleValue();
  }
}
