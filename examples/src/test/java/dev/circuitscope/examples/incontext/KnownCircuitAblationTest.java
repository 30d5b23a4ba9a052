package dev.circuitscope.examples.incontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.known.KnownCircuits;
import dev.circuitscope.circuits.known.KnownSettings;
import dev.circuitscope.circuits.known.Role;
import dev.circuitscope.circuits.learning.InContextLearning;
import dev.circuitscope.circuits.learning.LossPositions;
import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.circuits.learning.snapshots.MemorySnapshots;
import dev.circuitscope.circuits.learning.snapshots.SnapshotProgress;
import dev.circuitscope.circuits.patching.Ablation;
import dev.circuitscope.circuits.patching.Units;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Transformer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("A training that ends at an induction circuit written by hand")
class KnownCircuitAblationTest {

  private static final Head PREVIOUS = new Head(0, 1);
  private static final Head INDUCTION = new Head(1, 0);
  private static final LossPositions POSITIONS = WrittenResult.RECIPE.readings().positions();
  private static final CourseMeasures MEASURES =
      CourseMeasures.of(WrittenResult.RECIPE, WrittenResult.DATA);

  private static final Transformer BUILT =
      KnownCircuits.induction(
              KnownSettings.of(
                      WrittenResult.TOKENIZER.vocabSize(), WrittenResult.RECIPE.shape().context())
                  .start(WrittenResult.TOKENIZER.bosToken().orElseThrow())
                  .heads(WrittenResult.HEADS)
                  .place(Role.PREVIOUS_TOKEN, PREVIOUS.layer(), PREVIOUS.head())
                  .place(Role.INDUCTION, INDUCTION.layer(), INDUCTION.head())
                  .noise(0.01, 5L))
          .model();

  private static final KeptTraining KEPT = kept();
  private static final ModelCourse COURSE =
      ModelCourse.of(KEPT, MEASURES, SnapshotProgress.silent());

  /** Untrained for two snapshots, then all at once the circuit. */
  private static KeptTraining kept() {
    MemorySnapshots snapshots = new MemorySnapshots(100);
    Transformer untrained = Transformer.create(BUILT.config(), 3L);
    snapshots.observe(0, untrained);
    snapshots.observe(50, untrained);
    snapshots.observe(100, BUILT);
    snapshots.observe(150, BUILT);
    return new KeptTraining(
        ModelKind.TWO,
        BUILT,
        WrittenResult.ofNoChange().courses().get(0).provenance(),
        snapshots,
        1);
  }

  @Nested
  class Measured {

    @Test
    void changesWhereTheCircuitIsPutIn() {
      PhaseChange change = COURSE.change(WrittenResult.RECIPE.readings()).orElseThrow();
      assertThat(change.start()).isEqualTo(50);
      assertThat(change.half()).isEqualTo(100);
      assertThat(COURSE.inductionHeads(0.4)).containsExactly(INDUCTION);
    }

    @Test
    void hasTheLossesThatTheModelHasOnTheSameWindows() {
      InContextLearning text =
          InContextLearning.of(BUILT, MEASURES.text(), POSITIONS, RunSettings.plain());
      assertThat(COURSE.loss(Windows.TEXT)[3]).isEqualTo(text.loss().mean());
      assertThat(COURSE.score(Windows.TEXT)[3]).isEqualTo(text.score().mean());
      assertThat(COURSE.loss(Windows.TEXT)[0]).isNotEqualTo(text.loss().mean());
      assertThat(COURSE.losses().at(150)).isEqualTo(MEASURES.probe().losses(BUILT));
    }
  }

  @Nested
  class TakenApart {

    private final AblationStudy study =
        AblationStudy.of(
            KEPT, COURSE, COURSE.change(WrittenResult.RECIPE.readings()).orElseThrow(), MEASURES);

    @Test
    void losesItsInContextLearningWithoutTheInductionHead() {
      InContextAblation together = study.together().orElseThrow();
      assertThat(together.heads()).containsExactly(INDUCTION);
      assertThat(study.removed(together.patternPreserving())).isGreaterThan(0.8);
      assertThat(study.removed(study.without(new Head(1, 1)).patternPreserving()))
          .isCloseTo(0, within(0.05));
    }

    @Test
    void missesThePreviousTokenHeadOnlyWherePatternsMayChange() {
      InContextAblation without = study.without(PREVIOUS);
      assertThat(study.removed(without.full())).isGreaterThan(0.5);
      assertThat(study.removed(without.patternPreserving())).isLessThan(0.1);
    }

    @Test
    void hasTheLowestBeforeAndAfterScoreAtTheInductionHead() {
      assertThat(study.lowestBut(List.of())).contains(INDUCTION);
      assertThat(study.beforeAndAfter().score(INDUCTION)).isNegative();
    }

    @Test
    void comparesWithTheModelWhereTheChangeStarts() {
      assertThat(study.before().mean())
          .isEqualTo(
              InContextLearning.of(
                      KEPT.snapshots().at(50), MEASURES.ablation(), POSITIONS, RunSettings.plain())
                  .score()
                  .mean());
    }
  }

  @Nested
  class TheScoreWithoutHeads {

    private final List<Head> heads = List.of(PREVIOUS, INDUCTION);
    private final int[][] windows = MEASURES.ablation();
    private final InContextAblation without =
        InContextAblation.of(BUILT, heads, windows, POSITIONS);

    @Test
    void inFullIsThatOfARunWithTheirOutputsZero() {
      Hooks hooks = Hooks.zeroHead(PREVIOUS).and(Hooks.zeroHead(INDUCTION));
      SampleMean score =
          InContextLearning.of(BUILT, windows, POSITIONS, RunSettings.with(hooks)).score();
      assertThat(without.full().mean()).isCloseTo(score.mean(), within(1e-6));
      assertThat(without.full().standardError()).isCloseTo(score.standardError(), within(1e-6));
    }

    @Test
    void withPatternsPreservedIsThatOfTheSameAblationInPatching() {
      double[][] losses =
          Ablation.zero(Units.heads(heads)).preservingPatterns().losses(BUILT, windows).ablated();
      double[] scores =
          IntStream.range(0, losses.length)
              .mapToDouble(i -> losses[i][POSITIONS.late()] - losses[i][POSITIONS.early()])
              .toArray();
      assertThat(without.patternPreserving().mean())
          .isCloseTo(SampleMean.of(scores).mean(), within(1e-5));
    }

    @Test
    void isTheModelsIfNoneIsTakenOut() {
      assertThat(InContextAblation.score(BUILT, windows, POSITIONS).mean())
          .isEqualTo(
              InContextLearning.of(BUILT, windows, POSITIONS, RunSettings.plain()).score().mean());
    }
  }
}
