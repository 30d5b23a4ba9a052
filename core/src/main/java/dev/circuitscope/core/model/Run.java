package dev.circuitscope.core.model;

import dev.circuitscope.core.array.BlockPool;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.hook.ActivationCache;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a run gave. Its arrays stay as they are when the model runs again; a program that runs a
 * model many times can close each run to hand the memory to the next.
 *
 * <pre>{@code
 * try (Run run = model.runWithCache(tokens)) {
 *   INDArray a = run.cache().get(HookPoint.pattern(0));
 * }
 * }</pre>
 */
public final class Run implements AutoCloseable {

  private final INDArray output;
  private final boolean unembedded;
  private final ActivationCache cache;
  private final Runnable release;
  private boolean closed;

  private Run(INDArray output, boolean unembedded, ActivationCache cache, Runnable release) {
    this.output = output;
    this.unembedded = unembedded;
    this.cache = cache;
    this.release = release;
  }

  /** Does what the tape has planned, which fills the logits. */
  static Run toLogits(FloatBlock logits, Tape acts) {
    return of(logits, true, acts);
  }

  /** Does what the tape has planned, which fills the residual stream. */
  static Run toResid(FloatBlock resid, Tape acts) {
    return of(resid, false, acts);
  }

  private static Run of(FloatBlock output, boolean unembedded, Tape acts) {
    ActivationCache cache = acts.finish();
    Rows rows = acts.rows();
    int width = output.length() / rows.count();
    return new Run(
        output.asArray(rows.batch(), rows.pos(), width),
        unembedded,
        cache,
        () -> BlockPool.shared().give(output));
  }

  /**
   * Where the run ended.
   *
   * @return the logits [batch, pos, d_vocab_out]; of a {@link ModelPart} that stops before them,
   *     the residual stream [batch, pos, d_model]
   */
  public INDArray output() {
    return output;
  }

  /**
   * The logits.
   *
   * @return [batch, pos, d_vocab_out]
   * @throws IllegalStateException if the run stopped before them
   */
  public INDArray logits() {
    if (!unembedded) {
      throw new IllegalStateException(
          "the run stopped before the logits; its output is the residual stream "
              + Arrays.toString(output.shape()));
    }
    return output;
  }

  /**
   * The activations that were asked for.
   *
   * @return the cache
   */
  public ActivationCache cache() {
    return cache;
  }

  /** Hands the memory of output and cache back; their arrays must not be used afterwards. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      cache.close();
      release.run();
    }
  }
}
