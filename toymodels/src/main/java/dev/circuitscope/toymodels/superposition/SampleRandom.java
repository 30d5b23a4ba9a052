package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.toymodels.kernels.CounterRandom;

/**
 * The random numbers of one sample, by number: the same channel gives the same value however often
 * it is asked for, and different channels are independent.
 *
 * <p>By convention channel i belongs to feature i; what features share takes channels from the
 * number of features on.
 */
public final class SampleRandom {

  private final long stream;
  private final int sample;

  SampleRandom(long stream, int sample) {
    this.stream = stream;
    this.sample = sample;
  }

  /**
   * The stream of one group of features, for blocks and single samples alike. It may be the key of
   * one of our channels, but is never used as such: a group has channels of its own.
   */
  static long groupStream(long stream, int group) {
    return CounterRandom.key(stream, group);
  }

  /**
   * A number uniform on [0, 1].
   *
   * @param channel which
   * @return the number
   */
  public float uniform(int channel) {
    return CounterRandom.uniform(CounterRandom.key(stream, channel), sample);
  }

  /**
   * A number that is 0 with probability 1 - p, else uniform on [0, 1].
   *
   * @param channel which
   * @param p above 0, at most 1
   * @return max(0, 1 - u/p) for the channel's uniform number u
   */
  public float sparse(int channel, double p) {
    float slope = CounterRandom.UNIT / (float) p;
    int bits = CounterRandom.bits(CounterRandom.key(stream, channel), sample) >>> 1;
    return Math.max(0f, 1f - bits * slope);
  }

  /**
   * Random numbers of their own for a group of features.
   *
   * @param index of the group
   * @return independent of these and of other groups'
   */
  public SampleRandom group(int index) {
    return new SampleRandom(groupStream(stream, index), sample);
  }
}
