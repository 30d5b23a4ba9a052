package dev.circuitscope.examples.incontext;

import dev.circuitscope.circuits.learning.InContextLearning;
import dev.circuitscope.circuits.learning.LogIndexSlope;
import dev.circuitscope.circuits.learning.snapshots.SnapshotMeasure;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.model.Transformer;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The two kinds of held-out windows that losses are measured on. */
public enum Windows {
  /** Text alone. */
  TEXT("held-out text"),
  /** Text and repeated blocks of its tokens, in the shares of the training. */
  MIXED("held-out windows like those in training");

  private final String label;

  Windows(String label) {
    this.label = label;
  }

  /**
   * What they are, in words.
   *
   * @return part of a sentence
   */
  public String label() {
    return label;
  }

  /** The same, as the title of a panel. */
  String title() {
    return label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1);
  }

  /** The measure of the mean loss on them. */
  String loss() {
    return "loss on " + label;
  }

  /** The measure of the in-context learning score on them. */
  String score() {
    return "in-context learning on " + label;
  }

  /** The measure of the derivative of their loss with respect to log token index. */
  String slope() {
    return "derivative in log token index on " + label;
  }

  List<SnapshotMeasure> measures(int[][] tokens, InContextRecipe.Readings readings) {
    Function<Transformer, InContextLearning> losses =
        new LastModel<>(
            model ->
                InContextLearning.of(model, tokens, readings.positions(), RunSettings.plain()));
    return List.of(
        SnapshotMeasure.ofMean(
            loss(), losses, InContextLearning::loss, InContextLearning::provenance),
        SnapshotMeasure.ofMean(
            score(), losses, InContextLearning::score, InContextLearning::provenance),
        SnapshotMeasure.of(
            slope(),
            model ->
                LogIndexSlope.between(
                        losses.apply(model).lossByPosition(),
                        readings.slope().min(),
                        readings.slope().max() + 1)
                    .slope()));
  }
}
