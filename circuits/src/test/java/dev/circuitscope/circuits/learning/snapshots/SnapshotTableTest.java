package dev.circuitscope.circuits.learning.snapshots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.heads.InductionScores;
import dev.circuitscope.circuits.learning.CopyLoss;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SnapshotTableTest {

  private static final TransformerConfig SHAPE =
      TransformerConfig.attentionOnly(2).heads(2).dModel(8).vocab(12).context(12).build();
  private static final SnapshotMeasure HEADS =
      SnapshotMeasure.ofHeads("induction", m -> InductionScores.of(m, 3L));
  private static final SnapshotMeasure COPY =
      SnapshotMeasure.ofMean("second copy", m -> CopyLoss.of(m, 3L).second());
  private static final SnapshotMeasure SIZE =
      SnapshotMeasure.of("size, of \"W\"", m -> m.config().parameters());

  private final MemorySnapshots run = new MemorySnapshots(10);

  @BeforeEach
  void threeModels() {
    for (long step : new long[] {0, 5, 20}) {
      run.observe(step, Transformer.create(SHAPE, step));
    }
  }

  private SnapshotTable measure(SnapshotMeasure... measures) {
    return run.measure(SnapshotProgress.silent(), measures);
  }

  @Nested
  class Measuring {

    @Test
    void everyCurveHoldsWhatTheMeasureGivesOnEachModel() {
      SnapshotTable table = measure(HEADS, COPY, SIZE);
      assertThat(table.steps()).containsExactly(0, 5, 20);
      assertThat(table.tokens()).containsExactly(0, 50, 200);
      assertThat(table.measures()).containsExactly("induction", "second copy", "size, of \"W\"");
      assertThat(table.heads("induction"))
          .containsExactly(new Head(0, 0), new Head(0, 1), new Head(1, 0), new Head(1, 1));
      assertThat(table.heads("second copy")).isEmpty();
      for (int i = 0; i < 3; i++) {
        Transformer model = run.at(table.steps()[i]);
        HeadScores scores = InductionScores.of(model, 3L);
        for (Head head : table.heads("induction")) {
          assertThat(table.curve("induction", head)[i]).isEqualTo(scores.score(head));
        }
        assertThat(table.highest("induction")[i]).isEqualTo(scores.score(scores.best()));
        assertThat(table.curve("second copy")[i]).isEqualTo(CopyLoss.of(model, 3L).second().mean());
      }
      assertThat(table.rows()).hasSize(3 * 6);
      assertThat(table.rows().get(0).standardError())
          .isEqualTo(InductionScores.of(run.at(0), 3L).standardError(new Head(0, 0)));
      assertThat(table.provenance())
          .containsOnlyKeys("induction")
          .containsValue(InductionScores.of(run.at(0), 3L).provenance());
    }

    @Test
    void aMeanCanBringItsProvenance() {
      SnapshotMeasure first =
          SnapshotMeasure.ofMean(
              "first copy", m -> CopyLoss.of(m, 3L), CopyLoss::first, CopyLoss::provenance);
      SnapshotTable table = measure(first);
      CopyLoss expected = CopyLoss.of(run.at(20), 3L);
      assertThat(table.curve("first copy")[2]).isEqualTo(expected.first().mean());
      assertThat(table.provenance()).containsEntry("first copy", expected.provenance());
    }

    @Test
    void tablesOfTheSameModelsStandSideBySide() {
      SnapshotTable both = measure(HEADS).and(measure(COPY));
      assertThat(both.rows()).isEqualTo(measure(HEADS, COPY).rows());
      assertThat(both.provenance()).isEqualTo(measure(HEADS, COPY).provenance());
      assertThatThrownBy(() -> both.and(measure(COPY)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("second copy");
      SnapshotTable before = measure(COPY);
      run.observe(30, Transformer.create(SHAPE, 30L));
      SnapshotTable after = measure(HEADS);
      assertThatThrownBy(() -> after.and(before)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneModelOrNoneGivesATableToo() {
      MemorySnapshots none = new MemorySnapshots(1);
      assertThat(none.measure(SnapshotProgress.silent(), COPY).rows()).isEmpty();
      none.observe(0, Transformer.create(SHAPE, 1L));
      assertThat(none.measure(SnapshotProgress.silent(), COPY).curve("second copy")).hasSize(1);
    }

    @Test
    void measuresNeedDifferentNamesAndTheSameTokens() {
      assertThatThrownBy(() -> measure()).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> measure(COPY, COPY)).hasMessageContaining("second copy");
      AtomicLong seed = new AtomicLong();
      SnapshotMeasure moving =
          SnapshotMeasure.ofHeads("induction", m -> InductionScores.of(m, seed.incrementAndGet()));
      assertThatThrownBy(() -> measure(moving))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("same tokens");
    }

    @Test
    void whatWasNotMeasuredIsNamedWithWhatWas() {
      SnapshotTable table = measure(HEADS, COPY);
      assertThatThrownBy(() -> table.curve("loss"))
          .hasMessageContaining("[induction, second copy]");
      assertThatThrownBy(() -> table.curve("induction")).hasMessageContaining("[L0H0, ");
      assertThatThrownBy(() -> table.curve("second copy", new Head(0, 0)))
          .hasMessageContaining("the whole model");
      assertThatThrownBy(() -> table.highest("second copy")).hasMessageContaining("curve(");
    }
  }

  @Nested
  class Rendering {

    private final TrainingMoment at = new TrainingMoment(5, 50);
    private final SnapshotTable table =
        new SnapshotTable(
            List.of(
                new SnapshotRow(at, "a,\"b\"", Optional.empty(), 0.5, Double.NaN),
                new SnapshotRow(at, "c", Optional.of(new Head(1, 2)), Double.NaN, 0.25)),
            Map.of());

    @Test
    void asCsvQuotesNamesAndLeavesOutWhatIsNotThere() {
      assertThat(table.toCsv().split("\r\n"))
          .containsExactly(
              "step,tokens,measure,head,value,standard_error",
              "5,50,\"a,\"\"b\"\"\",,0.5,",
              "5,50,c,L1H2,,0.25");
    }

    @Test
    void asJsonHasAnObjectForEachRow() {
      JsonObject json = table.toJson();
      assertThat(json.get("rows").getAsJsonArray()).hasSize(2);
      assertThat(json.get("rows").getAsJsonArray().get(1).toString())
          .isEqualTo(
              "{\"step\":5,\"tokens\":50,\"measure\":\"c\",\"head\":\"L1H2\",\"value\":null,\"standard_error\":0.25}");
    }

    @Test
    void asTextHasALineForEachMoment() {
      assertThat(measure(HEADS, COPY).toString().lines()).hasSize(4);
    }
  }

  @Test
  void aMeasureThatIsMissingAtAMomentOrThereTwiceIsRefused() {
    TrainingMoment one = new TrainingMoment(1, 1);
    TrainingMoment two = new TrainingMoment(2, 2);
    SnapshotRow a1 = new SnapshotRow(one, "a", Optional.empty(), 1, 0);
    SnapshotRow b1 = new SnapshotRow(one, "b", Optional.empty(), 1, 0);
    SnapshotRow a2 = new SnapshotRow(two, "a", Optional.empty(), 1, 0);
    assertThatThrownBy(() -> new SnapshotTable(List.of(a1, b1, a2), Map.of()))
        .hasMessageContaining("b of the whole model");
    assertThatThrownBy(() -> new SnapshotTable(List.of(a1, a1), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SnapshotTable(List.of(a2, a1), Map.of()))
        .hasMessageContaining("does not follow");
  }
}
