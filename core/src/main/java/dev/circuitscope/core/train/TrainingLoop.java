package dev.circuitscope.core.train;

import dev.circuitscope.core.io.Uninterrupted;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.text.BatchSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The steps of one training, from the state that it is given to the end or a stop. */
final class TrainingLoop {

  private final TrainingState state;
  private final TrainingProvenance provenance;
  private final TrainingConfig config;
  private final BatchSource source;
  private final Optional<HeldOut> heldOut;
  private final List<Snapshots> snapshots;
  private final StopCondition stop;
  private final Weights gradients;
  private final long started = System.nanoTime();

  TrainingLoop(
      TrainingState state,
      TrainingProvenance provenance,
      BatchSource source,
      Optional<HeldOut> heldOut,
      List<Trainer.SnapshotRequest> snapshots,
      StopCondition stop) {
    this.state = state;
    this.provenance = provenance;
    this.config = provenance.training();
    this.source = source;
    this.heldOut = heldOut;
    this.snapshots =
        snapshots.stream()
            .map(s -> new Snapshots(s.schedule().steps(config.steps()), s.observer()))
            .toList();
    this.stop = stop;
    this.gradients = Weights.zeros(state.model.config());
  }

  /** An observer and its steps, ascending. */
  private record Snapshots(long[] steps, SnapshotObserver observer) {
    boolean at(long step) {
      return Arrays.binarySearch(steps, step) >= 0;
    }
  }

  /** Loss and gradient norm of a batch, measured before the update that it is for. */
  private record Measured(double loss, double gradientNorm) {}

  TrainingResult run() throws IOException {
    TrainingLog[] opened = new TrainingLog[1];
    Uninterrupted.run(() -> opened[0] = TrainingLog.open(config.log(), state.history));
    try (TrainingLog log = opened[0];
        ProgressLine progress =
            ProgressLine.start(
                config.progress(), "training", " steps", state.step(), config.steps())) {
      save();
      boolean stopped = false;
      while (!stopped && state.step() < config.steps()) {
        observe();
        Measured measured = measure();
        record(measured, log);
        update(measured);
        progress.update(state.step(), () -> " loss %.4f".formatted(measured.loss()));
        stopped =
            stop.stop(state.step(), measured.loss()) || Thread.currentThread().isInterrupted();
        if (stopped || isCheckpoint()) {
          save();
        }
      }
      if (!stopped || state.step() == config.steps()) {
        observe();
        record(measure(), log);
      }
    }
    return new TrainingResult(state.model, state.history, state.step(), provenance);
  }

  private void observe() {
    for (Snapshots s : snapshots) {
      if (s.at(state.step())) {
        s.observer().observe(state.step(), state.copyOfModel());
      }
    }
  }

  private Measured measure() {
    double loss = state.model.lossAndGradients(source.batch(state.step()), gradients);
    double norm = GradientNorm.of(gradients);
    requireFinite(loss, norm);
    return new Measured(loss, norm);
  }

  private void record(Measured measured, TrainingLog log) throws IOException {
    long step = state.step();
    if (!config.logsAt(step)) {
      return;
    }
    OptionalDouble evalLoss =
        heldOut.isPresent() && config.evaluatesAt(step)
            ? OptionalDouble.of(heldOut.get().loss(state.model))
            : OptionalDouble.empty();
    requireFinite(evalLoss.orElse(0), 0);
    LogEntry entry =
        new LogEntry(
            step,
            step * source.batchSize() * source.sequenceLength(),
            measured.loss(),
            evalLoss,
            config.learningRate(step),
            measured.gradientNorm(),
            seconds());
    state.history.add(entry);
    log.add(entry);
  }

  private void update(Measured measured) {
    Weights weights = state.model.weights();
    double norm =
        state.optimizer.update(
            weights, gradients, measured.gradientNorm(), config.learningRate(state.step()));
    requireFinite(measured.loss(), norm);
  }

  private void requireFinite(double loss, double norm) {
    if (Double.isFinite(loss) && Double.isFinite(norm)) {
      return;
    }
    long step = state.step();
    Optional<TrainingDivergedException> found =
        TrainingDivergedException.find(
            step, config.learningRate(step), state.model.weights(), gradients, loss);
    if (found.isPresent()) {
      throw found.get();
    }
  }

  private boolean isCheckpoint() {
    long step = state.step();
    return step == config.steps()
        || (config.checkpoints().isPresent() && step % config.checkpoints().get().every() == 0);
  }

  private void save() throws IOException {
    if (config.checkpoints().isPresent()) {
      CheckpointPlan plan = config.checkpoints().get();
      CheckpointDirectory directory = new CheckpointDirectory(plan.directory());
      Uninterrupted.run(
          () ->
              directory.save(state.step(), d -> Checkpoint.write(d, state, seconds(), provenance)));
      directory.keepNewest(plan.keep());
    }
  }

  private double seconds() {
    return state.secondsBefore + (System.nanoTime() - started) * 1e-9;
  }
}
