package dev.circuitscope.circuits.learning;

import dev.circuitscope.core.model.Transformer;

/**
 * Collects measurements while a model trains. Not for several threads at once.
 *
 * <pre>{@code
 * ScoreTracker tracker = new ScoreTracker(measures);
 * tracker.record(step, tokensSeen, model);               // at every snapshot
 * ScoreTimeline timeline = tracker.timeline();
 * }</pre>
 */
public final class ScoreTracker {

  private final SnapshotMeasures measures;
  private ScoreTimeline timeline;

  /**
   * Starts with no snapshot.
   *
   * @param measures what to measure
   */
  public ScoreTracker(SnapshotMeasures measures) {
    this(measures, ScoreTimeline.empty());
  }

  /**
   * Goes on from earlier snapshots, as after a resumption.
   *
   * @param measures what to measure
   * @param before what was collected
   */
  public ScoreTracker(SnapshotMeasures measures, ScoreTimeline before) {
    this.measures = measures;
    this.timeline = before;
  }

  /**
   * Measures a model and adds the snapshot.
   *
   * @param step of training, above that of the snapshot before
   * @param tokensSeen in training so far
   * @param model as it is now
   * @return the snapshot
   * @throws IllegalArgumentException if the step is not above the last one, or the model differs in
   *     shape
   */
  public Snapshot record(long step, long tokensSeen, Transformer model) {
    Snapshot snapshot = measures.measure(step, tokensSeen, model);
    timeline = timeline.plus(snapshot);
    return snapshot;
  }

  /**
   * What was collected so far.
   *
   * @return unchanged by later snapshots
   */
  public ScoreTimeline timeline() {
    return timeline;
  }
}
