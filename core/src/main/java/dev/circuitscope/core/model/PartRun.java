package dev.circuitscope.core.model;

import dev.circuitscope.core.hook.ActivationCache;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a partial run gave: a {@link Run} whose outcome may be a residual stream. */
public final class PartRun implements AutoCloseable {

  private final INDArray output;
  private final ActivationCache cache;
  private final Runnable release;
  private boolean closed;

  PartRun(INDArray output, ActivationCache cache, Runnable release) {
    this.output = output;
    this.cache = cache;
    this.release = release;
  }

  /**
   * Where the run ended.
   *
   * @return the residual stream [batch, pos, d_model], or the logits [batch, pos, d_vocab_out]
   */
  public INDArray output() {
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
