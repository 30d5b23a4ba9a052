package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.model.Transformer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Eigenvalues of heads' circuits from tokens to tokens, W_E W_V W_O W_U, which are [d_vocab,
 * d_vocab].
 *
 * <p>They are those of the [d_head, d_head] matrix W_O (W_U W_E) W_V, but for zeros. W_U W_E,
 * [d_model, d_model], is computed once for the model, a slice of the vocabulary at a time.
 *
 * <pre>{@code
 * FullCircuits full = FullCircuits.of(model);
 * double copying = full.ovEigenvalues(HeadCircuit.of(model, 1, 4)).positivity();
 * }</pre>
 */
public final class FullCircuits {

  /** Elements of W_E that are float64 at a time. */
  private static final int SLICE = 1 << 20;

  private final INDArray unembedThenEmbed;

  private FullCircuits(INDArray unembedThenEmbed) {
    this.unembedThenEmbed = unembedThenEmbed;
  }

  /**
   * Prepares the circuits of a model.
   *
   * @param model which predicts the tokens that it reads
   * @return its circuits
   * @throws IllegalArgumentException if it predicts another vocabulary: the circuits from tokens to
   *     logits have no eigenvalues then
   */
  public static FullCircuits of(Transformer model) {
    int tokens = model.config().dVocab();
    int d = model.config().dModel();
    Unembedding unembedding = Unembedding.of(model);
    if (tokens != unembedding.tokens()) {
      throw new IllegalArgumentException(
          "eigenvalues of circuits from tokens to logits: the model reads %d tokens and predicts %d, so they are not square"
              .formatted(tokens, unembedding.tokens()));
    }
    FloatBlock weights = model.weights().block();
    Matrix embedding =
        weights.matrix(model.weights().layout().get("embed.W_E").offset(), tokens, d);
    Matrix directions = unembedding.matrix();
    INDArray sum = Nd4j.zeros(DataType.DOUBLE, d, d);
    int slice = Math.max(1, SLICE / d);
    for (int from = 0; from < tokens; from += slice) {
      int end = Math.min(tokens, from + slice);
      INDArray u =
          directions.transposed()
              ? doubles(directions.rows(from, end)).transpose()
              : doubles(directions.cols(from, end));
      sum.addi(u.mmul(doubles(embedding.rows(from, end))));
    }
    return new FullCircuits(sum);
  }

  /**
   * The eigenvalues of a head's full OV circuit, W_E W_V W_O W_U.
   *
   * @param head of this model
   * @return d_head of them, or d_model if that is less; the others are 0
   */
  public Eigenvalues ovEigenvalues(HeadCircuit head) {
    return new FactoredMatrix(unembedThenEmbed.mmul(head.ov().a()), head.ov().b()).eigenvalues();
  }

  private static INDArray doubles(Matrix m) {
    float[] tile = new float[m.rows() * m.cols()];
    m.read(tile);
    double[] wide = new double[tile.length];
    for (int i = 0; i < tile.length; i++) {
      wide[i] = tile[i];
    }
    return Nd4j.createFromArray(wide).reshape('c', m.rows(), m.cols());
  }
}
