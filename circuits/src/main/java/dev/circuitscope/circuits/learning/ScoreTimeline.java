package dev.circuitscope.circuits.learning;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.heads.RepeatScores;
import dev.circuitscope.circuits.learning.snapshots.SnapshotTable;
import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Measurements over the snapshots of one training, as arrays for charts, and where they change at
 * once (In-context Learning and Induction Heads, argument 1).
 *
 * <pre>{@code
 * double[] icl = timeline.inContextLearning();                // over timeline.steps()
 * double[] l1h4 = timeline.induction(new Head(1, 4));
 * timeline.agreement().ifPresent(System.out::println);        // do the two changes coincide?
 * }</pre>
 *
 * @param snapshots in order of their steps
 */
public record ScoreTimeline(List<Snapshot> snapshots) {

  /** The least rise of the best induction score that counts as a change. */
  public static final double LEAST_INDUCTION_RISE = 0.2;

  /** The least fall of the in-context learning score that counts as a change, in nats. */
  public static final double LEAST_IN_CONTEXT_FALL = 0.1;

  /**
   * Checks that steps increase and that all snapshots are of one model.
   *
   * @param snapshots in order of their steps
   * @throws IllegalArgumentException if steps do not increase or snapshots differ in model or
   *     tokens
   */
  public ScoreTimeline {
    snapshots = List.copyOf(snapshots);
    for (int i = 1; i < snapshots.size(); i++) {
      requireNext(snapshots.get(i - 1), snapshots.get(i));
    }
  }

  /**
   * A timeline to add to.
   *
   * @return no snapshots
   */
  public static ScoreTimeline empty() {
    return new ScoreTimeline(List.of());
  }

  /**
   * Adds a snapshot.
   *
   * @param next of a later step
   * @return a new timeline
   * @throws IllegalArgumentException if its step is not above the last one, or its model has
   *     another shape
   */
  public ScoreTimeline plus(Snapshot next) {
    List<Snapshot> all = new ArrayList<>(snapshots);
    all.add(next);
    return new ScoreTimeline(all);
  }

  /**
   * The steps of the snapshots.
   *
   * @return increasing
   */
  public long[] steps() {
    return snapshots.stream().mapToLong(Snapshot::step).toArray();
  }

  /**
   * The tokens seen in training at each snapshot.
   *
   * @return one for each step
   */
  public long[] tokensSeen() {
    return snapshots.stream().mapToLong(Snapshot::tokensSeen).toArray();
  }

  /**
   * The in-context learning score at each snapshot.
   *
   * @return in nats
   */
  public double[] inContextLearning() {
    return curve(s -> s.inContext().score().mean());
  }

  /**
   * The mean loss on held-out text at each snapshot.
   *
   * @return in nats
   */
  public double[] evalLoss() {
    return curve(s -> s.inContext().loss().mean());
  }

  /**
   * The loss on the first copy of random tokens at each snapshot.
   *
   * @return in nats
   */
  public double[] firstCopyLoss() {
    return curve(s -> s.copyLoss().first().mean());
  }

  /**
   * The loss on the second copy of random tokens at each snapshot.
   *
   * @return in nats
   */
  public double[] secondCopyLoss() {
    return curve(s -> s.copyLoss().second().mean());
  }

  /**
   * A head's induction score at each snapshot.
   *
   * @param head of the model
   * @return 0 to 1
   */
  public double[] induction(Head head) {
    return score(RepeatScores::induction, head);
  }

  /**
   * The induction score of the head that is best at each snapshot, which need not be the same head
   * throughout.
   *
   * @return 0 to 1
   * @throws IllegalStateException if the model has no heads
   */
  public double[] bestInduction() {
    return curve(s -> s.heads().induction().score(s.heads().induction().best()));
  }

  /**
   * A head's score at each snapshot.
   *
   * @param which for example {@code RepeatScores::previousToken}
   * @param head of the model
   * @return 0 to 1
   */
  public double[] score(Function<RepeatScores, HeadScores> which, Head head) {
    return curve(s -> which.apply(s.heads()).score(head));
  }

