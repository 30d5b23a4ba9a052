package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.model.Rotary;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What positions do to the queries and keys of a head, besides being added to them: both are linear
 * in the vectors, and so apply to each term of a sum.
 *
 * @param rotary of the model, if it rotates
 */
record KeyQueryPositions(Optional<Rotary> rotary) {

  /**
   * Turns each vector by its position.
   *
   * @param x [pos, d_head]; not modified
   * @return [pos, d_head]; x itself if the model does not rotate
   */
  INDArray rotate(INDArray x) {
    if (rotary.isEmpty()) {
      return x;
    }
    Rotary r = rotary.get();
    int width = (int) x.size(1);
    int pairs = r.dim() / 2;
    boolean halves = r.pairing() == Rotary.Pairing.HALVES;
    double[] from = elements(x);
    double[] to = from.clone();
    for (int t = 0; t < x.size(0); t++) {
      for (int i = 0; i < pairs; i++) {
        int real = t * width + (halves ? i : 2 * i);
        int imaginary = real + (halves ? pairs : 1);
        // (a + ib) exp(i t / base^(2 i / dim))
        double angle = t / Math.pow(r.base(), 2.0 * i / r.dim());
        to[real] = from[real] * Math.cos(angle) - from[imaginary] * Math.sin(angle);
        to[imaginary] = from[imaginary] * Math.cos(angle) + from[real] * Math.sin(angle);
      }
    }
    return array(to, x);
  }

  /**
   * Mixes each key but the first with the one before it.
   *
   * @param k [pos, d_head]; not modified
   * @param own sigmoid of the head's smear, the weight of the key itself
   * @return [pos, d_head]
   */
  static INDArray smear(INDArray k, double own) {
    int width = (int) k.size(1);
    double[] from = elements(k);
    double[] to = from.clone();
    for (int i = width; i < to.length; i++) {
      // k_j <- sigmoid(a) k_j + (1 - sigmoid(a)) k_(j-1)
      to[i] = own * from[i] + (1 - own) * from[i - width];
    }
    return array(to, k);
  }

  private static double[] elements(INDArray x) {
    return x.dup('c').data().asDouble();
  }

  private static INDArray array(double[] values, INDArray like) {
    return Nd4j.createFromArray(values).reshape('c', like.size(0), like.size(1));
  }
}
