package dev.circuitscope.core.array;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Blocks to use again. A fresh block costs a page fault for every 4 KB of it, as much as the
 * arithmetic on it; runs of the same shape take the blocks that the one before gave back.
 *
 * <p>A block that is never given back is freed with its last reference. The pool keeps at most a
 * fixed number of bytes, the system property {@code circuitscope.pool.bytes} or 512 MB, and is safe
 * for use by several threads.
 */
public final class BlockPool {

  private static final BlockPool SHARED =
      new BlockPool(Long.getLong("circuitscope.pool.bytes", 512L << 20));

  private final long capacity;
  private final Map<Integer, ArrayDeque<FloatBlock>> free = new HashMap<>();
  private long kept;

  BlockPool(long capacity) {
    this.capacity = capacity;
  }

  /**
   * The pool of this JVM.
   *
   * @return the pool
   */
  public static BlockPool shared() {
    return SHARED;
  }

  /**
   * A block with arbitrary contents, used before or new.
   *
   * @param length the number of floats
   * @return the block, the caller's until given back
   */
  public synchronized FloatBlock take(long length) {
    ArrayDeque<FloatBlock> blocks = length > Integer.MAX_VALUE ? null : free.get((int) length);
    if (blocks == null || blocks.isEmpty()) {
      return FloatBlock.allocate(length);
    }
    kept -= 4L * length;
    return blocks.pop();
  }

  /**
   * Gives a block back. Nothing may read or write it afterwards.
   *
   * @param block a block that nobody else holds
   */
  public synchronized void give(FloatBlock block) {
    long bytes = 4L * block.length();
    if (kept + bytes <= capacity) {
      kept += bytes;
      free.computeIfAbsent(block.length(), n -> new ArrayDeque<>()).push(block);
    }
  }
}
