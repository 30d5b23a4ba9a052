package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.Parallel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToyTrainerTest {

  private final int threads = Parallel.threads();

  @AfterEach
  void restoreThreads() {
    Parallel.setThreads(threads);
  }

  private static ToyConfig.Builder small() {
    return ToyConfig.builder(20, 5).geometricImportance(0.7).steps(300).batch(1000).seed(3);
  }

  private static void assertSameBits(ToyRun a, ToyRun b) {
    assertThat(b.model().weights()).isDeepEqualTo(a.model().weights());
    assertThat(b.model().bias()).isEqualTo(a.model().bias());
    assertThat(b.history()).isEqualTo(a.history());
    assertThat(b.finalLoss()).isEqualTo(a.finalLoss());
  }

  @Nested
  class AnInstanceIsTheSameBits {

    @ParameterizedTest(name = "{0} instances")
    @ValueSource(ints = {1, 3, 10})
    void forAnyNumberOfThreads(int instances) {
      ToyConfig config =
          small().featureProbabilities(ToyConfig.logSpaced(1, 1 / 20.0, instances)).build();
      Parallel.setThreads(1);
      ToyResults one = ToyTrainer.of(config).train();
      for (int count : new int[] {2, 3}) {
        Parallel.setThreads(count);
        ToyResults several = ToyTrainer.of(config).train();
        for (int i = 0; i < instances; i++) {
          assertSameBits(one.runs().get(i), several.runs().get(i));
        }
      }
    }

    @Test
    void whateverIsTrainedWithIt() {
      List<Double> two = List.of(0.5, 0.2);
      ToyResults alone = ToyTrainer.of(small().featureProbability(0.5).build()).train();
      ToyResults pair = ToyTrainer.of(small().featureProbabilities(two).build()).train();
      ToyResults more =
          ToyTrainer.of(small().featureProbabilities(two).restarts(3).build()).train();
      assertSameBits(alone.runs().get(0), pair.runs().get(0));
      assertSameBits(pair.runs().get(0), more.runs().get(0));
      assertSameBits(pair.runs().get(1), more.runs().get(1));
    }

    @Test
    void butRestartsAndSeedsDiffer() {
      ToyResults results = ToyTrainer.of(small().restarts(2).steps(1).build()).train();
      ToyResults other = ToyTrainer.of(small().restarts(2).steps(1).seed(4).build()).train();
      assertThat(results.runs().get(0).model().bias())
          .isNotEqualTo(results.runs().get(1).model().bias())
          .isNotEqualTo(other.runs().get(0).model().bias());
    }
  }

  @Test
  void recordsTheExactMeanOfEveryWindowsLosses() {
    ToyConfig config = small().steps(25).build();
    LossHistory each = ToyTrainer.of(config).recordEvery(1).train().runs().get(0).history();
    LossHistory windows = ToyTrainer.of(config).recordEvery(10).train().runs().get(0).history();
    assertThat(windows.steps()).containsExactly(10, 20, 25);
    for (int w = 0; w < 3; w++) {
      int from = 10 * w;
      int to = windows.steps().get(w);
      double mean =
          each.losses().subList(from, to).stream().mapToDouble(x -> x).average().orElseThrow();
      assertThat(windows.losses().get(w)).isCloseTo(mean, within(1e-15));
    }
  }

  @Test
  void takesSnapshotsFromTheInitialToTheFinalWeights() {
    ToyConfig config = small().steps(20).build();
    ToyRun run = ToyTrainer.of(config).snapshotAt(20, 0, 7).train().runs().get(0);
    assertThat(run.snapshots()).extracting(ToySnapshot::step).containsExactly(0, 7, 20);
    assertThat(run.snapshots().get(0).model().bias()).containsOnly(0f);
    assertThat(run.snapshots().get(2).model().weights()).isDeepEqualTo(run.model().weights());
    ToyRun seven = ToyTrainer.of(small().steps(7).build()).train().runs().get(0);
    assertThat(run.snapshots().get(1).model().weights()).isDeepEqualTo(seven.model().weights());
  }

  @Test
  void tellsItsListenerWhatItRecords() {
    List<String> heard = new ArrayList<>();
    ToyConfig config = small().steps(10).restarts(2).build();
    ToyTrainer.of(config)
        .recordEvery(5)
        .listener((instance, step, loss) -> heard.add(instance + "@" + step))
        .train();
    assertThat(heard).containsExactlyInAnyOrder("0@5", "0@10", "1@5", "1@10");
  }

  @Test
  void anInterruptEndsTheTraining() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> ToyTrainer.of(small().build()).train())
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aDivergingLossNamesInstanceStepAndRemedy() {
    ToyConfig config = small().learningRate(1e15).featureProbability(0.5).build();
    assertThatThrownBy(() -> ToyTrainer.of(config).train())
        .isInstanceOf(ToyDivergedException.class)
        .hasMessageContaining("instance 0")
        .hasMessageContaining("0.5")
        .hasMessageContaining("at step 1")
        .hasMessageContaining("learning rate");
  }

  @Test
  void restartsAreJudgedOnTheSameHeldOutSamples() {
    ToyResults results =
        ToyTrainer.of(small().restarts(4).steps(50).build()).recordEvery(1).train();
    ToyRun best = results.best(0);
    assertThat(results.runs())
        .allSatisfy(run -> assertThat(run.finalLoss()).isGreaterThanOrEqualTo(best.finalLoss()));
    ToyRun first = results.runs().get(0);
    assertThat(first.finalLoss())
        .isCloseTo(first.history().last(), within(0.2 * first.finalLoss()));
  }

  @Nested
  class DegenerateSizes {

    @Test
    void noStepsGiveTheInitialModel() {
      ToyRun run = ToyTrainer.of(small().steps(0).build()).train().runs().get(0);
      assertThat(run.model().bias()).containsOnly(0f);
      assertThat(run.history().steps()).isEmpty();
      assertThat(run.history().last()).isNaN();
    }

    @Test
    void oneFeatureOneHiddenUnitOneSample() {
      ToyConfig config = ToyConfig.builder(1, 1).batch(1).steps(3000).learningRate(1e-2).build();
      ToyRun run = ToyTrainer.of(config).train().runs().get(0);
      assertThat(run.geometry().norms()[0]).isCloseTo(1, within(0.1));
    }
  }
}
