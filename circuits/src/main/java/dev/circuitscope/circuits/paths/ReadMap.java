package dev.circuitscope.circuits.paths;

/**
 * What reads the residual stream through a normalisation of fixed scale s: x becomes (x / s) M + c,
 * with the normalisation's centring, weights and offset inside M and c.
 *
 * @param matrix M, [d_model, n]
 * @param constant c, [n]
 */
record ReadMap(DoubleMatrix matrix, double[] constant) {

  /**
   * Folds a normalisation into the matrix and bias that read after it.
   *
   * @param norm w, b and whether the mean is taken off
   * @param w row-major [d_model, n]; modified
   * @param bias [n]; modified
   */
  static ReadMap of(NormWeights norm, double[] w, double[] bias) {
    int n = bias.length;
    int d = w.length / n;
    double[] means = new double[n];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < n; j++) {
        // c = b_ln W + bias
        bias[j] += norm.offset(i) * w[i * n + j];
        w[i * n + j] *= norm.weight(i);
        means[j] += w[i * n + j] / d;
      }
    }
    for (int i = 0; norm.centres() && i < d; i++) {
      for (int j = 0; j < n; j++) {
        // (x - mean(x)) diag(w) W = x M with M_ij = w_i W_ij - mean_k(w_k W_kj)
        w[i * n + j] -= means[j];
      }
    }
    return new ReadMap(new DoubleMatrix(w, d, n), bias);
  }
}
