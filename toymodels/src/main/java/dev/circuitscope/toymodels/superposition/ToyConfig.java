package dev.circuitscope.toymodels.superposition;

import java.util.ArrayList;
import java.util.List;

/**
 * Everything that decides what a training of toy models ends in.
 *
 * <p>One training holds several independent instances of the same shape: every feature probability
 * of the list, {@code restarts} times over. Instance i has the probability at index i modulo the
 * length of the list, so raising {@code restarts} adds instances and leaves the earlier ones as
 * they were. An instance's weights and data depend on the seed and its index alone.
 *
 * <pre>{@code
 * ToyConfig config =
 *     ToyConfig.builder(5, 2)
 *         .geometricImportance(0.9)
 *         .featureProbabilities(ToyConfig.logSpaced(1, 1 / 20.0, 10))
 *         .restarts(4)
 *         .build();
 * }</pre>
 *
 * @param features n, the length of x; at least 1
 * @param hidden m, the length of h; at least 1
 * @param importance I_i, the weight of feature i in the loss; n numbers, not negative
 * @param featureProbabilities p = 1 - S, how often a feature is not zero; each in (0, 1]
 * @param distribution which features are active together, and their values
 * @param restarts instances per feature probability; at least 1
 * @param architecture the kind of model
 * @param training how long, how fast, on how many samples
 * @param seed of initial weights and data
 */
