package dev.circuitscope.core.train;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How to train. The steps, optimiser, schedule and seed decide what comes out; the others decide
 * what is recorded.
 *
 * <pre>{@code
 * var config =
 *     TrainingConfig.steps(2_000)
 *         .optimizer(AdamWConfig.of(2e-3).withBetas(0.9, 0.99))
 *         .schedule(Schedule.cosine(0.1).withWarmup(100))
 *         .evaluateEvery(250)
 *         .checkpoints(Path.of("run"), 500, 3)
 *         .log(Path.of("run.jsonl"))
 *         .build();
 * }</pre>
 *
 * @param steps the number of updates, from 0
 * @param optimizer its constants
 * @param schedule of the learning rate
 * @param seed of the initial weights, when the trainer makes them
 * @param logEvery the number of updates between two entries of the history; there is always one at
 *     step 0 and one at the end
 * @param evaluateEvery the number of updates between two measurements of the held-out loss, which
 *     is also measured at step 0 and at the end; 0 for only there
 * @param checkpoints where to save the training; empty for nowhere
 * @param log a file to which the history is written as it grows, one JSON object a line; empty for
 *     none
 * @param progress whether to show a progress bar
 */
public record TrainingConfig(
    long steps,
    AdamWConfig optimizer,
    Schedule schedule,
    long seed,
    long logEvery,
    long evaluateEvery,
    Optional<CheckpointPlan> checkpoints,
    Optional<Path> log,
    ProgressDisplay progress) {

  /**
   * Checks that all counts are possible.
   *
   * @param steps number of updates
   * @param optimizer its constants
   * @param schedule of the learning rate
   * @param seed of the initial weights
   * @param logEvery updates between two entries
   * @param evaluateEvery updates between two held-out losses
   * @param checkpoints where to save
   * @param log where to write the history
   * @param progress whether to show a bar
   * @throws IllegalArgumentException if a count is impossible
   */
  public TrainingConfig {
    requireAtLeast(0, "steps", steps);
    requireAtLeast(1, "logEvery", logEvery);
    requireAtLeast(0, "evaluateEvery", evaluateEvery);
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(checkpoints, "checkpoints");
    Objects.requireNonNull(log, "log");
    Objects.requireNonNull(progress, "progress");
  }

  /**
   * Starts a configuration.
   *
   * @param steps the number of updates, from 0
   * @return a builder: AdamW at 1e-3, 100 steps of warm-up (a tenth of the steps if that is less)
   *     and then constant, seed 0, an entry every 10 steps, nothing written, a progress bar at
   *     terminals
   */
  public static Builder steps(long steps) {
    return new Builder(steps);
  }

  /**
   * A builder that starts from this configuration.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder b = new Builder(steps);
    b.optimizer = optimizer;
    b.schedule = schedule;
    b.seed = seed;
    b.logEvery = logEvery;
    b.evaluateEvery = evaluateEvery;
    b.checkpoints = checkpoints;
    b.log = log;
    b.progress = progress;
    return b;
  }

  boolean logsAt(long step) {
    return step % logEvery == 0 || step == steps || evaluatesAt(step);
  }

  boolean evaluatesAt(long step) {
    return step == 0 || step == steps || (evaluateEvery > 0 && step % evaluateEvery == 0);
  }

  double learningRate(long step) {
    return optimizer.learningRate() * schedule.fraction(step, steps);
  }

  private static void requireAtLeast(long least, String name, long value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "training: " + name + " must be at least " + least + ", was " + value);
    }
  }

  /** Collects a configuration by name. */
  public static final class Builder {
    private final long steps;
    private AdamWConfig optimizer = AdamWConfig.of(1e-3);
    private Schedule schedule;
    private long seed;
    private long logEvery = 10;
    private long evaluateEvery;
    private Optional<CheckpointPlan> checkpoints = Optional.empty();
    private Optional<Path> log = Optional.empty();
    private ProgressDisplay progress = ProgressDisplay.AUTO;

    private Builder(long steps) {
      this.steps = steps;
      this.schedule = Schedule.constant().withWarmup(Math.max(0, Math.min(100, steps / 10)));
    }

    /**
     * The optimiser.
     *
     * @param constants of AdamW
     * @return this
     */
    public Builder optimizer(AdamWConfig constants) {
      this.optimizer = constants;
      return this;
    }

    /**
     * The schedule of the learning rate.
     *
     * @param fractions of the optimiser's learning rate
     * @return this
     */
    public Builder schedule(Schedule fractions) {
      this.schedule = fractions;
      return this;
    }

    /**
     * The seed of the initial weights.
     *
     * @param value any number
     * @return this
     */
    public Builder seed(long value) {
      this.seed = value;
      return this;
    }

    /**
     * How often to add to the history.
     *
     * @param n the number of updates between two entries, at least 1
     * @return this
     */
    public Builder logEvery(long n) {
      this.logEvery = n;
      return this;
    }

    /**
     * How often to measure the held-out loss.
     *
     * @param n the number of updates between two measurements; 0 for only the start and the end
     * @return this
     */
    public Builder evaluateEvery(long n) {
      this.evaluateEvery = n;
      return this;
    }

    /**
     * Saves checkpoints.
     *
     * @param directory created if absent
     * @param every the number of updates between two, at least 1
     * @param keep how many of the newest stay, at least 1
     * @return this
     */
    public Builder checkpoints(Path directory, long every, int keep) {
      this.checkpoints = Optional.of(new CheckpointPlan(directory, every, keep));
      return this;
    }

    /**
     * Writes the history to a file as it grows.
     *
     * @param file replaced when a training starts, cut back to the checkpoint when one resumes
     * @return this
     */
    public Builder log(Path file) {
      this.log = Optional.of(file);
      return this;
    }

    /**
     * Shows a progress bar or not.
     *
     * @param display when to show one
     * @return this
     */
    public Builder progress(ProgressDisplay display) {
      this.progress = display;
      return this;
    }

    /**
     * The configuration.
     *
     * @return checked
     * @throws IllegalArgumentException if a count is impossible
     */
    public TrainingConfig build() {
      return new TrainingConfig(
          steps, optimizer, schedule, seed, logEvery, evaluateEvery, checkpoints, log, progress);
    }
  }
}
