package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.reference.ReferenceTransformer;

/**
 * The unembedding behind the final normalisation, for readings y = [x / s, 1] of the stream, whose
 * last coordinate says whether the constants (b_U and the normalisation's offset) belong to the
 * term: logits = y W. Softmax does not see what is the same for all tokens, so norms and products
 * are those of centred logits, y (W - m 1^T) with m the mean column. They are computed through the
 * Gram matrix G = (W - m 1^T)(W - m 1^T)^T without making the logits.
 */
final class LogitMap {

  /** Tokens whose centred directions are in memory at a time. */
  private static final int SLICE = 4096;

  private final DoubleMatrix matrix;
  private final double[] mean;
  private DoubleMatrix gram;

  /** W, [d_model + 1, d_vocab_out]. */
  private LogitMap(DoubleMatrix matrix) {
    this.matrix = matrix;
    this.mean = matrix.rowSums();
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= matrix.columns();
    }
  }

  static LogitMap of(ReferenceTransformer model) {
    int d = model.config().dModel();
    int v = model.config().dVocabOut();
    boolean tied = model.config().vocabulary().tied();
    double[] wU = model.weight(tied ? "embed.W_E" : "unembed.W_U");
    ReadMap map =
        ReadMap.of(
            NormWeights.of(model, "ln_final"),
            tied ? transposed(wU, v, d) : wU,
            model.weight("unembed.b_U"));
    DoubleMatrix w = DoubleMatrix.zeros(d + 1, v);
    System.arraycopy(map.matrix().values(), 0, w.values(), 0, d * v);
    System.arraycopy(map.constant(), 0, w.values(), d * v, v);
    return new LogitMap(w);
  }

  int tokens() {
    return matrix.columns();
  }

  /** y W, [pos, d_vocab_out]. */
  DoubleMatrix logits(DoubleMatrix y) {
    return y.times(matrix);
  }

  /** G, [d_model + 1, d_model + 1]; made when it is first asked for. */
  synchronized DoubleMatrix gram() {
    if (gram == null) {
      gram = DoubleMatrix.zeros(matrix.rows(), matrix.rows());
      for (int from = 0; from < tokens(); from += SLICE) {
        DoubleMatrix centred = centred(from, Math.min(tokens(), from + SLICE));
        // G = (W - m 1^T)(W - m 1^T)^T
        gram.addInPlace(centred.timesTransposed(centred));
      }
    }
    return gram;
  }

  /** W - m 1^T of some tokens. */
  private DoubleMatrix centred(int from, int end) {
    DoubleMatrix slice = DoubleMatrix.zeros(matrix.rows(), end - from);
    for (int i = 0; i < matrix.rows(); i++) {
      for (int token = from; token < end; token++) {
        slice.values()[i * (end - from) + token - from] =
            matrix.values()[i * tokens() + token] - mean[i];
      }
    }
    return slice;
  }

  /**
   * The direction that a token's centred logit is read along.
   *
   * @return d_model + 1 numbers, W[:, token] - m
   */
  double[] direction(int token) {
    double[] direction = new double[matrix.rows()];
    for (int i = 0; i < direction.length; i++) {
      direction[i] = matrix.values()[i * matrix.columns() + token] - mean[i];
    }
    return direction;
  }

  private static double[] transposed(double[] w, int rows, int columns) {
    double[] t = new double[w.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        t[j * rows + i] = w[i * columns + j];
      }
    }
    return t;
  }
}
