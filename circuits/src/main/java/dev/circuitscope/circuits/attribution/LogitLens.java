package dev.circuitscope.circuits.attribution;

import dev.circuitscope.circuits.algebra.Unembedding;
import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.LogSumExp;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The logit lens: what the model would predict if it ended earlier, by the final normalisation and
 * the unembedding of the stream at every depth.
 *
 * <pre>{@code
 * LogitLens lens = LogitLens.of(model, run);
 * lens.states();                                  // [L0 pre, L1 pre, ..., final]
 * lens.logits("L1 pre");                          // [batch, pos, d_vocab_out]
 * lens.logProbabilities((example, position) -> answers[example]);    // [state, batch, pos]
 * lens.top("L1 pre", 0, 14, 5);                   // the 5 likeliest next tokens there
 * }</pre>
 *
 * <p>Logits are computed when they are asked for, those of one state at a time.
 */
public final class LogitLens {

  /** Positions that go through the unembedding in one product. */
  private static final int BLOCK = 32;

  private final ComponentStack normalized;
  private final Unembedding unembedding;

  private LogitLens(ComponentStack normalized, Unembedding unembedding) {
    this.normalized = normalized;
    this.unembedding = unembedding;
  }

  /**
   * A token that the lens shows.
   *
   * @param token its number
   * @param logit at that place
   * @param probability among all tokens
   */
  public record Prediction(int token, double logit, double probability) {}

  /**
   * Looks at the stream before every block and at the end, each normalised by its own scale.
   *
   * @param model that ran
   * @param run of it
   * @return the lens
   * @throws IllegalArgumentException if the run did not keep the stream
   */
  public static LogitLens of(Transformer model, Run run) {
    return of(model, run, ResidualStream.of(model, run).accumulated(), LensScale.OWN);
  }

  /**
   * Looks at chosen states of the stream.
   *
   * @param model that ran
   * @param run of it
   * @param states for example {@link ResidualStream#accumulatedWithMid}
   * @param scale how they are normalised
   * @return the lens
   * @throws IllegalArgumentException if the states are not of this run
   */
  public static LogitLens of(Transformer model, Run run, ComponentStack states, LensScale scale) {
    FinalNorm norm = FinalNorm.of(model, run);
    ComponentStack normalized =
        switch (scale) {
          case OWN -> norm.applyOwnScales(states);
          case FINAL -> norm.applyWithOffset(states);
        };
    return new LogitLens(normalized, Unembedding.of(model));
  }

  /**
   * The states of the stream.
   *
   * @return their labels, in order
   */
  public List<String> states() {
    return normalized.labels();
  }

  /**
   * The logits at a state.
   *
   * @param state its label
   * @return [batch, pos, d_vocab_out], new
   * @throws IllegalArgumentException if there is no such state
   */
  public INDArray logits(String state) {
    Extent extent = normalized.extent();
    return logits(FloatBlock.copyOf(normalized.get(state)))
        .asArray(extent.examples(), extent.positions(), unembedding.tokens());
  }

  /**
   * The log probability of a token at every state.
   *
   * @param tokens which token, at each position
   * @return [state, batch, pos] in nats
   * @throws IllegalArgumentException if a token is missing or is not one that the model predicts
   */
  public INDArray logProbabilities(LogitDirections.TokenAt tokens) {
    Extent extent = normalized.extent();
    int rows = extent.rows();
    int vocab = unembedding.tokens();
    FloatBlock all = FloatBlock.allocate((long) states().size() * rows);
    for (int s = 0; s < states().size(); s++) {
      FloatBlock logits = logits(FloatBlock.copyOf(normalized.get(states().get(s))));
      float[] found = new float[rows];
      Parallel.forEach(
          rows,
          r -> {
            int token =
                tokens.token(
                    extent.firstExample() + r / extent.positions(),
                    extent.firstPosition() + r % extent.positions());
            unembedding.requireToken(token);
            float[] row = new float[vocab];
            logits.read(r * vocab, row, 0, vocab);
            found[r] = (float) (row[token] - LogSumExp.of(row, 0, vocab));
          });
      all.write(s * rows, found, 0, rows);
    }
    return all.asArray(states().size(), extent.examples(), extent.positions());
  }

  /**
   * The likeliest tokens at one place.
   *
   * @param state its label
   * @param example in the run's numbers
   * @param position in the run's numbers
   * @param count how many
   * @return the likeliest first; of equal ones the lower token
   * @throws IllegalArgumentException if there is no such state, example or position
   */
  public List<Prediction> top(String state, int example, int position, int count) {
    ComponentStack one = normalized.select(List.of(state)).example(example).position(position);
    float[] row = logits(one.block()).toArray();
    Comparator<Integer> weakestFirst =
        Comparator.comparingDouble((Integer t) -> row[t]).thenComparing(Comparator.reverseOrder());
    PriorityQueue<Integer> best = new PriorityQueue<>(weakestFirst);
    for (int token = 0; token < row.length; token++) {
      best.add(token);
      if (best.size() > count) {
        best.remove();
      }
    }
    List<Integer> order = new ArrayList<>(best);
    order.sort(weakestFirst.reversed());
    double sum = LogSumExp.of(row, 0, row.length);
    return order.stream().map(t -> new Prediction(t, row[t], Math.exp(row[t] - sum))).toList();
  }

  /** x W_U + b_U, a block of positions of one example at a time. */
  private FloatBlock logits(FloatBlock x) {
    int d = normalized.dModel();
    int vocab = unembedding.tokens();
    int rows = x.length() / d;
    int n = Math.max(1, rows / normalized.extent().examples());
    FloatBlock logits = FloatBlock.allocate((long) rows * vocab);
    float[] bias = new float[vocab];
    for (int token = 0; token < vocab; token++) {
      bias[token] = unembedding.bias(token);
    }
    Matrix w = unembedding.matrix();
    int blocks = (n + BLOCK - 1) / BLOCK;
    Blas.singleThreaded();
    Parallel.forEach(
        rows / n * blocks,
        task -> {
          int first = task / blocks * n + task % blocks * BLOCK;
          int count = Math.min(BLOCK, n - task % blocks * BLOCK);
          for (int r = first; r < first + count; r++) {
            logits.write(r * vocab, bias, 0, vocab);
          }
          Blas.gemm(
              1, x.matrix(first * d, count, d), w, 1, logits.matrix(first * vocab, count, vocab));
        });
    return logits;
  }
}
