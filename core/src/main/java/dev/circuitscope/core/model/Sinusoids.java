package dev.circuitscope.core.model;

/**
 * The fixed positional vectors of Vaswani et al., "Attention Is All You Need" (2017), section 3.5:
 * sines and cosines in turn, of wavelengths from 2 pi to 10000 * 2 pi in geometric progression.
 *
 * <pre>
 * PE[p, 2i]     = sin(p / 10000^(2i / d_model))
 * PE[p, 2i + 1] = cos(p / 10000^(2i / d_model))
 * </pre>
 *
 * With an odd d_model the last column is a sine without its cosine.
 */
public final class Sinusoids {

  private static final double LONGEST = 10_000;

  private Sinusoids() {}

  /**
   * The vectors of positions 0 to nCtx - 1.
   *
   * <pre>{@code
   * Sinusoids.table(2, 3)   // {{0, 1, 0}, {0.8415, 0.5403, 0.0022}}
   * }</pre>
   *
   * @param nCtx the number of positions, from 0
   * @param dModel the width of each vector, from 1
   * @return a new table [n_ctx, d_model]
   * @throws IllegalArgumentException if a size is too small
   */
  public static double[][] table(int nCtx, int dModel) {
    if (nCtx < 0 || dModel < 1) {
      throw new IllegalArgumentException(
          "a table of sinusoids has at least 0 positions and width 1, asked for "
              + nCtx
              + " x "
              + dModel);
    }
    return rows(0, nCtx, dModel);
  }

  /** The vectors of n positions from one on. */
  static double[][] rows(int first, int n, int dModel) {
    double[][] rows = new double[n][dModel];
    for (int p = 0; p < n; p++) {
      for (int column = 0; column < dModel; column++) {
        int even = column - column % 2;
        double angle = (first + p) / Math.pow(LONGEST, (double) even / dModel);
        rows[p][column] = column == even ? Math.sin(angle) : Math.cos(angle);
      }
    }
    return rows;
  }
}
