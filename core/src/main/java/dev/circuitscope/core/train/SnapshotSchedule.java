package dev.circuitscope.core.train;

import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * At which steps to look at a model in training. Step 0, the untrained model, and the last step
 * always belong to it.
 *
 * <pre>{@code
 * SnapshotSchedule.logSpaced(3).steps(1000);  // 0, 1, 2, 5, 10, 22, 46, 100, 215, 464, 1000
 * }</pre>
 */
public final class SnapshotSchedule {

  private final LongFunction<LongStream> inner;

  private SnapshotSchedule(LongFunction<LongStream> inner) {
    this.inner = inner;
  }

  /**
   * At equal distances.
   *
   * @param n the number of updates between two, at least 1
   * @return the schedule
   * @throws IllegalArgumentException if n is less than 1
   */
  public static SnapshotSchedule every(long n) {
    requirePositive("distance", n);
    return new SnapshotSchedule(last -> LongStream.rangeClosed(0, last / n).map(i -> i * n));
  }

  /**
   * At equal ratios: the steps nearest to 10^(i / perDecade).
   *
   * @param perDecade how many between a step and ten times it, at least 1
   * @return the schedule
   * @throws IllegalArgumentException if perDecade is less than 1
   */
  public static SnapshotSchedule logSpaced(int perDecade) {
    requirePositive("number per decade", perDecade);
    return new SnapshotSchedule(
        last ->
            LongStream.iterate(0, i -> i + 1)
                .map(i -> Math.round(Math.pow(10, (double) i / perDecade)))
                .takeWhile(step -> step <= last));
  }

  /**
   * At given steps.
   *
   * @param steps in any order, from 0; those beyond the end of a training are left out
   * @return the schedule
   * @throws IllegalArgumentException if a step is negative
   */
  public static SnapshotSchedule at(long... steps) {
    long[] copy = steps.clone();
    for (long step : copy) {
      if (step < 0) {
        throw new IllegalArgumentException("snapshots: step " + step + " is negative");
      }
    }
    return new SnapshotSchedule(last -> Arrays.stream(copy).filter(step -> step <= last));
  }

  /**
   * The steps of a training.
   *
   * @param last its number of updates, from 0
   * @return ascending, without repetition, from 0 to {@code last}
   */
  public long[] steps(long last) {
    return LongStream.concat(LongStream.of(0, last), inner.apply(last))
        .sorted()
        .distinct()
        .toArray();
  }

  private static void requirePositive(String what, long n) {
    if (n < 1) {
      throw new IllegalArgumentException("snapshots: " + what + " " + n + " must be at least 1");
    }
  }
}
