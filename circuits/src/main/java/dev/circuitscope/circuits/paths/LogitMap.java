package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.reference.ReferenceTransformer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The unembedding behind the final normalisation, for readings y = [x / s, 1] of the stream, whose
 * last coordinate says whether the constants (b_U and the normalisation's offset) belong to the
 * term: logits = y W. Softmax does not see what is the same for all tokens, so norms and products
 * are those of centred logits, y (W - m 1^T) with m the mean column. They are computed through the
 * Gram matrix G = (W - m 1^T)(W - m 1^T)^T without making the logits.
 */
final class LogitMap {

  private final INDArray matrix;
  private final INDArray mean;
  private INDArray gram;

  /** W, [d_model + 1, d_vocab_out]. */
  private LogitMap(INDArray matrix) {
    this.matrix = matrix;
    this.mean = matrix.mean(true, 1);
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
    return new LogitMap(Nd4j.vstack(map.matrix(), map.constant()));
  }

  int tokens() {
    return (int) matrix.size(1);
  }

  /** y W, [pos, d_vocab_out]. */
  INDArray logits(INDArray y) {
    return y.mmul(matrix);
  }

  /** G, [d_model + 1, d_model + 1]; made when it is first asked for. */
  synchronized INDArray gram() {
    if (gram == null) {
      INDArray centred = matrix.subColumnVector(mean);
      // G = (W - m 1^T)(W - m 1^T)^T
      gram = centred.mmul(centred.transpose());
    }
    return gram;
  }

  /**
   * The direction that a token's centred logit is read along.
   *
   * @return d_model + 1 numbers, W[:, token] - m
   */
  double[] direction(int token) {
    return matrix.getColumn(token, true).sub(mean).data().asDouble();
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