  /**
   * Where the best head's induction score rises, if by {@value #LEAST_INDUCTION_RISE} or more.
   *
   * @return the window; nothing for a model without heads
   */
  public Optional<PhaseChange> inductionChange() {
    if (!hasHeads()) {
      return Optional.empty();
    }
    return PhaseChange.ofRise(steps(), bestInduction(), LEAST_INDUCTION_RISE);
  }

  /**
   * Where the in-context learning score falls, if by {@value #LEAST_IN_CONTEXT_FALL} nats or more.
   *
   * @return the window
   */
  public Optional<PhaseChange> inContextChange() {
    return PhaseChange.ofFall(steps(), inContextLearning(), LEAST_IN_CONTEXT_FALL);
  }

  /**
   * Where the loss on held-out text is not convex, most of all.
   *
   * @param least height to report, in nats, above 0
   * @return the highest bump; nothing if all are lower
   * @throws IllegalArgumentException if {@code least} is not above 0
   */
  public Optional<LossBump> lossBump(double least) {
    return LossBump.largest(steps(), evalLoss(), least);
  }

  /**
   * The derivative of the loss with respect to the logarithm of the token index, at each snapshot.
   *
   * @param from first token index of the band, at least 1
   * @param to token index behind the band
   * @return in nats, see {@link LogIndexSlope#between}
   * @throws IllegalArgumentException if the text has no two losses in the band
   */
  public double[] logIndexSlope(int from, int to) {
    return curve(s -> LogIndexSlope.between(s.inContext().lossByPosition(), from, to).slope());
  }

  /**
   * Whether the two changes coincide.
   *
   * @return nothing unless there are both
   */
  public Optional<PhaseAgreement> agreement() {
    return inductionChange()
        .flatMap(
            induction ->
                inContextChange().map(inContext -> new PhaseAgreement(induction, inContext)));
  }

  /**
   * All numbers as rows: loss, in-context learning, first copy, second copy; induction, prefix
   * matching, previous token and duplicate token of every head.
   *
   * @return a table to write as CSV, or to set beside other measurements of the same models
   */
  public SnapshotTable table() {
    return TimelineTable.of(this);
  }

  /**
   * Renders all snapshots.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonArray all = new JsonArray();
    snapshots.forEach(snapshot -> all.add(snapshot.toJson()));
    JsonObject json = new JsonObject();
    json.add("snapshots", all);
    inductionChange().ifPresent(change -> json.add("induction_change", change.toJson()));
    inContextChange().ifPresent(change -> json.add("in_context_change", change.toJson()));
    return json;
  }

  /** A table of snapshots. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            "%8s %14s %10s %10s %10s %10s"
                .formatted("step", "tokens", "loss", "ICL", "copy loss", "induction"));
    for (Snapshot s : snapshots) {
      text.append(
          "%n%8d %14d %10.4f %10.4f %10.4f"
              .formatted(
                  s.step(),
                  s.tokensSeen(),
                  s.inContext().loss().mean(),
                  s.inContext().score().mean(),
                  s.copyLoss().second().mean()));
      if (hasHeads()) {
        Head best = s.heads().induction().best();
        text.append(" %10.4f %s".formatted(s.heads().induction().score(best), best));
      }
    }
    return text.toString();
  }

  private boolean hasHeads() {
    return !snapshots.isEmpty()
        && snapshots.get(0).heads().induction().provenance().model().nLayers() > 0;
  }

  private double[] curve(ToDoubleFunction<Snapshot> value) {
    return snapshots.stream().mapToDouble(value).toArray();
  }

  private static void requireNext(Snapshot before, Snapshot next) {
    if (next.step() <= before.step()) {
      throw new IllegalArgumentException(
          "timeline: step %d does not follow step %d".formatted(next.step(), before.step()));
    }
    boolean same =
        next.inContext().provenance().equals(before.inContext().provenance())
            && next.copyLoss().provenance().equals(before.copyLoss().provenance());
    if (!same) {
      throw new IllegalArgumentException(
          "timeline: step %d was measured on %s and %s, step %d on %s and %s; measure every snapshot on the same tokens"
              .formatted(
                  next.step(),
                  next.inContext().provenance(),
                  next.copyLoss().provenance(),
                  before.step(),
                  before.inContext().provenance(),
                  before.copyLoss().provenance()));
    }
  }
}
