package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How much of what an earlier head writes a later head reads (A Mathematical Framework for
 * Transformer Circuits, section "Composition Scores"): ||W_OV^1 W^2|| / (||W_OV^1|| ||W^2||) with
 * Frobenius norms, where W^2 is what the later head reads with.
 *
 * <p>No random baseline is subtracted: two random matrices have a score well above 0, about 1 /
 * sqrt(d_model).
 *
 * <pre>{@code
 * double k = Composition.K.score(earlier, later);      // HeadCircuits
 * double[][][][] all = Composition.K.scores(model);    // [layer][head][later layer][later head]
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
    return Reduced.of(earlier.ov()).composed(Reduced.of(read(later)));
  }

  /**
   * The scores of all pairs of heads.
   *
   * @param model to measure
   * @return [layer][head][later layer][later head]; 0 where the second is not in a later layer
   */
  public double[][][][] scores(Transformer model) {
    int layers = model.config().nLayers();
    int heads = model.config().nHeads();
    List<Reduced> writes = new ArrayList<>();
    List<Reduced> reads = new ArrayList<>();
    for (List<HeadCircuit> layer : HeadCircuit.all(model)) {
      for (HeadCircuit head : layer) {
        writes.add(Reduced.of(head.ov()));
        reads.add(Reduced.of(read(head)));
      }
    }
    double[][][][] scores = new double[layers][heads][layers][heads];
    Parallel.forEach(
        layers * heads,
        first -> {
          int layer = first / heads;
          for (int second = (layer + 1) * heads; second < layers * heads; second++) {
            scores[layer][first % heads][second / heads][second % heads] =
                writes.get(first).composed(reads.get(second));
          }
        });
    return scores;
  }

  private FactoredMatrix read(HeadCircuit later) {
    return switch (this) {
      case Q -> later.qk();
      case K -> later.qk().transpose();
      case V -> later.ov();
    };
  }

  /** A B with R_A and R_B, so that ||A B C D|| = ||R_A (B C) R_D^T|| needs only small products. */
  private record Reduced(
      FactoredMatrix matrix, INDArray leftTriangle, INDArray rightTriangle, double norm) {

    static Reduced of(FactoredMatrix m) {
      INDArray left = Lapack.triangular(m.a());
      INDArray right = Lapack.triangular(m.b().transpose()).transpose();
      return new Reduced(m, left, right, left.mmul(right).norm2Number().doubleValue());
    }

    double composed(Reduced later) {
      INDArray core =
          leftTriangle.mmul(matrix.b().mmul(later.matrix.a())).mmul(later.rightTriangle);
      double norms = norm * later.norm;
      return norms == 0 ? 0 : core.norm2Number().doubleValue() / norms;
    }
  }
}
