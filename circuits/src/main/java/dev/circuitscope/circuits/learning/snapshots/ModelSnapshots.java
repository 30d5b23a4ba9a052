package dev.circuitscope.circuits.learning.snapshots;

import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.train.SnapshotObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;

/**
 * The models that one training went through. A training fills it as its observer; then anything can
 * be measured on all of them, as often as one likes.
 *
 * <pre>{@code
 * ModelSnapshots run = SnapshotDirectory.create(Path.of("runs/two-layers"), source);
 * Trainer.of(config, source, training).onSnapshot(SnapshotSchedule.every(100), run).train();
 *
 * SnapshotTable table = run.measure(SnapshotProgress.silent(),
 *     SnapshotMeasure.ofHeads("prefix matching", m -> PrefixMatchingScores.of(m, 7L)),
 *     SnapshotMeasure.ofMean("in-context learning", m -> InContextLearning.of(m, text).score()));
 * double[] icl = table.curve("in-context learning");      // over table.steps()
 * }</pre>
 *
 * <p>A training that is killed and resumed may show the same step again. It must be the same model
 * to the bit, and is kept once.
 */
public sealed interface ModelSnapshots extends SnapshotObserver
    permits MemorySnapshots, SnapshotDirectory {

  /**
   * Which moments there are models of.
   *
   * @return in order
   */
  List<TrainingMoment> moments();

  /**
   * The model at a step.
   *
   * @param step one of {@link #moments}
   * @return the model
   * @throws IllegalArgumentException if there is none of that step, with those that there are
   * @throws java.io.UncheckedIOException if its file cannot be read
   */
  Transformer at(long step);

  /**
   * Keeps a model.
   *
   * @param step the number of updates made so far
   * @param model the model after them; not copied
   * @throws IllegalArgumentException if the model has another shape than those before, or is
   *     another than the one that is kept of this step
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  @Override
  void observe(long step, Transformer model);

  /**
   * What a function gives on every model, one after the other: one model at a time is in memory if
   * they are files.
   *
   * @param function of the moment and the model
   * @param progress is told after each
   * @param <R> what it gives
   * @return one for each of {@link #moments}
   * @throws CancellationException if the thread is interrupted, before the next model
   */
  default <R> List<R> map(
      BiFunction<TrainingMoment, Transformer, R> function, SnapshotProgress progress) {
    List<TrainingMoment> moments = moments();
    List<R> results = new ArrayList<>();
    for (TrainingMoment moment : moments) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException(
            "interrupted after %d of %d snapshots, before %s"
                .formatted(results.size(), moments.size(), moment));
      }
      results.add(function.apply(moment, at(moment.step())));
      progress.measured(results.size(), moments.size(), moment);
    }
    return results;
  }

  /**
   * A table of measurements of every model.
   *
   * @param progress is told after each model
   * @param measures what to measure, of different names
   * @return for every model the rows of every measure
   * @throws IllegalArgumentException if there is no measure, or two have one name
   * @throws CancellationException if the thread is interrupted, before the next model
   */
  default SnapshotTable measure(SnapshotProgress progress, SnapshotMeasure... measures) {
    List<SnapshotMeasure> all = SnapshotMeasure.requireDifferent(measures);
    List<SnapshotTable> parts =
        map((moment, model) -> SnapshotTable.of(moment, model, all), progress);
    return SnapshotTable.concatenation(parts);
  }
}
