package dev.circuitscope.circuits.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.heads.RepeatScores;
import dev.circuitscope.circuits.learning.snapshots.MemorySnapshots;
import dev.circuitscope.circuits.learning.snapshots.SnapshotProgress;
import dev.circuitscope.circuits.learning.snapshots.SnapshotTable;
import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ScoreTimelineTest {

  private static final int[][] TEXT = {
    {1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4}, {8, 3, 8, 3, 8, 3, 8, 3, 8, 3, 8, 3}
  };

  private final TransformerConfig config = config(2);
  private final SnapshotMeasures measures = measures(config);

  private static TransformerConfig config(int layers) {
    return TransformerConfig.attentionOnly(layers).heads(2).dModel(8).vocab(12).context(16).build();
  }

  private static SnapshotMeasures measures(TransformerConfig config) {
    return new SnapshotMeasures(
        RepeatSampling.defaults(config, 1L).withSequences(4), TEXT, LossPositions.scaledTo(12));
  }

  @Nested
  class Tracking {

    @Test
    void everyCurveHoldsWhatTheMeasurementsGiveOnEachModel() {
      ScoreTracker tracker = new ScoreTracker(measures);
      Transformer[] models = new Transformer[3];
      for (int i = 0; i < 3; i++) {
        models[i] = Transformer.create(config, i);
        tracker.record(10L * i, 640L * i, models[i]);
      }
      ScoreTimeline timeline = tracker.timeline();
      assertThat(timeline.steps()).containsExactly(0, 10, 20);
      assertThat(timeline.tokensSeen()).containsExactly(0, 640, 1280);
      RunSettings plain = RunSettings.plain();
      for (int i = 0; i < 3; i++) {
        RepeatScores scores = RepeatScores.of(models[i], measures.repeats(), plain);
        CopyLoss copy = CopyLoss.of(models[i], measures.repeats(), plain);
        InContextLearning icl = InContextLearning.of(models[i], TEXT);
        Head head = new Head(1, 1);
        assertThat(timeline.induction(head)[i]).isEqualTo(scores.induction().score(head));
        assertThat(timeline.score(RepeatScores::previousToken, head)[i])
            .isEqualTo(scores.previousToken().score(head));
        assertThat(timeline.bestInduction()[i])
            .isEqualTo(scores.induction().score(scores.induction().best()));
        assertThat(timeline.firstCopyLoss()[i]).isEqualTo(copy.first().mean());
        assertThat(timeline.secondCopyLoss()[i]).isEqualTo(copy.second().mean());
        assertThat(timeline.inContextLearning()[i]).isEqualTo(icl.score().mean());
        assertThat(timeline.evalLoss()[i]).isEqualTo(icl.loss().mean());
      }
    }

    @Test
    void keptSnapshotsGiveTheTimelineThatATrackerWouldHave() {
      MemorySnapshots run = new MemorySnapshots(64);
      ScoreTracker tracker = new ScoreTracker(measures);
      for (long step = 0; step < 3; step++) {
        run.observe(step, Transformer.create(config, step));
        tracker.record(step, 64 * step, Transformer.create(config, step));
      }
      ScoreTimeline timeline = measures.timeline(run, SnapshotProgress.silent());
      assertThat(timeline.toJson()).isEqualTo(tracker.timeline().toJson());
      SnapshotTable table = timeline.table();
      assertThat(table.moments()).isEqualTo(run.moments());
      assertThat(table.curve("in-context learning")).isEqualTo(timeline.inContextLearning());
      assertThat(table.curve("second copy")).isEqualTo(timeline.secondCopyLoss());
      assertThat(table.highest("induction")).isEqualTo(timeline.bestInduction());
      assertThat(table.rows()).hasSize(3 * (4 + 4 * 4));
    }

    @Test
    void slopesAndBumpsAreThoseOfTheHeldOutLosses() {
      ScoreTracker tracker = new ScoreTracker(measures);
      for (int i = 0; i < 4; i++) {
        tracker.record(i, i, Transformer.create(config, i));
      }
      ScoreTimeline timeline = tracker.timeline();
      for (int i = 0; i < 4; i++) {
        double[] losses = timeline.snapshots().get(i).inContext().lossByPosition();
        assertThat(timeline.logIndexSlope(2, 8)[i])
            .isEqualTo(LogIndexSlope.between(losses, 2, 8).slope());
      }
      assertThat(timeline.lossBump(1e-6))
          .isEqualTo(LossBump.largest(timeline.steps(), timeline.evalLoss(), 1e-6));
    }

    @Test
    void aTimelineDoesNotChangeWhenTheTrackerGoesOn() {
      ScoreTracker tracker = new ScoreTracker(measures);
      ScoreTimeline none = tracker.timeline();
      tracker.record(0, 0, Transformer.create(config, 1L));
      assertThat(none.snapshots()).isEmpty();
      assertThat(none.steps()).isEmpty();
      assertThat(tracker.timeline().snapshots()).hasSize(1);
    }

    @Test
    void aTrackerGoesOnFromAnEarlierTimeline() {
      Transformer model = Transformer.create(config, 1L);
      ScoreTracker before = new ScoreTracker(measures);
      before.record(5, 50, model);
      ScoreTracker after = new ScoreTracker(measures, before.timeline());
      after.record(6, 60, model);
      assertThat(after.timeline().steps()).containsExactly(5, 6);
      assertThatThrownBy(() -> after.record(6, 70, model))
          .hasMessageContaining("step 6 does not follow step 6");
      assertThat(after.timeline().snapshots()).hasSize(2);
    }

    @Test
    void aModelOfAnotherShapeIsRefused() {
      ScoreTracker tracker = new ScoreTracker(measures);
      tracker.record(0, 0, Transformer.create(config, 1L));
      assertThatThrownBy(() -> tracker.record(1, 1, Transformer.create(config(1), 1L)))
          .hasMessageContaining("measure every snapshot on the same tokens");
    }

    @Test
    void aModelWithoutHeadsHasLossesAndNoInductionChange() {
      ScoreTracker tracker = new ScoreTracker(measures);
      tracker.record(0, 0, Transformer.create(config(0), 1L));
      tracker.record(1, 1, Transformer.create(config(0), 2L));
      ScoreTimeline timeline = tracker.timeline();
      assertThat(timeline.evalLoss()).hasSize(2);
      assertThat(timeline.inductionChange()).isEmpty();
      assertThat(timeline.agreement()).isEmpty();
      assertThat(timeline.toString().lines()).hasSize(3);
      assertThat(timeline.toJson().getAsJsonArray("snapshots")).hasSize(2);
    }

    @Test
    void heldOutTextMustReachTheLatePosition() {
      assertThatThrownBy(
              () -> new SnapshotMeasures(measures.repeats(), TEXT, new LossPositions(0, 11)))
          .hasMessageContaining("at least one sequence of 13 tokens, has 2 sequences of 12");
      assertThatThrownBy(
              () ->
                  new SnapshotMeasures(measures.repeats(), new int[0][], new LossPositions(0, 11)))
          .hasMessageContaining("has 0 sequences");
    }
  }

  @Nested
  class Changes {

    private final Snapshot measured = measures.measure(0, 0, Transformer.create(config, 1L));

    /** A snapshot whose best induction head is L1H0 and whose scores are as given. */
    private Snapshot snapshot(long step, double induction, double inContext) {
      HeadScores old = measured.heads().induction();
      HeadScores scores =
          new HeadScores(
              old.name(),
              old.definition(),
              new double[][] {{0, 0}, {induction, 0}},
              old.standardErrors(),
              old.chance(),
              old.samples(),
              old.provenance());
      InContextLearning icl = measured.inContext();
      return new Snapshot(
          step,
          step,
          new RepeatScores(
              scores,
              measured.heads().prefixMatching(),
              measured.heads().previousToken(),
              measured.heads().duplicateToken()),
          measured.copyLoss(),
          new InContextLearning(
              new SampleMean(inContext, 0.01, 2),
              icl.loss(),
              icl.positions(),
              icl.lossByPosition(),
              icl.provenance()));
    }

    private ScoreTimeline timeline(double[] induction, double[] inContext) {
      ScoreTimeline timeline = ScoreTimeline.empty();
      for (int i = 0; i < induction.length; i++) {
        timeline = timeline.plus(snapshot(100L * i, induction[i], inContext[i]));
      }
      return timeline;
    }

    @Test
    void bothChangesAreFoundAndCompared() {
      ScoreTimeline timeline =
          timeline(
              new double[] {0.02, 0.03, 0.1, 0.6, 0.95, 0.96, 0.97},
              new double[] {-0.01, -0.02, -0.02, -0.05, -0.3, -0.4, -0.41});
      PhaseChange induction = timeline.inductionChange().get();
      PhaseChange inContext = timeline.inContextChange().get();
      assertThat(List.of(induction.start(), induction.half(), induction.end()))
          .containsExactly(200L, 300L, 400L);
      assertThat(List.of(inContext.start(), inContext.half(), inContext.end()))
          .containsExactly(300L, 400L, 500L);
      assertThat(inContext.steepest()).isEqualTo(350);
      PhaseAgreement agreement = timeline.agreement().get();
      assertThat(agreement.overlaps()).isTrue();
      assertThat(agreement.overlap()).isEqualTo(1 / 3.0);
      assertThat(agreement.lag()).isEqualTo(50);
      assertThat(timeline.toJson().keySet())
          .containsExactly("snapshots", "induction_change", "in_context_change");
      assertThat(timeline.toString()).contains("0.9700 L1H0");
    }

    @Test
    void aModelThatNeverChangesHasNothingToCompare() {
      ScoreTimeline flat =
          timeline(new double[] {0.02, 0.03, 0.02, 0.04}, new double[] {-0.01, -0.05, -0.08, -0.1});
      assertThat(flat.inductionChange()).isEmpty();
      assertThat(flat.inContextChange()).isEmpty();
      assertThat(flat.agreement()).isEmpty();
    }

    @Test
    void oneChangeAloneIsNoAgreement() {
      ScoreTimeline half = timeline(new double[] {0, 0, 1}, new double[] {0, 0, 0});
      assertThat(half.inductionChange()).isPresent();
      assertThat(half.agreement()).isEmpty();
    }
  }
}
