package dev.circuitscope.core.train;

import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.BatchSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Trains a model.
 *
 * <pre>{@code
 * TrainingResult result =
 *     Trainer.of(modelConfig, source, TrainingConfig.steps(2_000).evaluateEvery(250).build())
 *         .evaluateOn(heldOut, 4)
 *         .onSnapshot(SnapshotSchedule.every(100), (step, model) -> scores.add(measure(model)))
 *         .train();
 * Transformer model = result.model();
 * }</pre>
 *
 * <p>The same model, data and configuration give the same bits, whatever the number of threads, and
 * whether or not the training was interrupted and resumed. Interrupting the thread, or a {@link
 * StopCondition}, ends it after the step that is under way, with a checkpoint if it saves any; the
 * thread's interrupted status stays set.
 */
public final class Trainer {

  private final TransformerConfig shape;
  private final Optional<Transformer> initial;
  private final BatchSource source;
  private final TrainingConfig config;
  private final List<SnapshotRequest> snapshots = new ArrayList<>();
  private Optional<HeldOut> heldOut = Optional.empty();
  private StopCondition stop = (step, loss) -> false;
  private Optional<Path> checkpoint = Optional.empty();

  /** Who wants to see the model, and when. */
  record SnapshotRequest(SnapshotSchedule schedule, SnapshotObserver observer) {}

  private Trainer(
      TransformerConfig shape,
      Optional<Transformer> initial,
      BatchSource source,
      TrainingConfig config) {
    this.shape = shape;
    this.initial = initial;
    this.source = Objects.requireNonNull(source, "source");
    this.config = Objects.requireNonNull(config, "config");
    if (source.vocabSize() > shape.dVocab() || source.sequenceLength() > shape.nCtx()) {
      throw new IllegalArgumentException(
          "the batches do not fit the model: sequences of %d tokens from a vocabulary of %d, but n_ctx %d and d_vocab %d"
              .formatted(
                  source.sequenceLength(), source.vocabSize(), shape.nCtx(), shape.dVocab()));
    }
  }

  /**
   * Trains a copy of a model.
   *
   * @param model where to start; not modified
   * @param source the batch of every step
   * @param config how to train
   * @return a trainer
   * @throws IllegalArgumentException if the batches do not fit the model
   */
  public static Trainer of(Transformer model, BatchSource source, TrainingConfig config) {
    return new Trainer(model.config(), Optional.of(model), source, config);
  }

  /**
   * Trains a new model, initialised from the configuration's seed.
   *
   * @param shape of the model
   * @param source the batch of every step
   * @param config how to train
   * @return a trainer
   * @throws IllegalArgumentException if the batches do not fit the model
   */
  public static Trainer of(TransformerConfig shape, BatchSource source, TrainingConfig config) {
    return of(Transformer.create(shape, config.seed()), source, config);
  }

  /**
   * Continues a training from a checkpoint alone, without the model that it started from.
   *
   * @param checkpoint a directory that a training wrote
   * @param source the same batches
   * @param config the same configuration; paths and the progress bar may differ
   * @return a trainer
   * @throws IOException if there is no readable checkpoint
   * @throws IllegalArgumentException if the batches do not fit the model
   */
  public static Trainer resume(Path checkpoint, BatchSource source, TrainingConfig config)
      throws IOException {
    TransformerConfig shape = Transformer.load(checkpoint).config();
    return new Trainer(shape, Optional.empty(), source, config).resumeFrom(checkpoint);
  }

  /**
   * The newest checkpoint that a training wrote.
   *
   * @param directory where it writes them, {@link CheckpointPlan#directory}
   * @return the newest; empty if there is none
   * @throws IOException if the directory cannot be read
   */
  public static Optional<Path> latestCheckpoint(Path directory) throws IOException {
    return new CheckpointDirectory(directory).latest();
  }

  /**
   * Continues from a checkpoint of the same training instead of starting. {@link #train} fails if
   * the model's configuration or initial weights, the training's configuration, or the data differ.
   *
   * @param path a directory that a training wrote
   * @return this
   */
  public Trainer resumeFrom(Path path) {
    this.checkpoint = Optional.of(path);
    return this;
  }

