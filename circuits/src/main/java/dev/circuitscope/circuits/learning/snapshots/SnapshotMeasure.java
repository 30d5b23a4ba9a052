package dev.circuitscope.circuits.learning.snapshots;

import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A function of a model under a name: a number, a mean with its error, or a number for every head.
 *
 * <pre>{@code
 * SnapshotMeasure.of("norm of W_E", m -> m.weights().get("embed.W_E").norm2Number().doubleValue());
 * SnapshotMeasure.ofMean("second copy", m -> CopyLoss.of(m, 7L).second());
 * SnapshotMeasure.ofHeads("induction", m -> InductionScores.of(m, 7L));
 * }</pre>
 *
 * <p>Give the function its seed or its tokens, so that it measures all models on the same ones.
 */
public final class SnapshotMeasure {

  private final String name;
  private final BiFunction<TrainingMoment, Transformer, Reading> function;

  private SnapshotMeasure(String name, BiFunction<TrainingMoment, Transformer, Reading> function) {
    this.name = Objects.requireNonNull(name, "name");
    this.function = function;
    if (name.isBlank()) {
      throw new IllegalArgumentException("a measure of snapshots needs a name");
    }
  }

  /** What was measured on one model, and on what. */
  record Reading(List<SnapshotRow> rows, Optional<Provenance> provenance) {
    static Reading of(TrainingMoment at, String name, double value, double error) {
      return new Reading(
          List.of(new SnapshotRow(at, name, Optional.empty(), value, error)), Optional.empty());
    }
  }

  /**
   * A number.
   *
   * @param name of what it is
   * @param value of a model
   * @return the measure
   * @throws IllegalArgumentException if the name is blank
   */
  public static SnapshotMeasure of(String name, ToDoubleFunction<Transformer> value) {
    return new SnapshotMeasure(
        name, (at, model) -> Reading.of(at, name, value.applyAsDouble(model), Double.NaN));
  }

  /**
   * A mean with its error.
   *
   * @param name of what it is
   * @param mean of a model
   * @return the measure
   * @throws IllegalArgumentException if the name is blank
   */
  public static SnapshotMeasure ofMean(String name, Function<Transformer, SampleMean> mean) {
    return new SnapshotMeasure(
        name,
        (at, model) -> {
          SampleMean found = mean.apply(model);
          return Reading.of(at, name, found.mean(), found.standardError());
        });
  }

  /**
   * A mean with its error, out of a result that says what it was taken on.
   *
   * <pre>{@code
   * SnapshotMeasure.ofMean("in-context learning",
   *     m -> InContextLearning.of(m, text), InContextLearning::score, InContextLearning::provenance);
   * }</pre>
   *
   * @param name of what it is
   * @param measure of a model
   * @param mean in its result
   * @param provenance of its result
   * @param <R> the result
   * @return the measure
   * @throws IllegalArgumentException if the name is blank
   */
  public static <R> SnapshotMeasure ofMean(
      String name,
      Function<Transformer, R> measure,
      Function<R, SampleMean> mean,
      Function<R, Provenance> provenance) {
    return new SnapshotMeasure(
        name,
        (at, model) -> {
          R result = measure.apply(model);
          SampleMean found = mean.apply(result);
          Reading reading = Reading.of(at, name, found.mean(), found.standardError());
          return new Reading(reading.rows(), Optional.of(provenance.apply(result)));
        });
  }

  /**
   * A score of every head.
   *
   * @param name of what it is
   * @param scores of a model
   * @return the measure
   * @throws IllegalArgumentException if the name is blank
   */
  public static SnapshotMeasure ofHeads(String name, Function<Transformer, HeadScores> scores) {
    return new SnapshotMeasure(
        name,
        (at, model) -> {
          HeadScores found = scores.apply(model);
          List<SnapshotRow> rows =
              found.ranking().stream()
                  .sorted()
                  .map(h -> row(at, name, h, found.score(h), found.standardError(h)))
                  .toList();
          return new Reading(rows, Optional.of(found.provenance()));
        });
  }

  /**
   * What it is called in tables.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return "SnapshotMeasure of " + name;
  }

  Reading measure(TrainingMoment at, Transformer model) {
    return function.apply(at, model);
  }

  static List<SnapshotMeasure> requireDifferent(SnapshotMeasure... measures) {
    if (measures.length == 0) {
      throw new IllegalArgumentException("snapshots: there is nothing to measure");
    }
    Set<String> names = new HashSet<>();
    for (SnapshotMeasure measure : measures) {
      if (!names.add(measure.name)) {
        throw new IllegalArgumentException(
            "snapshots: two measures are called %s; give them different names"
                .formatted(measure.name));
      }
    }
    return List.copyOf(Arrays.asList(measures));
  }

  private static SnapshotRow row(
      TrainingMoment at, String name, Head head, double value, double error) {
    return new SnapshotRow(at, name, Optional.of(head), value, error);
  }
}
