package dev.circuitscope.circuits.learning.pertoken;

import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * One fixed token in each of many held-out texts; a model's losses on them are a vector that says
 * what the model can predict (In-context Learning and Induction Heads, "per-token losses", where
 * there are 10,000).
 *
 * <pre>{@code
 * TokenProbe probe = TokenProbe.draw(heldOut, 7L);      // heldOut [10000][512]
 * double[] losses = probe.losses(model);               // 10,000 numbers, in nats
 * }</pre>
 *
 * <p>Texts run only as far as their token, the shorter ones first: in a causal model what comes
 * after changes no loss.
 *
 * @param tokens [example, pos], all of one length; not copied
 * @param positions at e the position t whose loss, of predicting token t + 1, stands for example e;
 *     copied in and out
 * @param seed that the positions were drawn with, if they were
 */
public record TokenProbe(int[][] tokens, int[] positions, OptionalLong seed) {

  /** Floats that the largest parts of one batch may hold: 64 MB. */
  private static final long FLOATS = 1L << 24;

  /** About how many arrays as large as the residual stream there are in a block. */
  private static final int STREAMS = 6;

  private static final int MOST = 128;

  /**
   * Checks that there is a loss at each position.
   *
   * @param tokens [example, pos], all of one length; not copied
   * @param positions at e the position t whose loss, of predicting token t + 1, stands for example
   *     e; copied
   * @param seed that the positions were drawn with, if they were
   * @throws IllegalArgumentException if there is no example, texts differ in length, or a position
   *     has no loss
   */
  public TokenProbe {
    positions = positions.clone();
    if (tokens.length == 0 || tokens.length != positions.length) {
      throw new IllegalArgumentException(
          "token probe: %d texts and %d positions; give one position in each of at least 1 text"
              .formatted(tokens.length, positions.length));
    }
    for (int e = 0; e < tokens.length; e++) {
      boolean asLong = tokens[e].length == tokens[0].length;
      if (!asLong || positions[e] < 0 || positions[e] > tokens[e].length - 2) {
        throw new IllegalArgumentException(
            "token probe: text %d of %d tokens has no loss at position %d, or another length than the first, %d"
                .formatted(e, tokens[e].length, positions[e], tokens[0].length));
      }
    }
  }

  /**
   * Draws a position in each text, all that have a loss alike.
   *
   * @param tokens [example, pos], pos at least 2; not copied
   * @param seed decides the positions
   * @return the probe
   * @throws IllegalArgumentException if there is no text, or texts have fewer than 2 tokens
   */
  public static TokenProbe draw(int[][] tokens, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] positions =
        Arrays.stream(tokens)
            .mapToInt(text -> text.length < 2 ? 0 : random.nextInt(text.length - 1))
            .toArray();
    return new TokenProbe(tokens, positions, OptionalLong.of(seed));
  }

  /**
   * How many examples there are.
   *
   * @return the length of a vector of losses
   */
  public int size() {
    return tokens.length;
  }

  /**
   * The positions of the losses.
   *
   * @return one for each example, a copy
   */
  @Override
  public int[] positions() {
    return positions.clone();
  }

  /**
   * A model's losses.
   *
   * @param model to measure
   * @return one for each example, in nats
   * @throws IllegalArgumentException if the model refuses the tokens
   */
  public double[] losses(Transformer model) {
    return losses(model, RunSettings.plain());
  }

  /**
   * A model's losses, with hooks applied. Examples run in another order and in batches of other
   * lengths than they stand here, so that hooks must not hold arrays with axes of batch or
   * position; {@link HeadAblation} is for those.
   *
   * @param model to measure
   * @param settings hooks and batch size
   * @return one for each example, in nats
   * @throws IllegalArgumentException if the model refuses the tokens
   */
  public double[] losses(Transformer model, RunSettings settings) {
    double[] losses = new double[size()];
    for (ProbeBatch batch : batches(model.config(), settings.batch())) {
      batch.losses(model, settings.hooks(), losses);
    }
    return losses;
  }

  /**
   * A model's losses with a set of heads taken out at once.
   *
   * @param model to measure
   * @param ablation how they are taken out
   * @param heads which, at least one
   * @return one for each example, in nats
   * @throws IllegalArgumentException if there is no head, or the model refuses the tokens
   */
  public double[] losses(Transformer model, HeadAblation ablation, Collection<Head> heads) {
    if (heads.isEmpty()) {
      throw new IllegalArgumentException(
          "ablated losses: the set of heads is empty; losses(model) are those without ablation");
    }
    double[] losses = new double[size()];
    for (ProbeBatch batch : batches(model.config(), 0)) {
      try (HeadAblation.OfBatch without = ablation.prepare(model, batch.prefixes())) {
        Hooks all = heads.stream().map(without::without).reduce(Hooks.none(), Hooks::and);
        batch.losses(model, all, losses);
      }
    }
    return losses;
  }

  /** All examples, ordered by position, so many at a time; as many as memory bears if that is 0. */
  List<ProbeBatch> batches(TransformerConfig config, int most) {
    int[] order =
        IntStream.range(0, size())
            .boxed()
            .sorted((a, b) -> Integer.compare(positions[a], positions[b]))
            .mapToInt(e -> e)
            .toArray();
    int size = most > 0 ? most : byMemory(config);
    List<ProbeBatch> batches = new ArrayList<>();
    for (int from = 0; from < order.length; from += size) {
      int[] examples = Arrays.copyOfRange(order, from, Math.min(order.length, from + size));
      int[] at = Arrays.stream(examples).map(e -> positions[e]).toArray();
      batches.add(new ProbeBatch(this, examples, at));
    }
    return batches;
  }

  private int byMemory(TransformerConfig config) {
    long length = tokens[0].length;
    long patterns = config.nLayers() * config.nHeads() * length * length;
    long streams = (config.nLayers() + 1) * length * config.dModel() * STREAMS;
    return (int) Math.max(1, Math.min(MOST, FLOATS / (patterns + streams)));
  }

  Provenance provenance(Transformer model) {
    return Provenance.of(
        model.config(), tokens, "one token of each of given texts", seed, RunSettings.plain());
  }

  /** For example {@code TokenProbe of 10000 texts of 512 tokens, seed 7}. */
  @Override
  public String toString() {
    return "TokenProbe of %d texts of %d tokens%s"
        .formatted(size(), tokens[0].length, seed.isPresent() ? ", seed " + seed.getAsLong() : "");
  }
}
