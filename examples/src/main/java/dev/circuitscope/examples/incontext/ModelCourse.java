package dev.circuitscope.examples.incontext;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.learning.LossBump;
import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.circuits.learning.ScoreTimeline;
import dev.circuitscope.circuits.learning.pertoken.LossTrajectory;
import dev.circuitscope.circuits.learning.snapshots.ModelSnapshots;
import dev.circuitscope.circuits.learning.snapshots.SnapshotProgress;
import dev.circuitscope.circuits.learning.snapshots.SnapshotTable;
import dev.circuitscope.circuits.learning.snapshots.TrainingMoment;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.train.TrainingProvenance;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What was measured along the training of one model.
 *
 * @param kind of model
 * @param model at the end
 * @param provenance of its training
 * @param table of every measure at every snapshot
 * @param losses on one token each of many windows, at every snapshot
 * @param time that training and measuring took
 */
public record ModelCourse(
    ModelKind kind,
    Transformer model,
    TrainingProvenance provenance,
    SnapshotTable table,
    LossTrajectory losses,
    Time time) {

  /**
   * How long a course took.
   *
   * @param training seconds
   * @param measuring seconds
   */
  public record Time(double training, double measuring) {}

  static ModelCourse of(KeptTraining kept, CourseMeasures measures, SnapshotProgress progress) {
    long start = System.nanoTime();
    ModelSnapshots snapshots = kept.snapshots();
    SnapshotTable table = snapshots.measure(progress, measures.all());
    LossTrajectory losses =
        LossTrajectory.of(
            kept.kind().label(), snapshots, measures.probe(), SnapshotProgress.silent());
    return new ModelCourse(
        kept.kind(),
        kept.model(),
        kept.provenance(),
        table,
        losses,
        new Time(kept.seconds(), (System.nanoTime() - start) * 1e-9));
  }

  /**
   * The steps of the snapshots.
   *
   * @return increasing from 0
   */
  public long[] steps() {
    return table.steps();
  }

  /**
   * The prefix-matching score of the head that is best at each snapshot.
   *
   * @return 0 to 1, one for each step
   */
  public double[] bestPrefixMatching() {
    return table.highest(CourseMeasures.PREFIX_MATCHING);
  }

  /**
   * The prefix-matching score of a head at each snapshot.
   *
   * @param head of the model
   * @return 0 to 1, one for each step
   */
  public double[] prefixMatching(Head head) {
    return table.curve(CourseMeasures.PREFIX_MATCHING, head);
  }

  /**
   * All heads, the one with the highest prefix-matching score at the end first.
   *
   * @return every head once
   */
  public List<Head> ranking() {
    return table.heads(CourseMeasures.PREFIX_MATCHING).stream()
        .sorted(Comparator.comparingDouble(head -> -last(prefixMatching(head))))
        .toList();
  }

  /**
   * The heads whose prefix-matching score ends at a threshold or above.
   *
   * @param threshold of the score
   * @return the best first
   */
  public List<Head> inductionHeads(double threshold) {
    return ranking().stream().filter(h -> last(prefixMatching(h)) >= threshold).toList();
  }

  /**
   * The mean loss at each snapshot.
   *
   * @param windows that it is measured on
   * @return in nats a token
   */
  public double[] loss(Windows windows) {
    return table.curve(windows.loss());
  }

  /**
   * The in-context learning score at each snapshot.
   *
   * @param windows that it is measured on
   * @return in nats; the lower, the more is learned in context
   */
  public double[] score(Windows windows) {
    return table.curve(windows.score());
  }

  /**
   * The derivative of the loss with respect to log token index at each snapshot.
   *
   * @param windows that losses are measured on
   * @return in nats
   */
  public double[] slope(Windows windows) {
    return table.curve(windows.slope());
  }

  /**
   * Where the best prefix-matching score rises.
   *
   * @param readings the least rise that counts
   * @return the window; empty if it does not
   */
  public Optional<PhaseChange> change(InContextRecipe.Readings readings) {
    return PhaseChange.ofRise(steps(), bestPrefixMatching(), readings.leastRise());
  }

  /**
   * Where the in-context learning score on windows like those in training falls.
   *
   * @return the window; empty if it falls by less than what counts as a change
   */
  public Optional<PhaseChange> inContextChange() {
    return PhaseChange.ofFall(steps(), score(Windows.MIXED), ScoreTimeline.LEAST_IN_CONTEXT_FALL);
  }

  /**
   * Where the loss is least convex.
   *
   * @param windows that it is measured on
   * @param readings the least height that counts
   * @return the highest bump; empty if there is none
   */
  public Optional<LossBump> bump(Windows windows, InContextRecipe.Readings readings) {
    return LossBump.largest(steps(), loss(windows), readings.leastBump());
  }

  /**
   * The value of a curve at a step.
   *
   * @param curve over {@link #steps}
   * @param step one of them
   * @return the value
   */
  public double at(double[] curve, long step) {
    return curve[Arrays.binarySearch(steps(), step)];
  }

  /**
   * Tokens seen, in millions, when a step was reached.
   *
   * @param step of training, also between snapshots
   * @return millions of tokens
   */
  public double millions(double step) {
    TrainingMoment last = table.moments().get(table.moments().size() - 1);
    return step * last.tokens() / last.step() / 1e6;
  }

  /** The last value of a curve. */
  static double last(double[] curve) {
    return curve[curve.length - 1];
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("model", kind.label());
    json.addProperty("training_seconds", time.training());
    json.addProperty("measuring_seconds", time.measuring());
    json.add("provenance", provenance.toJson());
    json.add("snapshots", table.toJson());
    json.add("per_token_losses", losses.toJson());
    return json;
  }
}
