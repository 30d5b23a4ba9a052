package dev.circuitscope.core.text;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Random tokens: a set of ids and how likely each is. Immutable.
 *
 * <pre>{@code
 * TokenSampler any = TokenSampler.uniform(1000, 20_000);
 * TokenSampler usual =
 *     TokenSampler.byFrequency(TokenFrequencies.of(corpus)).withoutExtremes(0.04, 0.04).uniform();
 * }</pre>
 */
public final class TokenSampler {
  private final int[] ids;
  private final double[] weights;
  private final double[] cumulative;
  private final String name;

  private TokenSampler(int[] ids, double[] weights, String name) {
    if (ids.length == 0) {
      throw new IllegalArgumentException("token sampler: there is no token to draw from");
    }
    this.ids = ids;
    this.weights = weights;
    this.cumulative = weights.clone();
    Arrays.parallelPrefix(cumulative, Double::sum);
    this.name = name;
  }

  /**
   * Draws every id of a range equally often.
   *
   * @param from first id
   * @param to id behind the last
   * @return the sampler
   * @throws IllegalArgumentException if the range is empty or has negative ids
   */
  public static TokenSampler uniform(int from, int to) {
    if (from < 0 || from >= to) {
      throw new IllegalArgumentException(
          "token sampler: ids %d to %d (exclusive) are none".formatted(from, to));
    }
    double[] equal = new double[to - from];
    Arrays.fill(equal, 1);
    return new TokenSampler(
        IntStream.range(from, to).toArray(), equal, "ids %d to %d".formatted(from, to - 1));
  }

  /**
   * Draws tokens as often as they occur in text; those that do not occur are never drawn.
   *
   * @param frequencies counts of a corpus
   * @return the sampler, its tokens ordered from the most to the least frequent
   * @throws IllegalArgumentException if nothing was counted
   */
  public static TokenSampler byFrequency(TokenFrequencies frequencies) {
    int[] ids = frequencies.byFrequency();
    double[] weights = Arrays.stream(ids).mapToDouble(frequencies::count).toArray();
    return new TokenSampler(ids, weights, "%d tokens by frequency".formatted(ids.length));
  }

  /**
   * Leaves out the likeliest and the unlikeliest tokens. Only useful after {@link #byFrequency}.
   *
   * @param mostCommon share of the different tokens to drop from the likeliest, 0 to 1
   * @param leastCommon share of the different tokens to drop from the unlikeliest, 0 to 1
   * @return a new sampler
   * @throws IllegalArgumentException if nothing is left
   */
  public TokenSampler withoutExtremes(double mostCommon, double leastCommon) {
    if (!(mostCommon >= 0 && leastCommon >= 0 && mostCommon + leastCommon < 1)) {
      throw new IllegalArgumentException(
          "token sampler: shares %s and %s leave nothing".formatted(mostCommon, leastCommon));
    }
    int from = (int) Math.round(mostCommon * ids.length);
    int to = ids.length - (int) Math.round(leastCommon * ids.length);
    return new TokenSampler(
        Arrays.copyOfRange(ids, from, Math.max(from, to)),
        Arrays.copyOfRange(weights, from, Math.max(from, to)),
        "%s without the %s likeliest and %s unlikeliest".formatted(name, mostCommon, leastCommon));
  }

  /**
   * Draws the same tokens, all equally often.
   *
   * @return a new sampler
   */
  public TokenSampler uniform() {
    double[] equal = new double[ids.length];
    Arrays.fill(equal, 1);
    return new TokenSampler(ids, equal, name + ", all equally likely");
  }

  /**
   * Returns how many different tokens there are.
   *
   * @return size of the set
   */
  public int size() {
    return ids.length;
  }

  /**
   * Returns the tokens.
   *
   * @return ids, a copy
   */
  public int[] ids() {
    return ids.clone();
  }

  @Override
  public String toString() {
    return name;
  }

  int draw(SplittableRandom random) {
    double point = random.nextDouble() * cumulative[cumulative.length - 1];
    int found = Arrays.binarySearch(cumulative, point);
    // A token owns [sum before it, sum with it): an exact hit belongs to the next one.
    int index = found >= 0 ? found + 1 : -found - 1;
    return ids[Math.min(index, ids.length - 1)];
  }

  /**
   * Draws different tokens, as if one by one without putting back: those with the smallest of keys
   * -ln(u) / weight (Efraimidis and Spirakis 2006), in order of their keys.
   */
  int[] drawDistinct(int count, SplittableRandom random) {
    if (count > ids.length) {
      throw new IllegalArgumentException(
          "token sampler: %d different tokens asked for, %d there".formatted(count, ids.length));
    }
    double[] keys = new double[ids.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = -Math.log(1 - random.nextDouble()) / weights[i];
    }
    PriorityQueue<Integer> smallest = // the largest of them on top
        new PriorityQueue<>(Comparator.comparingDouble((Integer i) -> -keys[i]));
    for (int i = 0; i < keys.length; i++) {
      if (smallest.size() < count) {
        smallest.add(i);
      } else if (count > 0 && keys[i] < keys[smallest.peek()]) {
        smallest.poll();
        smallest.add(i);
      }
    }
    int[] drawn = new int[count];
    for (int i = count - 1; i >= 0; i--) {
      drawn[i] = ids[smallest.poll()];
    }
    return drawn;
  }
}
