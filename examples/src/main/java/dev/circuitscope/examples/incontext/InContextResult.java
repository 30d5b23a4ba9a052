package dev.circuitscope.examples.incontext;

import dev.circuitscope.circuits.learning.OrderInversion;
import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.circuits.learning.pertoken.LossPca;
import dev.circuitscope.circuits.learning.pertoken.TrajectoryPivot;
import dev.circuitscope.core.text.CorpusProvenance;
import dev.circuitscope.core.text.Tokenizer;
import java.util.List;
import java.util.Optional;

/**
 * Five models, trained on the same batches in the same order.
 *
 * @param recipe they were trained with
 * @param seed of weights and batches
 * @param corpus they were trained on
 * @param tokenizer of that text
 * @param courses one for each {@link ModelKind}, in their order
 * @param pca of their per-token losses, jointly
 * @param ablations of the models with two and three layers, as far as they form induction heads
 * @param plainText the same models on text without repeated blocks, if asked for; else empty
 */
public record InContextResult(
    InContextRecipe recipe,
    long seed,
    CorpusProvenance corpus,
    Tokenizer tokenizer,
    List<ModelCourse> courses,
    LossPca pca,
    List<AblationStudy> ablations,
    List<ModelCourse> plainText) {

  /**
   * Copies the lists.
   *
   * @param recipe they were trained with
   * @param seed of weights and batches
   * @param corpus they were trained on
   * @param tokenizer of that text
   * @param courses one for each {@link ModelKind}, in their order
   * @param pca of their per-token losses, jointly
   * @param ablations of the models with two and three layers, as far as they form induction heads
   * @param plainText the same models on text without repeated blocks, if asked for; else empty
   */
  public InContextResult {
    courses = List.copyOf(courses);
    ablations = List.copyOf(ablations);
    plainText = List.copyOf(plainText);
  }

  /**
   * The course of a model.
   *
   * @param kind of model
   * @return what was measured along its training
   */
  public ModelCourse course(ModelKind kind) {
    return courses.get(kind.ordinal());
  }

  /**
   * Where a model's best prefix-matching score rises.
   *
   * @param kind of model
   * @return the window; empty if it does not
   */
  public Optional<PhaseChange> change(ModelKind kind) {
    return course(kind).change(recipe.readings());
  }

  /**
   * Where the trajectory of a model's per-token losses turns most sharply.
   *
   * @param kind of model
   * @return the turn; empty if the trajectory is too short to have one
   */
  public Optional<TrajectoryPivot> pivot(ModelKind kind) {
    return TrajectoryPivot.sharpest(
        pca.trajectories().get(kind.ordinal()), recipe.readings().pivotRadius());
  }

  /**
   * Where the derivatives of the losses of two models in log token index change their order.
   *
   * @param small model
   * @param large model
   * @param windows that losses are measured on
   * @return the inversion; empty if there is none
   */
  public Optional<OrderInversion> inversion(ModelKind small, ModelKind large, Windows windows) {
    return OrderInversion.find(
        course(small).steps(), course(small).slope(windows), course(large).slope(windows));
  }

  /**
   * What the heads of a model do.
   *
   * @param kind of model
   * @return its ablations; empty if it was not ablated
   */
  public Optional<AblationStudy> ablation(ModelKind kind) {
    return ablations.stream().filter(study -> study.kind() == kind).findFirst();
  }
}
