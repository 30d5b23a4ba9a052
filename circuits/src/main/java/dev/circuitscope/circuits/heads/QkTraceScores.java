package dev.circuitscope.circuits.heads;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.algebra.FactoredMatrix;
import dev.circuitscope.circuits.algebra.HeadCircuit;
import dev.circuitscope.circuits.algebra.KeyPart;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How much the keys of each head match the previous token, by the weights (In-context Learning and
 * Induction Heads, head activation evaluators, QK-trace). An induction head attends to where
 * earlier previous-token heads have written a copy of its own token. With prev(e) the
 * previous-token score of head e, and e over the heads of earlier layers,
 *
 * <pre>
 * W^h = W_E W_Q^h W_K^hT (sum over e of prev(e) W_OV^e)^T W_E^T        [d_vocab, d_vocab]
 * </pre>
 *
 * is what a destination token draws from a source by the token before the source. {@link #trace} is
 * its trace, in the units of an attention score before 1 / sqrt(d_head) and the normalisations'
 * scales, summed over the vocabulary. Its size depends on those of the weights, so that it compares
 * heads of a model rather than models. {@link #positivity} is free of size: sum of lambda over sum
 * of |lambda| for the eigenvalues of W^h, from -1 to 1. It does not see how weak a head is.
 *
 * <p>Heads of the first layer have no earlier ones and score 0. W^h is never formed.
 *
 * <p><b>Smeared keys</b> bring the token before a source into its key without an earlier head.
 * {@link #of(Circuits, HeadScores)} leaves that out, and leaves W^h as it is, whatever share of a
 * key it is in: it is the paper's score. {@link #ofSmeared} has both ways, each by its share.
 *
 * <pre>{@code
 * QkTraceScores scores = QkTraceScores.of(Circuits.of(model), PreviousTokenScores.of(model, 7L));
 * scores.trace().best();                            // L1H4
 * scores.positivity().score(new Head(1, 4));        // 0.98
 * }</pre>
 *
 * @param trace tr W^h; its standard error comes from those of prev(e), taken as independent
 * @param positivity the eigenvalues' sum over the sum of their magnitudes, without error
 */
public record QkTraceScores(HeadScores trace, HeadScores positivity) {

  /**
   * Scores every head by previous-token scores on {@link PreviousTokenScores#of(Transformer,
   * long)}'s random tokens.
   *
   * @param model to measure
   * @param seed decides the tokens
   * @return the scores
   * @throws IllegalArgumentException if the context or the vocabulary is too small
   */
  public static QkTraceScores of(Transformer model, long seed) {
    return of(Circuits.of(model), PreviousTokenScores.of(model, seed));
  }

  /**
   * Scores every head by previous-token scores on given tokens, the paper's choice being text.
   *
   * @param model to measure
   * @param tokens [sequence, pos], pos at least 2
   * @param settings hooks and batch size of the previous-token scores; weights are as they are
   * @return the scores
   * @throws IllegalArgumentException if the model refuses the tokens
   */
  public static QkTraceScores ofTokens(Transformer model, int[][] tokens, RunSettings settings) {
    return of(Circuits.of(model), PreviousTokenScores.ofTokens(model, tokens, settings));
  }

  /**
   * Scores every head by given previous-token scores.
   *
   * @param circuits of a model; {@link Circuits#of} folds its normalisations
   * @param previousToken score of each of its heads, the weights of the sum
   * @return the scores, with the provenance of the previous-token scores
   * @throws IllegalArgumentException if the scores are of a model of another shape
   */
  public static QkTraceScores of(Circuits circuits, HeadScores previousToken) {
    return of(circuits, previousToken, false);
  }

  /**
   * Scores every head of a model of smeared keys by both ways in which a key comes to hold the
   * token before its source: with s = sigmoid(alpha) of head h,
   *
   * <pre>
   * W^h = W_E W_Q^h W_K^hT ((1 - s) I + s sum over e of prev(e) W_OV^e)^T W_E^T
   * </pre>
   *
   * <p>Heads of the first layer score by the first way alone. Without smeared keys s = 1 and the
   * scores are those of {@link #of(Circuits, HeadScores)}.
   *
   * @param circuits of a model; {@link Circuits#of} folds its normalisations
   * @param previousToken score of each of its heads, the weights of the sum
   * @return the scores, with the provenance of the previous-token scores
   * @throws IllegalArgumentException if the scores are of a model of another shape
   */
  public static QkTraceScores ofSmeared(Circuits circuits, HeadScores previousToken) {
    return of(circuits, previousToken, true);
  }

  private static QkTraceScores of(Circuits circuits, HeadScores previousToken, boolean smeared) {
    if (!previousToken.provenance().model().equals(circuits.model().config())) {
      throw new IllegalArgumentException(
          "QK-trace: the previous-token scores are of a model with %s, the circuits of one with %s; measure both on the same model"
              .formatted(previousToken.provenance().model(), circuits.model().config()));
    }
    List<Head> heads = circuits.heads();
    double[][][] found = new double[circuits.model().config().nLayers()][3][];
    for (double[][] layer : found) {
      Arrays.setAll(layer, i -> new double[circuits.model().config().nHeads()]);
    }
    if (!heads.isEmpty()) {
      Blas.singleThreaded();
      INDArray gram = circuits.embeddingGram();
      HeadCircuit[] all = new HeadCircuit[heads.size()];
      Parallel.forEach(all.length, i -> all[i] = circuits.head(heads.get(i)));
      Parallel.forEach(
          all.length,
          i -> {
            Head head = heads.get(i);
            double own = smeared ? circuits.keyShare(head, KeyPart.OWN) : 1;
            double[] values = score(all, i, gram, previousToken, own);
            for (int k = 0; k < values.length; k++) {
              found[head.layer()][k][head.head()] = values[k];
            }
          });
    }
    return results(found, previousToken, smeared);
  }

  /**
   * Renders both scores.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("trace", trace.toJson());
    json.add("positivity", positivity.toJson());
    return json;
  }

  /** Both tables. */
  @Override
  public String toString() {
    return "%s%n%s".formatted(trace, positivity);
  }

  /** The trace, its error and the positivity of one head, whose keys are their own by a share. */
  private static double[] score(
      HeadCircuit[] all, int later, INDArray gram, HeadScores previous, double own) {
    FactoredMatrix qk = all[later].qk();
    // tr(W_E W_Q W_K^T W_OV^T W_E^T) = <(W_E^T W_E) W_Q, W_OV W_K> with the Frobenius product
    INDArray queries = gram.mmul(qk.a());
    INDArray keys = qk.b().transpose();
    INDArray moved = keys.mul(1 - own);
    double trace = queries.mul(moved).sumNumber().doubleValue();
    double variance = 0;
    for (HeadCircuit earlier : all) {
      if (earlier.head().layer() < all[later].head().layer()) {
        INDArray through = earlier.ov().a().mmul(earlier.ov().b().mmul(keys)).muli(own);
        double share = queries.mul(through).sumNumber().doubleValue();
        trace += previous.score(earlier.head()) * share;
        variance += Math.pow(previous.standardError(earlier.head()) * share, 2);
        moved.addi(through.muli(previous.score(earlier.head())));
      }
    }
    double positivity = new FactoredMatrix(queries, moved.transpose()).eigenvalues().positivity();
    return new double[] {trace, Math.sqrt(variance), positivity};
  }

  private static QkTraceScores results(double[][][] found, HeadScores previous, boolean smeared) {
    String moved =
        smeared
            ? "the tokens that smeared keys and earlier previous-token heads moved"
            : "the tokens that earlier previous-token heads moved";
    double[][] none = grid(found, 0);
    Arrays.stream(none).forEach(row -> Arrays.fill(row, Double.NaN));
    return new QkTraceScores(
        new HeadScores(
            "QK-trace",
            "trace of the QK circuit from tokens to " + moved,
            grid(found, 0),
            grid(found, 1),
            0,
            previous.samples(),
            previous.provenance()),
        new HeadScores(
            "QK-trace positivity",
            "sum of that circuit's eigenvalues over the sum of their magnitudes",
            grid(found, 2),
            none,
            0,
            previous.samples(),
            previous.provenance()));
  }

  private static double[][] grid(double[][][] found, int which) {
    return Arrays.stream(found).map(layer -> layer[which].clone()).toArray(double[][]::new);
  }
}