  /**
   * Continues from the newest checkpoint in the configuration's directory, or starts if there is
   * none: the same program can be killed and run again until it is done.
   *
   * @return this
   * @throws IOException if the directory cannot be read
   * @throws IllegalStateException if the configuration saves no checkpoints
   */
  public Trainer resumeFromLatest() throws IOException {
    CheckpointPlan plan =
        config
            .checkpoints()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the configuration saves no checkpoints; give checkpoints(directory, every, keep)"));
    this.checkpoint = latestCheckpoint(plan.directory());
    return this;
  }

  /**
   * Measures the held-out loss on fixed batches.
   *
   * @param batches of token ids [batch, pos], at least one; copied
   * @return this
   * @throws IllegalArgumentException if there is none
   */
  public Trainer evaluateOn(List<int[][]> batches) {
    this.heldOut = Optional.of(HeldOut.of(batches, batches.size() + " given batches"));
    return this;
  }

  /**
   * Measures the held-out loss on the first batches of a source.
   *
   * @param other not the source that is trained on
   * @param batches how many, at least 1
   * @return this
   * @throws IllegalArgumentException if there is none
   */
  public Trainer evaluateOn(BatchSource other, int batches) {
    this.heldOut = Optional.of(HeldOut.of(other, batches));
    return this;
  }

  /**
   * Looks at the model at some steps. A resumed training shows the steps from its checkpoint on.
   *
   * @param schedule when
   * @param observer gets a copy of the model
   * @return this
   */
  public Trainer onSnapshot(SnapshotSchedule schedule, SnapshotObserver observer) {
    snapshots.add(new SnapshotRequest(schedule, observer));
    return this;
  }

  /**
   * Ends the training early when a condition holds.
   *
   * @param condition asked after every update
   * @return this
   */
  public Trainer stopWhen(StopCondition condition) {
    this.stop = condition;
    return this;
  }

  /**
   * Trains to the end, or until stopped.
   *
   * @return the model and how it came about
   * @throws TrainingDivergedException if a loss, gradient or weight is not finite
   * @throws IllegalArgumentException if the checkpoint to resume from is of another training
   * @throws IllegalStateException if it would write checkpoints into a directory that holds others
   *     than the one it resumes from, or held-out losses are to be measured and there are no
   *     held-out batches
   * @throws UncheckedIOException if a file cannot be read or written
   */
  public TrainingResult train() {
    if (config.evaluateEvery() > 0 && heldOut.isEmpty()) {
      throw new IllegalStateException(
          "evaluateEvery is %d but there are no held-out batches; give evaluateOn(...)"
              .formatted(config.evaluateEvery()));
    }
    try {
      TrainingProvenance provenance = provenance();
      return new TrainingLoop(start(provenance), provenance, source, heldOut, snapshots, stop)
          .run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TrainingProvenance provenance() throws IOException {
    return TrainingProvenance.of(
        shape,
        config,
        initial.isPresent()
            ? Fingerprint.of(initial.get().weights())
            : Checkpoint.initialWeights(checkpoint.orElseThrow()),
        Fingerprint.of(source, config.steps()),
        heldOut.map(HeldOut::data));
  }

  private TrainingState start(TrainingProvenance provenance) throws IOException {
    requireLatest();
    return checkpoint.isPresent()
        ? Checkpoint.read(checkpoint.get(), provenance)
        : TrainingState.initial(initial.orElseThrow(), config.optimizer());
  }

  /** Checkpoints of another training, or later ones of this, would be taken for what this saves. */
  private void requireLatest() throws IOException {
    if (config.checkpoints().isEmpty()) {
      return;
    }
    Path directory = config.checkpoints().get().directory();
    Optional<Path> latest = latestCheckpoint(directory);
    if (latest.isPresent()
        && (checkpoint.isEmpty() || !Files.isSameFile(latest.get(), checkpoint.get()))) {
      throw new IllegalStateException(
          "training would write checkpoints to %s, which holds %s already; call resumeFromLatest(), choose another directory, or remove it"
              .formatted(directory, latest.get().getFileName()));
    }
  }
}
