package dev.circuitscope.circuits.paths;

import dev.circuitscope.circuits.algebra.KeyPart;
import dev.circuitscope.core.model.Rotary;

/**
 * What positions do to the queries and keys of a head, besides being added to them: both are linear
 * in the vectors, and so apply to each term of a sum.
 */
final class KeyQueryPositions {

  private KeyQueryPositions() {}

  /** Turns each vector of [pos, d_head] by its position; new. */
  static DoubleMatrix rotate(DoubleMatrix x, Rotary rotary) {
    int pairs = rotary.dim() / 2;
    boolean halves = rotary.pairing() == Rotary.Pairing.HALVES;
    double[] from = x.values();
    double[] to = from.clone();
    for (int t = 0; t < x.rows(); t++) {
      for (int i = 0; i < pairs; i++) {
        int real = t * x.columns() + (halves ? i : 2 * i);
        int imaginary = real + (halves ? pairs : 1);
        // (a + ib) exp(i t / base^(2 i / dim))
        double angle = t / Math.pow(rotary.base(), 2.0 * i / rotary.dim());
        to[real] = from[real] * Math.cos(angle) - from[imaginary] * Math.sin(angle);
        to[imaginary] = from[imaginary] * Math.cos(angle) + from[real] * Math.sin(angle);
      }
    }
    return new DoubleMatrix(to, x.rows(), x.columns());
  }

  /**
   * Mixes each key of [pos, d_head] but the first with the one before it; new.
   *
   * @param own sigmoid of the head's smear, the weight of the key itself
   */
  static DoubleMatrix smear(DoubleMatrix k, double own) {
    // k_j <- sigmoid(a) k_j + (1 - sigmoid(a)) k_(j-1)
    return smear(k, own, KeyPart.OWN).plus(smear(k, own, KeyPart.PREVIOUS));
  }

  /** One of the two terms of this mixture; the first key is its own alone. */
  static DoubleMatrix smear(DoubleMatrix k, double own, KeyPart part) {
    double share = part.share(own);
    int width = k.columns();
    double[] from = k.values();
    double[] to = new double[from.length];
    if (part == KeyPart.OWN) {
      System.arraycopy(from, 0, to, 0, Math.min(width, to.length));
    }
    int before = part == KeyPart.OWN ? 0 : width;
    for (int i = width; i < to.length; i++) {
      to[i] = share * from[i - before];
    }
    return new DoubleMatrix(to, k.rows(), width);
  }
}
