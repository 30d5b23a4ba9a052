package dev.circuitscope.circuits.ngrams;

import dev.circuitscope.circuits.algebra.Unembedding;
import dev.circuitscope.circuits.algebra.VocabularyProducts;
import dev.circuitscope.core.array.LogSumExp;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.BigramCounts;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The logits that each token gives to the next one by the direct path, from the embedding straight
 * to the unembedding: norm(W_E) W_U + b_U, [d_vocab, d_vocab_out], in float64, rows on demand (A
 * Mathematical Framework for Transformer Circuits, section "Zero-Layer Transformers").
 *
 * <pre>{@code
 * BigramTable table = BigramTable.of(model);
 * table.exact();                              // whether this is all of the model
 * double[] logits = table.logits(token);      // one row
 * List<TokenValue> next = table.continuations(token, 5);
 * }</pre>
 *
 * <p>Of a model without layers this is the model. Of a deeper one it is the path around all layers,
 * normalised by the embedding's own scale as if the model ended there; nothing that layers add,
 * biases included, counts. Standard positions are in the stream even without layers: then the table
 * is that of a given position, or of the mean position vector with the mean square of the scale.
 */
public final class BigramTable {

  /** Rows that are computed together where all are needed. */
  private static final int ROWS = 128;

  private final Transformer model;
  private final EmbeddedTokens embedded;
  private final String positions;
  private final boolean exact;

  private BigramTable(Transformer model, EmbeddedTokens embedded, String positions, boolean exact) {
    this.model = model;
    this.embedded = embedded;
    this.positions = positions;
    this.exact = exact;
  }

  /**
   * The table of a model; averaged over the positions of its context if they are in the stream.
   *
   * @param model any
   * @return its table
   */
  public static BigramTable of(Transformer model) {
    boolean standard = model.config().positions() == Positions.STANDARD;
    return new BigramTable(
        model,
        EmbeddedTokens.at(model, "ln_final", 0, model.config().nCtx()),
        standard ? "mean of %d positions".formatted(model.config().nCtx()) : "any position",
        model.config().nLayers() == 0 && !standard);
  }

  /**
   * The table at one position.
   *
   * @param model any
   * @param position of the current token, from 0; makes no difference unless positions are in the
   *     stream
   * @return its table
   * @throws IllegalArgumentException if the position is outside the context
   */
  public static BigramTable at(Transformer model, int position) {
    if (position < 0 || position >= model.config().nCtx()) {
      throw new IllegalArgumentException(
          "bigram table: no position %d in a context of %d"
              .formatted(position, model.config().nCtx()));
    }
    return new BigramTable(
        model,
        EmbeddedTokens.at(model, "ln_final", position, position + 1),
        "position " + position,
        model.config().nLayers() == 0);
  }

  /**
   * Whether the table is all of the model at every position that it is for.
   *
   * @return false if there are layers, or positions were averaged
   */
  public boolean exact() {
    return exact;
  }

  /**
   * The logits of the next token.
   *
   * @param token the current one
   * @return one for each token that the model predicts; a new array
   * @throws IllegalArgumentException if the token is outside the vocabulary
   */
  public double[] logits(int token) {
    return logits(new int[] {token})[0];
  }

  /**
   * The logits of several rows; many together are faster than one by one.
   *
   * @param tokens the current ones
   * @return [tokens.length][d_vocab_out]; new arrays
   * @throws IllegalArgumentException if a token is outside the vocabulary
   */
  public double[][] logits(int[] tokens) {
    for (int token : tokens) {
      if (token < 0 || token >= model.config().dVocab()) {
        throw new IllegalArgumentException(
            "bigram table: token %d is outside the vocabulary, ids 0 to %d"
                .formatted(token, model.config().dVocab() - 1));
      }
    }
    if (tokens.length == 0) {
      return new double[0][];
    }
    // The last row is the normalisation's offset: b W_U
    INDArray x =
        Nd4j.vstack(
            embedded.rows(tokens), Nd4j.createFromArray(new double[][] {embedded.offset()}));
    double[] products = FlatMatrix.of(VocabularyProducts.of(model).unembedded(x)).values();
    Unembedding unembedding = Unembedding.of(model);
    int outs = unembedding.tokens();
    double[][] logits = new double[tokens.length][outs];
    for (int out = 0; out < outs; out++) {
      double bias = products[tokens.length * outs + out] + unembedding.bias(out);
      for (int row = 0; row < tokens.length; row++) {
        logits[row][out] = products[row * outs + out] + bias;
      }
    }
    return logits;
  }

  /**
   * The logarithms of the probabilities of the next token.
   *
   * @param tokens the current ones
   * @return [tokens.length][d_vocab_out], in nats; new arrays
   * @throws IllegalArgumentException if a token is outside the vocabulary
   */
  public double[][] logProbabilities(int[] tokens) {
    double[][] rows = logits(tokens);
    for (double[] row : rows) {
      double normalizer = LogSumExp.of(row, 0, row.length);
      for (int i = 0; i < row.length; i++) {
        row[i] -= normalizer;
      }
    }
    return rows;
  }

  /**
   * The likeliest next tokens.
   *
   * @param token the current one
   * @param k how many
   * @return the likeliest first, with their probabilities
   * @throws IllegalArgumentException if the token is outside the vocabulary or k negative
   */
  public List<TokenValue> continuations(int token, int k) {
    return TokenValue.top(logProbabilities(new int[] {token})[0], k).stream()
        .map(t -> new TokenValue(t.token(), Math.exp(t.value())))
        .toList();
  }

  /**
   * The mean loss of the table on pairs of tokens. Of an exact table it is the model's loss on the
   * sequences that were counted.
   *
   * @param pairs to predict
   * @return nats a pair; 0 if there are none
   * @throws IllegalArgumentException if the vocabulary is not the model's
   */
  public double crossEntropy(BigramCounts pairs) {
    requireVocabulary(pairs.vocabSize());
    int[] tokens = pairs.byFrequency();
    double[] sum = {0};
    for (int from = 0; from < tokens.length; from += ROWS) {
      int[] some = Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + ROWS));
      double[][] rows = logProbabilities(some);
      for (int i = 0; i < some.length; i++) {
        double[] row = rows[i];
        pairs.forEach(some[i], (next, count) -> sum[0] -= count * row[next]);
      }
    }
    return pairs.total() == 0 ? 0 : sum[0] / pairs.total();
  }

  void requireVocabulary(int size) {
    if (size > model.config().dVocab() || size > model.config().dVocabOut()) {
      throw new IllegalArgumentException(
          "bigrams over %d tokens do not fit a model that reads %d and predicts %d"
              .formatted(size, model.config().dVocab(), model.config().dVocabOut()));
    }
  }

  /** One line: of what model, at which positions, and whether it is all of it. */
  @Override
  public String toString() {
    return "bigram table [%d, %d] of %s, %s%s"
        .formatted(
            model.config().dVocab(),
            model.config().dVocabOut(),
            model.config().nLayers() == 0
                ? "a model without layers"
                : "the direct path of %d layers".formatted(model.config().nLayers()),
            positions,
            exact ? " (exact)" : "");
  }
}
