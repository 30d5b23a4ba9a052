package dev.circuitscope.toymodels.geometry;

import java.util.Locale;

/**
 * How many features each hidden unit holds, from the rows of W: the polysemanticity of neurons in
 * section "Superposition in a Privileged Basis" of "Toy Models of Superposition" (Elhage et al.,
 * 2022).
 *
 * <p>A unit that serves one feature alone is monosemantic: polysemanticity 0, effective features 1.
 * A unit with weights 1 and -1 has polysemanticity 1 and 2 effective features. A unit without
 * weights has 0 of both, and dominant feature -1.
 *
 * @param norms [hidden], length of each row of W; copied in and out
 * @param dominant [hidden], the feature with the largest |W_ki|, the first of several; copied in
 *     and out
 * @param polysemanticity [hidden], the length of the rest of the row beside the dominant weight, ||
 *     (W_ki)_{i != dominant} || / |W_k dominant|; copied in and out
 * @param effectiveFeatures [hidden], (sum_i W_ki^2)^2 / sum_i W_ki^4, the number of features of
 *     equal weight that would be as spread out; copied in and out
 */
public record NeuronGeometry(
    double[] norms, int[] dominant, double[] polysemanticity, double[] effectiveFeatures) {

  /**
   * Checks that there is one number of each kind per unit.
   *
   * @param norms of rows
   * @param dominant features
   * @param polysemanticity of units
   * @param effectiveFeatures of units
   * @throws IllegalArgumentException if the lengths differ
   */
  public NeuronGeometry {
    if (norms.length != dominant.length
        || norms.length != polysemanticity.length
        || norms.length != effectiveFeatures.length) {
      throw new IllegalArgumentException(
          "neuron geometry needs one number of each kind per unit, was [%d], [%d], [%d], [%d]"
              .formatted(
                  norms.length, dominant.length, polysemanticity.length, effectiveFeatures.length));
    }
    norms = norms.clone();
    dominant = dominant.clone();
    polysemanticity = polysemanticity.clone();
    effectiveFeatures = effectiveFeatures.clone();
  }

  static NeuronGeometry of(double[][] w) {
    int m = w.length;
    double[] norms = new double[m];
    int[] dominant = new int[m];
    double[] polysemanticity = new double[m];
    double[] effective = new double[m];
    for (int k = 0; k < m; k++) {
      int top = 0;
      for (int i = 0; i < w[k].length; i++) {
        top = Math.abs(w[k][i]) > Math.abs(w[k][top]) ? i : top;
      }
      double largest = Math.abs(w[k][top]);
      if (largest == 0) {
        dominant[k] = -1;
        continue;
      }
      // Weights relative to the largest, so that powers of tiny ones do not underflow.
      double squares = 0;
      double fourths = 0;
      double rest = 0;
      for (int i = 0; i < w[k].length; i++) {
        double square = (w[k][i] / largest) * (w[k][i] / largest);
        squares += square;
        fourths += square * square;
        rest += i == top ? 0 : square;
      }
      dominant[k] = top;
      norms[k] = largest * Math.sqrt(squares);
      polysemanticity[k] = Math.sqrt(rest);
      effective[k] = squares * squares / fourths;
    }
    return new NeuronGeometry(norms, dominant, polysemanticity, effective);
  }

  /**
   * Lengths of rows of W.
   *
   * @return [hidden], a copy
   */
  @Override
  public double[] norms() {
    return norms.clone();
  }

  /**
   * Features with the largest weights.
   *
   * @return [hidden], a copy; -1 for a unit without weights
   */
  @Override
  public int[] dominant() {
    return dominant.clone();
  }

  /**
   * The rest of each row beside its dominant weight.
   *
   * @return [hidden], a copy
   */
  @Override
  public double[] polysemanticity() {
    return polysemanticity.clone();
  }

  /**
   * Participation ratios of squared weights.
   *
   * @return [hidden], a copy; from 1 to the number of features, or 0 for a unit without weights
   */
  @Override
  public double[] effectiveFeatures() {
    return effectiveFeatures.clone();
  }

  /**
   * A table with a line per unit.
   *
   * @return several lines
   */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%6s %8s %9s %8s %10s%n",
                "unit",
                "norm",
                "dominant",
                "poly",
                "features"));
    for (int k = 0; k < norms.length; k++) {
      text.append(
          String.format(
              Locale.ROOT,
              "%6d %8.4f %9d %8.4f %10.2f%n",
              k,
              norms[k],
              dominant[k],
              polysemanticity[k],
              effectiveFeatures[k]));
    }
    return text.toString();
  }
}
