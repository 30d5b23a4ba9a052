package dev.circuitscope.core.hook;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The activations, or the gradients at activations, that a run kept, in the order in which it
 * reached them.
 *
 * <pre>{@code
 * INDArray a = cache.get(HookPoint.pattern(0));   // [batch, head, dest, src]
 * INDArray z = cache.get("blocks.1.attn.hook_z"); // [batch, pos, head, d_head]
 * }</pre>
 *
 * <p>Arrays are the cache's own: they stay as they are when the model runs again. A program that
 * runs a model many times can {@link #close} each cache to hand the memory to the next run.
 */
public final class ActivationCache implements AutoCloseable {

  private final Map<HookPoint, INDArray> kept;
  private final Runnable release;
  private boolean closed;

  /**
   * A cache over arrays that nobody else changes.
   *
   * @param kept the arrays by point, in order
   */
  public ActivationCache(Map<HookPoint, INDArray> kept) {
    this(kept, () -> {});
  }

  /**
   * A cache that hands memory back when closed.
   *
   * @param kept the arrays by point, in order
   * @param release run once, when the cache is closed
   */
  public ActivationCache(Map<HookPoint, INDArray> kept, Runnable release) {
    this.kept = Collections.unmodifiableMap(new LinkedHashMap<>(kept));
    this.release = release;
  }

  /**
   * The activation at a point.
   *
   * @param point where
   * @return the array; its axes are {@link HookPoint#axes}
   * @throws IllegalArgumentException if the run did not keep it, with how to ask for it
   * @throws IllegalStateException if the cache was closed
   */
  public INDArray get(HookPoint point) {
    if (closed) {
      throw new IllegalStateException("the cache was closed; its arrays are gone");
    }
    INDArray array = kept.get(point);
    if (array == null) {
      throw new IllegalArgumentException(
          point
              + " was not kept by this run; ask for it with Capture.only(HookPoint.parse(\""
              + point
              + "\"))"
              + (point.site().onDemand() ? " or Capture.everything()" : " or Capture.all()")
              + ". Kept: "
              + kept.keySet());
    }
    return array;
  }

  /**
   * The activation at a point given by TransformerLens's name or shorthand.
   *
   * @param name see {@link HookPoint#parse}
   * @return the array
   */
  public INDArray get(String name) {
    return get(HookPoint.parse(name));
  }

  /**
   * Whether the run kept a point.
   *
   * @param point where
   * @return true if {@link #get} will answer
   */
  public boolean has(HookPoint point) {
    return kept.containsKey(point);
  }

  /**
   * The points that were kept.
   *
   * @return in the order in which the run reached them
   */
  public Set<HookPoint> points() {
    return kept.keySet();
  }

  /** Hands the memory back; arrays got from this cache must not be used afterwards. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release.run();
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("ActivationCache of " + kept.size() + " activations\n");
    kept.forEach(
        (point, array) ->
            text.append(
                "  %-34s %s %s%n".formatted(point, point.axes(), Arrays.toString(array.shape()))));
    return text.toString();
  }
}
