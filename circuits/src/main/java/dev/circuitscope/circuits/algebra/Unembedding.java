package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.model.Transformer;

/**
 * W_U and b_U of a model, which may be its embedding's transpose: each token's direction in the
 * residual stream. A view of the model's weights, no copy.
 */
public final class Unembedding {

  private final FloatBlock weights;
  private final int offset;
  private final boolean tied;
  private final int dModel;
  private final int tokens;
  private final float[] bias;

  private Unembedding(Transformer model) {
    this.tied = model.config().vocabulary().tied();
    this.weights = model.weights().block();
    this.offset = model.weights().layout().get(tied ? "embed.W_E" : "unembed.W_U").offset();
    this.dModel = model.config().dModel();
    this.tokens = model.config().dVocabOut();
    this.bias = new float[tokens];
    weights.read(model.weights().layout().get("unembed.b_U").offset(), bias, 0, tokens);
  }

  /**
   * The unembedding of a model.
   *
   * @param model whose it is
   * @return a view of its weights
   */
  public static Unembedding of(Transformer model) {
    return new Unembedding(model);
  }

  /**
   * The number of tokens that are predicted.
   *
   * @return d_vocab_out
   */
  public int tokens() {
    return tokens;
  }

  /**
   * W_U for products.
   *
   * @return [d_model, d_vocab_out], a view
   */
  public Matrix matrix() {
    return tied
        ? weights.matrix(offset, tokens, dModel).t()
        : weights.matrix(offset, dModel, tokens);
  }

  /**
   * W_U[:, token]: what raises a token's logit.
   *
   * @param token from 0
   * @return d_model numbers, new
   * @throws IllegalArgumentException if the model does not predict such a token
   */
  public float[] direction(int token) {
    requireToken(token);
    float[] column = new float[dModel];
    if (tied) {
      weights.read(offset + token * dModel, column, 0, dModel);
    } else {
      for (int i = 0; i < dModel; i++) {
        column[i] = weights.get(offset + i * tokens + token);
      }
    }
    return column;
  }

  /**
   * The mean of all tokens' directions. A token's direction less this one says how much its logit
   * is raised above the mean logit.
   *
   * @return d_model numbers, new
   */
  public double[] meanDirection() {
    double[] mean = new double[dModel];
    float[] row = new float[tied ? dModel : tokens];
    for (int r = 0; r < (tied ? tokens : dModel); r++) {
      weights.read(offset + r * row.length, row, 0, row.length);
      for (int c = 0; c < row.length; c++) {
        mean[tied ? c : r] += row[c];
      }
    }
    for (int i = 0; i < dModel; i++) {
      mean[i] /= tokens;
    }
    return mean;
  }

  /**
   * b_U at a token.
   *
   * @param token from 0
   * @return its bias
   * @throws IllegalArgumentException if the model does not predict such a token
   */
  public float bias(int token) {
    requireToken(token);
    return bias[token];
  }

  /**
   * Checks that there is a logit of a token.
   *
   * @param token from 0
   * @throws IllegalArgumentException if the model does not predict such a token
   */
  public void requireToken(int token) {
    if (token < 0 || token >= tokens) {
      throw new IllegalArgumentException(
          "no logit of token %d: the model predicts tokens 0 to %d".formatted(token, tokens - 1));
    }
  }
}
