package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.model.Rotary;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Rotary positions (Su et al., RoFormer 2021, section 3.4.2) in circuits: queries turned by their
 * position i and keys by theirs, j, have the product of queries turned by i - j and keys as they
 * are.
 */
final class Rotation {

  private Rotation() {}

  /** Each row [d_head] turned by so many positions. */
  static INDArray by(int positions, INDArray rows, Rotary rotary) {
    int height = (int) rows.size(0);
    int width = (int) rows.size(1);
    double[] x = Doubles.toArray(rows);
    int pairs = rotary.dim() / 2;
    boolean halves = rotary.pairing() == Rotary.Pairing.HALVES;
    for (int i = 0; i < pairs; i++) {
      // (a + ib) exp(i t / base^(2 i / dim))
      double angle = positions * Math.pow(rotary.base(), -2.0 * i / rotary.dim());
      double cos = Math.cos(angle);
      double sin = Math.sin(angle);
      int real = halves ? i : 2 * i;
      int imaginary = halves ? pairs + i : 2 * i + 1;
      for (int row = 0; row < height * width; row += width) {
        double a = x[row + real];
        double b = x[row + imaginary];
        x[row + real] = a * cos - b * sin;
        x[row + imaginary] = b * cos + a * sin;
      }
    }
    return Nd4j.createFromArray(x).reshape('c', height, width);
  }
}