public record ToyConfig(
    int features,
    int hidden,
    List<Float> importance,
    List<Double> featureProbabilities,
    FeatureDistribution distribution,
    int restarts,
    ToyArchitecture architecture,
    ToyTraining training,
    long seed) {

  /**
   * Checks every component.
   *
   * @param features n
   * @param hidden m
   * @param importance I_i
   * @param featureProbabilities p = 1 - S
   * @param distribution of the features
   * @param restarts instances per feature probability
   * @param architecture the kind of model
   * @param training how long, how fast, on how many samples
   * @param seed of initial weights and data
   * @throws IllegalArgumentException naming the component and its value, if one is out of range
   */
  public ToyConfig {
    importance = List.copyOf(importance);
    featureProbabilities = List.copyOf(featureProbabilities);
    check(features >= 1, "features must be at least 1, was " + features);
    check(hidden >= 1, "hidden must be at least 1, was " + hidden);
    check(
        (long) features * hidden <= 1 << 22,
        "features * hidden must be at most 2^22, was " + features + " * " + hidden);
    check(
        importance.size() == features,
        "importance needs one number per feature: %d features, but %d numbers"
            .formatted(features, importance.size()));
    for (float weight : importance) {
      check(
          weight >= 0 && weight < Float.POSITIVE_INFINITY,
          "importance must be finite and not negative, was " + weight);
    }
    check(!featureProbabilities.isEmpty(), "featureProbabilities must hold at least one number");
    for (double p : featureProbabilities) {
      check(p > 0 && p <= 1, "a feature probability (1 - sparsity) must be in (0, 1], was " + p);
    }
    check(restarts >= 1, "restarts must be at least 1, was " + restarts);
    check(architecture != null, "architecture must not be null");
    check(training != null, "training must not be null");
    check(distribution != null, "distribution must not be null");
    for (double p : featureProbabilities) {
      distribution.requireFits(features, p);
    }
  }

  /** Independent features, signed if absolute values are to be computed. */
  static FeatureDistribution usualDistribution(ToyArchitecture architecture) {
    return architecture == ToyArchitecture.ABSOLUTE_VALUE
        ? SignedFeatures.INDEPENDENT
        : IndependentFeatures.EQUAL;
  }

  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /**
   * Starts from the settings of "Toy Models of Superposition": ReLU output, independent features of
   * uniform importance, p = 1, one instance, {@link ToyTraining#DEFAULT}, seed 0.
   *
   * @param features n
   * @param hidden m
   * @return a builder
   */
  public static Builder builder(int features, int hidden) {
    return new Builder(features, hidden);
  }

  /**
   * Numbers in geometric progression, as the paper's sparsities are.
   *
   * @param first the first number, positive
   * @param last the last number, positive; unused if {@code count} is 1
   * @param count how many, at least 1
   * @return {@code count} numbers from {@code first} to {@code last}
   * @throws IllegalArgumentException if a number is not positive
   */
  public static List<Double> logSpaced(double first, double last, int count) {
    check(
        first > 0 && last > 0 && count >= 1,
        "logSpaced needs positive ends and a positive count, was logSpaced("
            + first
            + ", "
            + last
            + ", "
            + count
            + ")");
    List<Double> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(
          i == 0
              ? first
              : i == count - 1 ? last : first * Math.pow(last / first, i / (count - 1.0)));
    }
    return List.copyOf(numbers);
  }

  /**
   * The number of independent models that one training makes.
   *
   * @return feature probabilities times restarts
   */
  public int instances() {
    return featureProbabilities.size() * restarts;
  }

  /**
   * The feature probability of one instance.
   *
   * @param instance from 0 to {@code instances() - 1}
   * @return p
   */
  public double featureProbability(int instance) {
    return featureProbabilities.get(instance % featureProbabilities.size());
  }

  /**
   * The length of the training.
   *
   * @return optimiser steps
   */
  public int steps() {
    return training.steps();
  }

  /**
   * The size of a batch.
   *
   * @return samples per step
   */
  public int batch() {
    return training.batch();
  }

  /**
   * The learning rate before its schedule.
   *
   * @return of AdamW
   */
  public double learningRate() {
    return training.learningRate();
  }

  /**
   * The weight decay.
   *
   * @return of AdamW
   */
  public double weightDecay() {
    return training.weightDecay();
  }

  /** Builds a {@link ToyConfig}; each setter returns the builder. */
  public static final class Builder {
    private final int features;
    private final int hidden;
    private List<Float> importance;
    private List<Double> featureProbabilities = List.of(1.0);
    private FeatureDistribution distribution;
    private int restarts = 1;
    private ToyArchitecture architecture = ToyArchitecture.RELU_OUTPUT;
    private int steps = ToyTraining.DEFAULT.steps();
    private int batch = ToyTraining.DEFAULT.batch();
    private double learningRate = ToyTraining.DEFAULT.learningRate();
    private ToySchedule schedule = ToyTraining.DEFAULT.schedule();
    private double weightDecay = ToyTraining.DEFAULT.weightDecay();
    private long seed;

    private Builder(int features, int hidden) {
      this.features = features;
      this.hidden = hidden;
      geometricImportance(1);
    }

    /**
     * Sets I_i one by one.
     *
     * @param perFeature n weights
     * @return this
     */
    public Builder importance(float... perFeature) {
      importance = new ArrayList<>();
      for (float weight : perFeature) {
        importance.add(weight);
      }
      return this;
    }

    /**
     * Sets I_i = ratio^i.
     *
     * @param ratio 1 for uniform importance
     * @return this
     */
    public Builder geometricImportance(double ratio) {
      importance = new ArrayList<>();
      for (int i = 0; i < features; i++) {
        importance.add((float) Math.pow(ratio, i));
      }
      return this;
    }

    /**
     * Sets one feature probability.
     *
     * @param p 1 - sparsity
     * @return this
     */
    public Builder featureProbability(double p) {
      return featureProbabilities(List.of(p));
    }

    /**
     * Sets the feature probabilities, each of which gets {@link #restarts} instances.
     *
     * @param each 1 - sparsity
     * @return this
     */
    public Builder featureProbabilities(List<Double> each) {
      featureProbabilities = each;
      return this;
    }

    /**
     * Sets the number of instances per feature probability.
     *
     * @param count at least 1
     * @return this
     */
    public Builder restarts(int count) {
      restarts = count;
      return this;
    }

    /**
     * Sets which features are active together, and their values. If it is not set, features are
     * independent, and signed if the architecture computes absolute values.
     *
     * @param shape of the data, for every feature probability
     * @return this
     */
    public Builder distribution(FeatureDistribution shape) {
      distribution = shape;
      return this;
    }

    /**
     * Sets the kind of model.
     *
     * @param kind of model
     * @return this
     */
    public Builder architecture(ToyArchitecture kind) {
      architecture = kind;
      return this;
    }

    /**
     * Sets the output activation of a model without a hidden ReLU.
     *
     * @param output ReLU or none
     * @return this
     */
    public Builder activation(ToyActivation output) {
      return architecture(output == null ? null : ToyArchitecture.of(output));
    }

    /**
     * Sets everything about how models are trained at once.
     *
     * @param how steps, batch, learning rate, schedule and weight decay
     * @return this
     */
    public Builder training(ToyTraining how) {
      steps = how.steps();
      batch = how.batch();
      learningRate = how.learningRate();
      schedule = how.schedule();
      weightDecay = how.weightDecay();
      return this;
    }

    /**
     * Sets the length of the training.
     *
     * @param count optimiser steps
     * @return this
     */
    public Builder steps(int count) {
      steps = count;
      return this;
    }

    /**
     * Sets the size of a batch.
     *
     * @param samples per step
     * @return this
     */
    public Builder batch(int samples) {
      batch = samples;
      return this;
    }

    /**
     * Sets the learning rate before its schedule.
     *
     * @param rate positive
     * @return this
     */
    public Builder learningRate(double rate) {
      learningRate = rate;
      return this;
    }

    /**
     * Sets how the learning rate changes.
     *
     * @param shape a factor over time
     * @return this
     */
    public Builder schedule(ToySchedule shape) {
      schedule = shape;
      return this;
    }

    /**
     * Sets AdamW's weight decay.
     *
     * @param decay not negative
     * @return this
     */
    public Builder weightDecay(double decay) {
      weightDecay = decay;
      return this;
    }

    /**
     * Sets the seed of initial weights and data.
     *
     * @param value any number
     * @return this
     */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /**
     * Makes the configuration.
     *
     * @return a checked configuration
     * @throws IllegalArgumentException naming the setting that is out of range
     */
    public ToyConfig build() {
      return new ToyConfig(
          features,
          hidden,
          importance,
          featureProbabilities,
          distribution == null ? usualDistribution(architecture) : distribution,
          restarts,
          architecture,
          new ToyTraining(steps, batch, learningRate, schedule, weightDecay),
          seed);
    }
  }
}
