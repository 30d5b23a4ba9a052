package dev.circuitscope.core.array;

/**
 * Working memory of the calling thread, reused from task to task. Each slot is one array; a task
 * that needs two at once names two slots.
 */
public final class Scratch {

  private static final int SLOTS = 4;
  private static final ThreadLocal<float[][]> TILES =
      ThreadLocal.withInitial(() -> new float[SLOTS][0]);

  private static final ThreadLocal<FloatBlock> BLOCK =
      ThreadLocal.withInitial(() -> FloatBlock.allocate(0));

  private Scratch() {}

  /**
   * An off-heap block of at least n floats with arbitrary contents, the calling thread's until it
   * asks again.
   *
   * @param n the least length
   * @return the block
   */
  public static FloatBlock block(int n) {
    if (BLOCK.get().length() < n) {
      BLOCK.set(FloatBlock.allocate(n));
    }
    return BLOCK.get();
  }

  /**
   * An array of at least n floats with arbitrary contents, the calling thread's until it asks for
   * the same slot again.
   *
   * @param slot from 0 to 3
   * @param n the least length
   * @return the tile
   */
  public static float[] tile(int slot, int n) {
    float[][] tiles = TILES.get();
    if (tiles[slot].length < n) {
      tiles[slot] = new float[Math.max(n, 2 * tiles[slot].length)];
    }
    return tiles[slot];
  }
}
