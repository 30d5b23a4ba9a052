package dev.circuitscope.core.reference;

import dev.circuitscope.core.model.Rotary;

/** What positions do to queries and keys [B, T, heads, E], besides being added to them. */
final class ReferencePositions {

  private ReferencePositions() {}

  /**
   * Rotary positions (Su et al., RoFormer 2021, section 3.2.2): a pair of coordinates, as a complex
   * number, turns by its position times a frequency.
   */
  static double[] rotate(double[] x, Rotary rotary, Sizes s, int heads) {
    double[] y = x.clone();
    int pairs = rotary.dim() / 2;
    for (int vector = 0; vector < s.rows() * heads; vector++) {
      int t = vector / heads % s.t();
      for (int i = 0; i < pairs; i++) {
        boolean halves = rotary.pairing() == Rotary.Pairing.HALVES;
        int real = vector * s.e() + (halves ? i : 2 * i);
        int imaginary = real + (halves ? pairs : 1);
        // (a + ib) exp(i t / base^(2 i / dim))
        double angle = t / Math.pow(rotary.base(), 2.0 * i / rotary.dim());
        y[real] = x[real] * Math.cos(angle) - x[imaginary] * Math.sin(angle);
        y[imaginary] = x[imaginary] * Math.cos(angle) + x[real] * Math.sin(angle);
      }
    }
    return y;
  }

  /**
   * Smeared keys (In-context Learning and Induction Heads, Argument 2): each but the first is mixed
   * with the one before it.
   */
  static double[] smear(double[] k, double[] a, Sizes s) {
    double[] y = k.clone();
    int row = s.g() * s.e();
    for (int i = 0; i < k.length; i++) {
      if (i / row % s.t() > 0) {
        double own = 1 / (1 + Math.exp(-a[i % row / s.e()]));
        // k_j <- sigmoid(a) k_j + (1 - sigmoid(a)) k_(j-1)
        y[i] = own * k[i] + (1 - own) * k[i - row];
      }
    }
    return y;
  }
}
