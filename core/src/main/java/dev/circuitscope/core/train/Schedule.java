package dev.circuitscope.core.train;

/**
 * How the learning rate moves through a training: up in a straight line from 0, then constant or
 * down along half a cosine. A pure function of the step.
 *
 * <p>After n of N updates and w of warm-up, the fraction of the peak that update n + 1 uses is
 *
 * <pre>
 * (n + 1) / w                                          while n + 1 &lt;= w
 * f + (1 - f) (1 + cos(pi (n + 1 - w) / (N - w))) / 2  afterwards
 * </pre>
 *
 * so that update w is the first at the peak and the last update uses the final fraction f.
 *
 * @param warmup the number of updates until the peak, from 0
 * @param finalFraction what is left of the peak at the end, 0 to 1; 1 keeps it constant
 */
public record Schedule(long warmup, double finalFraction) {

  /**
   * Checks that the warm-up is not negative and the fraction from 0 to 1.
   *
   * @param warmup updates until the peak
   * @param finalFraction what is left of the peak at the end
   * @throws IllegalArgumentException if one is outside its range
   */
  public Schedule {
    if (warmup < 0) {
      throw new IllegalArgumentException("schedule: warm-up of " + warmup + " steps is negative");
    }
    if (!(finalFraction >= 0 && finalFraction <= 1)) {
      throw new IllegalArgumentException(
          "schedule: final fraction " + finalFraction + " is outside 0 to 1");
    }
  }

  /**
   * The peak throughout.
   *
   * @return the schedule, without warm-up
   */
  public static Schedule constant() {
    return new Schedule(0, 1);
  }

  /**
   * Half a cosine from the peak down.
   *
   * @param finalFraction what is left of the peak at the end, 0 to 1
   * @return the schedule, without warm-up
   */
  public static Schedule cosine(double finalFraction) {
    return new Schedule(0, finalFraction);
  }

  /**
   * The same with a straight rise from 0 before it.
   *
   * @param steps the number of updates until the peak, from 0
   * @return a new schedule
   */
  public Schedule withWarmup(long steps) {
    return new Schedule(steps, finalFraction);
  }

  /**
   * The fraction of the peak that an update uses.
   *
   * @param step updates made before it, from 0; from {@code steps} on the final fraction
   * @param steps updates of the whole training
   * @return 0 to 1
   */
  public double fraction(long step, long steps) {
    long last = Math.max(1, steps);
    long update = Math.min(step + 1, last);
    if (update <= warmup) {
      return (double) update / warmup;
    }
    double progress = (double) (update - warmup) / Math.max(1, last - warmup);
    return finalFraction + (1 - finalFraction) * (1 + Math.cos(Math.PI * progress)) / 2;
  }
}
