package dev.circuitscope.toymodels.superposition;

/** How the learning rate changes over a training, as a factor on the configured rate. */
public enum ToySchedule {
  /** The factor is 1 throughout. */
  CONSTANT {
    @Override
    public double factor(int step, int steps) {
      return 1;
    }
  },

  /** Falls on a straight line: 1 - step / steps. */
  LINEAR {
    @Override
    public double factor(int step, int steps) {
      return 1 - (double) step / steps;
    }
  },

  /** Falls as a quarter of a cosine wave, slowly first: cos(pi/2 * step / (steps - 1)). */
  COSINE {
    @Override
    public double factor(int step, int steps) {
      return steps == 1 ? 1 : Math.cos(0.5 * Math.PI * step / (steps - 1));
    }
  };

  /**
   * The factor at one step.
   *
   * @param step from 0 to {@code steps - 1}
   * @param steps the length of the training
   * @return the factor on the learning rate, from 0 to 1
   */
  public abstract double factor(int step, int steps);
}
