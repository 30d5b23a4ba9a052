package dev.circuitscope.circuits.known;

import java.util.SplittableRandom;

/**
 * The weights of the heads that have no role: normally distributed, or all zero. Noise of deviation
 * s changes what the residual stream holds, whose entries are about 1, by about 2 s^2 sqrt(d_head)
 * per head.
 *
 * @param deviation of each weight, from 0 (zero heads) to 0.05
 * @param seed of the weights
 */
public record Distractors(double deviation, long seed) {

  /** Zero heads, which attend to all positions alike and write nothing. */
  public static final Distractors NONE = new Distractors(0, 0);

  private static final double MOST = 0.05;

  /**
   * Checks the deviation.
   *
   * @param deviation of each weight, from 0 (zero heads) to 0.05
   * @param seed of the weights
   * @throws IllegalArgumentException if it is outside its range, where noise would drown circuits
   */
  public Distractors {
    if (!(deviation >= 0 && deviation <= MOST)) {
      throw new IllegalArgumentException(
          "distractors: the weights' deviation is from 0 to %s, where noise drowns circuits; was %s"
              .formatted(MOST, deviation));
    }
  }

  /** The weights of one matrix of one head. */
  SplittableRandom random(int layer, int head, char matrix) {
    long place = (layer * 1024L + head) * 128L + matrix;
    return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + place).split();
  }
}
