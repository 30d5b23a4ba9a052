package dev.circuitscope.toymodels.kernels;

/**
 * Random numbers as a pure function of where they are used, not of what was drawn before: so any
 * part of a batch can be drawn by any thread.
 *
 * <p>A stream is named by a 64-bit key; its i-th number is a 32-bit mix of i and both halves of the
 * key. The constants of {@link #bits} are the lowest-bias pair for its shape of mixing function
 * found by exhaustive search (hash-prospector); those of {@link #mix} are SplitMix64's.
 */
public final class CounterRandom {

  /** What successive numbers of a stream are apart before mixing. */
  public static final int WEYL = 0x9E3779B9;

  /** Multiplier of the first round. */
  public static final int FIRST = 0x7FEB352D;

  /** Multiplier of the second round. */
  public static final int SECOND = 0x846CA68B;

  /** Turns 31 random bits into a number from 0 to 1. */
  public static final float UNIT = 0x1p-31f;

  private CounterRandom() {}

  /**
   * The key of a sub-stream.
   *
   * @param key names the stream
   * @param index of the sub-stream
   * @return its key
   */
  public static long key(long key, long index) {
    return mix(key + 0x9E3779B97F4A7C15L * (index + 1));
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * 32 random bits.
   *
   * @param key names the stream
   * @param index in the stream
   * @return the bits
   */
  public static int bits(long key, int index) {
    int z = (int) key + index * WEYL;
    z = (z ^ (z >>> 16)) * FIRST;
    z = (z ^ (z >>> 15) ^ (int) (key >>> 32)) * SECOND;
    return z ^ (z >>> 16);
  }

  /**
   * Uniform on [0, 1], in steps of 2^-31 or of a float's precision.
   *
   * @param key names the stream
   * @param index in the stream
   * @return the number
   */
  public static float uniform(long key, int index) {
    return (bits(key, index) >>> 1) * UNIT;
  }

  /**
   * Standard normal, by Box and Muller; StrictMath so that every JVM gives the same bits.
   *
   * @param key names the stream
   * @param index in the stream
   * @return the number
   */
  public static double gaussian(long key, int index) {
    double u = (bits(key, 2 * index) >>> 1) * 0x1p-31 + 0x1p-32;
    double v = (bits(key, 2 * index + 1) >>> 1) * 0x1p-31;
    return StrictMath.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * StrictMath.PI * v);
  }
}
