package dev.circuitscope.circuits.sampling;

import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.ActivationCache;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs any number of sequences through a model in batches, so that memory stays bounded.
 *
 * <p>Every run throws what {@link Transformer} throws for ragged, empty or overlong sequences and
 * for tokens outside the vocabulary.
 */
public final class BatchedRuns {

  private static final Capture PATTERNS = Capture.matching(p -> p.site() == Site.PATTERN);

  private BatchedRuns() {}

  /** Looks at the attention of one head on one sequence. */
  @FunctionalInterface
  public interface PatternReader {
    /**
     * Sees a pattern.
     *
     * @param sequence number of the sequence
     * @param layer the block
     * @param head the head
     * @param pattern of that head; valid only during the call
     */
    void read(int sequence, int layer, int head, Pattern pattern);
  }

  /** Looks at the activations of one batch. */
  @FunctionalInterface
  public interface CacheReader {
    /**
     * Sees a batch.
     *
     * @param firstSequence number of its first sequence
     * @param tokens of its sequences
     * @param cache of its run; valid only during the call
     */
    void read(int firstSequence, int[][] tokens, ActivationCache cache);
  }

  /** One head's attention on one sequence, [dest, src]. */
  public static final class Pattern {
    private final FloatBuffer values;
    private final int base;
    private final int length;

    private Pattern(FloatBuffer values, int base, int length) {
      this.values = values;
      this.base = base;
      this.length = length;
    }

    /**
     * The attention of a destination to a source.
     *
     * @param dest position that attends
     * @param src position that is attended to
     * @return A[dest, src]
     */
    public float at(int dest, int src) {
      return values.get(base + dest * length + src);
    }
  }

  /**
   * Shows the attention patterns of every head on every sequence, after hooks.
   *
   * @param model to run
   * @param tokens [sequence, pos]
   * @param settings hooks and batch size
   * @param reader called for sequences, layers and heads in order
   */
  public static void patterns(
      Transformer model, int[][] tokens, RunSettings settings, PatternReader reader) {
    caches(
        model,
        tokens,
        settings,
        PATTERNS,
        (first, part, cache) -> {
          for (int layer = 0; layer < model.config().nLayers(); layer++) {
            read(cache.get(HookPoint.pattern(layer)), first, layer, reader);
          }
        });
  }

  /**
   * Shows chosen activations of every batch, after hooks.
   *
   * @param model to run
   * @param tokens [sequence, pos]
   * @param settings hooks and batch size
   * @param capture which activations
   * @param reader called for batches in order
   */
  public static void caches(
      Transformer model,
      int[][] tokens,
      RunSettings settings,
      Capture capture,
      CacheReader reader) {
    int batch = batch(model, tokens, settings);
    for (int from = 0; from < Math.max(1, tokens.length); from += batch) {
      int[][] part = Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + batch));
      try (Run run = model.runWithCache(part, capture, settings.hooks())) {
        reader.read(from, part, run.cache());
      }
    }
  }

  /**
   * The loss at every position but the last of every sequence, after hooks.
   *
   * @param model to run
   * @param tokens [sequence, pos], pos at least 2
   * @param settings hooks and batch size
   * @return [sequence, pos - 1] in nats; at t, of predicting token t + 1
   */
  public static float[][] losses(Transformer model, int[][] tokens, RunSettings settings) {
    int batch = batch(model, tokens, settings);
    float[][] losses = new float[tokens.length][];
    for (int from = 0; from < Math.max(1, tokens.length); from += batch) {
      int[][] part = Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + batch));
      float[][] some = model.lossPerToken(part, settings.hooks()).toFloatMatrix();
      System.arraycopy(some, 0, losses, from, part.length);
    }
    return losses;
  }

  private static int batch(Transformer model, int[][] tokens, RunSettings settings) {
    return settings.batchFor(model.config(), tokens.length == 0 ? 1 : tokens[0].length);
  }

  /** Patterns of one layer, [batch, head, dest, src] in row-major order. */
  private static void read(INDArray patterns, int firstSequence, int layer, PatternReader reader) {
    FloatBuffer values = FlatFloats.own(patterns);
    int heads = (int) patterns.size(1);
    int length = (int) patterns.size(2);
    for (int b = 0; b < patterns.size(0); b++) {
      for (int head = 0; head < heads; head++) {
        int base = (b * heads + head) * length * length;
        reader.read(firstSequence + b, layer, head, new Pattern(values, base, length));
      }
    }
    Reference.reachabilityFence(patterns);
  }
}
