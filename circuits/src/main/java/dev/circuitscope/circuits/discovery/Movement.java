package dev.circuitscope.circuits.discovery;

/** Which changes of a metric speak for keeping an edge. */
public enum Movement {
  /** Any: the metric moves by at least the threshold, up or down. */
  ANY {
    @Override
    double size(double before, double after) {
      return Math.abs(after - before);
    }
  },
  /** It rises by at least the threshold: for divergences and losses. */
  RISE {
    @Override
    double size(double before, double after) {
      return after - before;
    }
  },
  /** It falls by at least the threshold: for logit differences and probabilities. */
  FALL {
    @Override
    double size(double before, double after) {
      return before - after;
    }
  };

  abstract double size(double before, double after);
}
