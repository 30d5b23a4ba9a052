package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.core.Library;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.toymodels.kernels.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;

/**
 * Trains the instances of a {@link ToyConfig} with AdamW on fresh samples, as the public notebook
 * of "Toy Models of Superposition" (Elhage et al., 2022) does.
 *
 * <p>Data, forward and backward pass and update are one fused float32 loop per instance, and
 * instances run on all threads of {@link Parallel}. The result is the same bits for any number of
 * threads, and an instance's result does not depend on what other instances there are.
 *
 * <pre>{@code
 * ToyConfig config =
 *     ToyConfig.builder(5, 2).geometricImportance(0.9).featureProbability(0.05).restarts(4).build();
 * ToyResults results = ToyTrainer.of(config).train();
 * Geometry pentagon = results.best(0).geometry(); // every dimensionality() is near 2/5
 * }</pre>
 *
 * <p>Every kind of model is trained this way ({@link ToyArchitecture}), on features of any
 * distribution ({@link FeatureDistribution}):
 *
 * <pre>{@code
 * ToyConfig pairs =
 *     ToyConfig.builder(4, 2)
 *         .distribution(new AnticorrelatedSets(2))
 *         .featureProbability(0.05)
 *         .build();
 * ToyConfig absolute =
 *     ToyConfig.builder(3, 6)
 *         .architecture(ToyArchitecture.ABSOLUTE_VALUE)
 *         .featureProbability(0.3)
 *         .build();
 * }</pre>
 *
 * <p>Interrupting the calling thread ends the training with a {@link CancellationException}.
 */
public final class ToyTrainer {

  /** Multiply-adds per matrix and step from which on sharing one step among threads pays. */
  private static final long WORTH_SPLITTING = 1 << 19;

  private static final int HELD_OUT_SAMPLES = 1 << 16;
  private static final long HELD_OUT = 0x68656C64L;

  private final ToyConfig config;
  private int recordEvery = 100;
  private final TreeSet<Integer> snapshotSteps = new TreeSet<>();
  private TrainingListener listener = (instance, step, loss) -> {};

  private ToyTrainer(ToyConfig config) {
    this.config = config;
  }

  /**
   * A trainer that records the loss every 100 steps, takes no snapshots and tells nobody.
   *
   * @param config what to train
   * @return a trainer
   */
  public static ToyTrainer of(ToyConfig config) {
    return new ToyTrainer(config);
  }

  /**
   * Sets how often the loss is recorded and the listener called.
   *
   * @param steps the length of a window, at least 1
   * @return this
   * @throws IllegalArgumentException if {@code steps} is less than 1
   */
  public ToyTrainer recordEvery(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("recordEvery must be at least 1 step, was " + steps);
    }
    recordEvery = steps;
    return this;
  }

  /**
   * Asks for the weights in the middle of training.
   *
   * @param steps after how many optimiser steps, each from 0 to the configured number
   * @return this
   * @throws IllegalArgumentException if a step is outside the training
   */
  public ToyTrainer snapshotAt(int... steps) {
    for (int step : steps) {
      if (step < 0 || step > config.steps()) {
        throw new IllegalArgumentException(
            "a snapshot step must be from 0 to " + config.steps() + ", was " + step);
      }
      snapshotSteps.add(step);
    }
    return this;
  }

  /**
   * Sets who hears of progress.
   *
   * @param hears called when a loss is recorded
   * @return this
   */
  public ToyTrainer listener(TrainingListener hears) {
    listener = hears;
    return this;
  }

  /**
   * Trains every instance.
   *
   * @return one run per instance, in order
   * @throws ToyDivergedException if a loss becomes infinite or NaN
   * @throws CancellationException if the calling thread is interrupted, or was
   */
  public ToyResults train() {
    Thread caller = Thread.currentThread();
    ToyRun[] runs = new ToyRun[config.instances()];
    // Whole instances in parallel as far as they fill the threads, then each step of the rest.
    boolean worth = (long) config.features() * config.hidden() * config.batch() >= WORTH_SPLITTING;
    int threads = Parallel.threads();
    int whole = worth ? runs.length / threads * threads : runs.length;
    Parallel.forEach(whole, i -> runs[i] = train(i, false, caller));
    for (int i = whole; i < runs.length; i++) {
      runs[i] = train(i, true, caller);
    }
    return new ToyResults(config, Library.version(), List.of(runs));
  }

  private ToyRun train(int index, boolean split, Thread caller) {
    Instance instance = new Instance(config, index, split);
    List<Integer> steps = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    List<ToySnapshot> snapshots = new ArrayList<>();
    double window = 0;
    int windowStart = 0;
    for (int step = 0; step <= config.steps(); step++) {
      if (snapshotSteps.contains(step)) {
        snapshots.add(new ToySnapshot(step, instance.model()));
      }
      if (step > windowStart && (step - windowStart == recordEvery || step == config.steps())) {
        losses.add(window / (step - windowStart));
        steps.add(step);
        report(index, step, losses.get(losses.size() - 1), caller);
        window = 0;
        windowStart = step;
      }
      if (step < config.steps()) {
        double loss = instance.step();
        if (!Double.isFinite(loss)) {
          throw new ToyDivergedException(config, index, step, loss);
        }
        window += loss;
      }
    }
    ToyModel model = instance.model();
    return new ToyRun(
        index,
        config.featureProbability(index),
        index / config.featureProbabilities().size(),
        model,
        heldOutLoss(model, index),
        new LossHistory(steps, losses),
        snapshots);
  }

  private synchronized void report(int index, int step, double loss, Thread caller) {
    if (caller.isInterrupted()) {
      throw new CancellationException(
          "training was interrupted at step " + step + " of instance " + index);
    }
    listener.onLoss(index, step, loss);
  }

  private double heldOutLoss(ToyModel model, int index) {
    int group = index % config.featureProbabilities().size();
    long samples = CounterRandom.key(config.seed() ^ HELD_OUT, group);
    return model.sampledLoss(
        config.importance(),
        config.distribution(),
        config.featureProbability(index),
        HELD_OUT_SAMPLES,
        samples);
  }
}
