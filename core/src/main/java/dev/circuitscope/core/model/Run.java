package dev.circuitscope.core.model;

import dev.circuitscope.core.hook.ActivationCache;
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

  private final INDArray logits;
  private final ActivationCache cache;
  private final Runnable release;
  private boolean closed;

  Run(INDArray logits, ActivationCache cache, Runnable release) {
    this.logits = logits;
    this.cache = cache;
    this.release = release;
  }

  /**
   * The logits.
   *
   * @return [batch, pos, d_vocab_out]
   */
  public INDArray logits() {
    return logits;
  }

  /**
   * The activations that were asked for.
   *
   * @return the cache
   */
  public ActivationCache cache() {
    return cache;
  }

  /** Hands the memory of logits and cache back; their arrays must not be used afterwards. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      cache.close();
      release.run();
    }
  }
}
