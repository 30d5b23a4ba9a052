package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ToyConfigTest {

  @Test
  void takesHowToTrainInOnePiece() {
    ToyTraining how = new ToyTraining(7, 32, 0.02, ToySchedule.LINEAR, 0.5);
    assertThat(ToyConfig.builder(3, 2).training(how).build().training()).isEqualTo(how);
  }

  @Test
  void sparsitiesAreLogSpacedWithExactEnds() {
    List<Double> p = ToyConfig.logSpaced(1, 1 / 20.0, 10);
    assertThat(p).hasSize(10).startsWith(1.0).endsWith(1 / 20.0);
    for (int i = 1; i < 10; i++) {
      assertThat(p.get(i) / p.get(i - 1)).isCloseTo(Math.pow(20, -1 / 9.0), within(1e-12));
    }
    assertThat(ToyConfig.logSpaced(0.3, 0.1, 1)).containsExactly(0.3);
  }

  @Test
  void defaultsAreThePapers() {
    ToyConfig config = ToyConfig.builder(5, 2).build();
    assertThat(config.importance()).containsExactly(1f, 1f, 1f, 1f, 1f);
    assertThat(config.steps()).isEqualTo(10_000);
    assertThat(config.batch()).isEqualTo(1024);
    assertThat(config.learningRate()).isEqualTo(1e-3);
    assertThat(config.weightDecay()).isEqualTo(0.01);
    assertThat(config.training().schedule()).isEqualTo(ToySchedule.CONSTANT);
    assertThat(config.distribution()).isEqualTo(IndependentFeatures.EQUAL);
    assertThat(config.instances()).isEqualTo(1);
  }

  @Test
  void importanceFallsGeometrically() {
    assertThat(ToyConfig.builder(3, 2).geometricImportance(0.5).build().importance())
        .containsExactly(1f, 0.5f, 0.25f);
  }

  @Test
  void everythingOutOfRangeIsRefusedByName() {
    refused(b -> b.importance(1, 2), "3 features, but 2 numbers");
    refused(b -> b.importance(1, -2, 1), "importance");
    refused(b -> b.importance(1, Float.NaN, 1), "importance");
    refused(b -> b.featureProbability(0), "probability");
    refused(b -> b.featureProbability(1.5), "1.5");
    refused(b -> b.featureProbabilities(List.of()), "featureProbabilities");
    refused(b -> b.restarts(0), "restarts");
    refused(b -> b.steps(-1), "steps");
    refused(b -> b.batch(0), "batch");
    refused(b -> b.learningRate(0), "learningRate");
    refused(b -> b.learningRate(Double.NaN), "learningRate");
    refused(b -> b.weightDecay(-1), "weightDecay");
    refused(b -> b.activation(null), "architecture");
    refused(b -> b.distribution(new CorrelatedSets(2)), "sets of 2");
    refused(b -> b.schedule(null), "schedule");
    assertThatThrownBy(() -> ToyConfig.builder(0, 1).build()).hasMessageContaining("features");
    assertThatThrownBy(() -> ToyConfig.builder(1, 0).build()).hasMessageContaining("hidden");
  }

  private static void refused(UnaryOperator<ToyConfig.Builder> change, String message) {
    assertThatThrownBy(() -> change.apply(ToyConfig.builder(3, 2)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void schedulesStartAtOneAndDecay() {
    assertThat(ToySchedule.CONSTANT.factor(99, 100)).isEqualTo(1);
    assertThat(ToySchedule.LINEAR.factor(0, 100)).isEqualTo(1);
    assertThat(ToySchedule.LINEAR.factor(75, 100)).isEqualTo(0.25);
    assertThat(ToySchedule.COSINE.factor(0, 101)).isEqualTo(1);
    assertThat(ToySchedule.COSINE.factor(50, 101)).isCloseTo(Math.sqrt(0.5), within(1e-12));
    assertThat(ToySchedule.COSINE.factor(100, 101)).isCloseTo(0, within(1e-12));
    assertThat(ToySchedule.COSINE.factor(0, 1)).isEqualTo(1);
  }
}
