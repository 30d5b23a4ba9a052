package dev.circuitscope.circuits.discovery;

import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.circuits.patching.MeanOver;
import dev.circuitscope.circuits.sampling.BatchedRuns;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What a removed edge carries in place of what its sender writes: its value in a reference run.
 *
 * <pre>{@code
 * EdgeReference.corrupted(otherTokens)                          // resampled, the usual choice
 * EdgeReference.mean(manyTokens, MeanOver.SEQUENCES_AND_POSITIONS)
 * EdgeReference.zero()
 * EdgeReference.corrupted(otherTokens).shuffledPositions(7L)
 * }</pre>
 *
 * <p>Position embeddings do not depend on tokens, so no run of other tokens says what an edge from
 * them is to carry. By default it is their mean over the positions of the sequence, which says that
 * there is a position and not which one; with {@link #zero} it is zero. A constant that all
 * position embeddings contain survives the mean and not the zero.
 */
public final class EdgeReference {

  private enum Kind {
    CORRUPTED,
    MEAN,
    ZERO
  }

  private enum Positions {
    MEAN("mean positions"),
    ZERO("zero positions"),
    SHUFFLED("shuffled positions"),
    SAME("positions as they are");

    private final String label;

    Positions(String label) {
      this.label = label;
    }
  }

  private final Kind kind;
  private final int[][] tokens;
  private final MeanOver over;
  private final Positions positions;
  private final long seed;

  private EdgeReference(Kind kind, int[][] tokens, MeanOver over, Positions positions, long seed) {
    this.kind = kind;
    this.tokens = Arrays.stream(tokens).map(int[]::clone).toArray(int[][]::new);
    this.over = over;
    this.positions = positions;
    this.seed = seed;
  }

  /**
   * Values of a run on other tokens, example by example and position by position.
   *
   * @param tokens [batch, pos], of the shape of the batch whose edges are removed
   * @return the reference, with mean positions
   */
  public static EdgeReference corrupted(int[][] tokens) {
    return new EdgeReference(Kind.CORRUPTED, tokens, null, Positions.MEAN, 0);
  }

  /**
   * Means over a run on other tokens.
   *
   * @param tokens [sequence, pos]; to average by position, as long as the sequences whose edges are
   *     removed
   * @param over whether every position has its own mean
   * @return the reference, with mean positions
   * @throws IllegalArgumentException if there is no sequence
   */
  public static EdgeReference mean(int[][] tokens, MeanOver over) {
    if (tokens.length == 0) {
      throw new IllegalArgumentException(
          "edge reference: a mean needs at least one sequence, got none");
    }
    return new EdgeReference(Kind.MEAN, tokens, over, Positions.MEAN, 0);
  }

  /**
   * Zeros.
   *
   * @return the reference, with zero positions
   */
  public static EdgeReference zero() {
    return new EdgeReference(Kind.ZERO, new int[0][], null, Positions.ZERO, 0);
  }

  /**
   * The same with edges from position embeddings carrying their mean over the sequence.
   *
   * @return a new reference
   */
  public EdgeReference meanPositions() {
    return new EdgeReference(kind, tokens, over, Positions.MEAN, 0);
  }

  /**
   * The same with edges from position embeddings carrying zeros.
   *
   * @return a new reference
   */
  public EdgeReference zeroPositions() {
    return new EdgeReference(kind, tokens, over, Positions.ZERO, 0);
  }

  /**
   * The same with edges from position embeddings carrying those of other positions: a permutation
   * of the sequence, the same for all examples.
   *
   * @param permutation decides which
   * @return a new reference
   */
  public EdgeReference shuffledPositions(long permutation) {
    return new EdgeReference(kind, tokens, over, Positions.SHUFFLED, permutation);
  }

  /**
   * The same with edges from position embeddings carrying what they always carry: such edges cannot
   * be removed, and pruning leaves them in every circuit.
   *
   * @return a new reference
   */
  public EdgeReference samePositions() {
    return new EdgeReference(kind, tokens, over, Positions.SAME, 0);
  }

  /** Whether edges from position embeddings can be removed. */
  boolean removesPositions() {
    return positions != Positions.SAME;
  }

  /**
   * What every sender's edges carry when removed, for a batch whose senders write {@code plain}.
   */
  SenderValues values(Transformer model, int batch, int length, SenderValues plain) {
    SenderValues values =
        switch (kind) {
          case CORRUPTED -> corruptedRun(model, batch, length);
          case MEAN -> means(model, batch, length);
          case ZERO -> plain.map(x -> new float[x.length]);
        };
    if (plain.written().containsKey(Sender.positions())) {
      float[] own = plain.written().get(Sender.positions());
      values.written().put(Sender.positions(), positions(own, length, model.config().dModel()));
    }
    return values;
  }

  private SenderValues corruptedRun(Transformer model, int batch, int length) {
    boolean fits =
        tokens.length == batch && Arrays.stream(tokens).allMatch(row -> row.length == length);
    if (!fits) {
      throw new IllegalArgumentException(
          "edge reference: the corrupted tokens are [%d, %d], those of the run [%d, %d]; removed edges carry values from position to position, so give one corrupted example of equal length for each"
              .formatted(tokens.length, tokens.length == 0 ? 0 : tokens[0].length, batch, length));
    }
    try (Run run = model.runWithCache(tokens, SenderValues.CAPTURE, Hooks.none())) {
      return SenderValues.of(model.config(), run.cache());
    }
  }

  private SenderValues means(Transformer model, int batch, int length) {
    if (over == MeanOver.SEQUENCES && tokens[0].length != length) {
      throw new IllegalArgumentException(
          "edge reference: means by position are over sequences of %d tokens, the run's have %d; they must be equally long"
              .formatted(tokens[0].length, length));
    }
    MeanValues means = new MeanValues(tokens.length, tokens[0].length);
    Capture capture = SenderValues.CAPTURE;
    BatchedRuns.caches(
        model,
        tokens,
        RunSettings.plain(),
        capture,
        (first, part, cache) ->
            means.add(SenderValues.of(model.config(), cache), part.length * part[0].length));
    return means.tiled(batch, length, over == MeanOver.SEQUENCES_AND_POSITIONS);
  }

  /** Of [batch, pos, d_model] position embeddings. */
  private float[] positions(float[] own, int length, int d) {
    float[] other = new float[own.length];
    int[] permutation = permutation(length);
    for (int at = 0; at < own.length; at += length * d) {
      for (int t = 0; t < length; t++) {
        for (int i = 0; i < d; i++) {
          other[at + t * d + i] =
              switch (positions) {
                case SAME -> own[at + t * d + i];
                case ZERO -> 0;
                case SHUFFLED -> own[at + permutation[t] * d + i];
                case MEAN -> mean(own, at + i, length, d);
              };
        }
      }
    }
    return other;
  }

  private static float mean(float[] x, int from, int count, int stride) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += x[from + i * stride];
    }
    return (float) (sum / count);
  }

  /** Fisher and Yates's shuffle. */
  private int[] permutation(int n) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] permutation = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      permutation[i] = permutation[j];
      permutation[j] = i;
    }
    return permutation;
  }

  /** For example {@code corrupted, mean positions}. */
  @Override
  public String toString() {
    String values =
        switch (kind) {
          case CORRUPTED -> "corrupted";
          case MEAN -> over == MeanOver.SEQUENCES ? "mean by position" : "mean";
          case ZERO -> "zero";
        };
    return values
        + ", "
        + positions.label
        + (positions == Positions.SHUFFLED ? " (seed " + seed + ")" : "");
  }

  /** The tokens that reference values come from; none for zeros. */
  int[][] tokens() {
    return tokens;
  }
}
