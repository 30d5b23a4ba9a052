package dev.circuitscope.examples.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.reproduction.Recipe;
import dev.circuitscope.toymodels.superposition.LossHistory;
import dev.circuitscope.toymodels.superposition.ToyActivation;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyModel;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Claims about superposition, on weights made by hand")
class SuperpositionClaimsTest {

  private static final float[][] TWO_KEPT = {{1, 0, 0, 0, 0}, {0, 1, 0, 0, 0}};
  private static final float[][] FOUR_KEPT = {{1, -1, 0, 0, 0}, {0, 0, 1, -1, 0}};
  private static final float[][] PENTAGON = pentagon();

  @Test
  void allHoldForAPentagonAtTheSparseEnd() {
    List<Claim> claims = claims(TWO_KEPT, FOUR_KEPT, PENTAGON);
    assertThat(claims).allMatch(Claim::holds);
    assertThat(find(claims, "superposition.pentagon").measured()).isCloseTo(0.4, within(1e-6));
    assertThat(find(claims, "superposition.more").measured()).isEqualTo(3);
  }

  @Test
  void failWhereTheNumberOfFeaturesFalls() {
    List<Claim> claims = claims(TWO_KEPT, PENTAGON, FOUR_KEPT);
    assertThat(find(claims, "superposition.grows").measured()).isEqualTo(1);
    assertThat(find(claims, "superposition.grows").holds()).isFalse();
    assertThat(find(claims, "superposition.pentagon").holds()).isFalse();
    assertThat(find(claims, "superposition.dense").holds()).isTrue();
    assertThat(find(claims, "superposition.more").holds()).isTrue();
  }

  @Test
  void failWhereDenseFeaturesAreInSuperposition() {
    List<Claim> claims = claims(PENTAGON, PENTAGON, PENTAGON);
    assertThat(find(claims, "superposition.dense").holds()).isFalse();
    assertThat(find(claims, "superposition.more").holds()).isFalse();
  }

  private static Claim find(List<Claim> claims, String id) {
    return claims.stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
  }

  private static List<Claim> claims(float[][]... weights) {
    List<Double> probabilities = ToyConfig.logSpaced(1, 0.05, weights.length);
    ToyConfig config = ToyConfig.builder(5, 2).featureProbabilities(probabilities).build();
    List<ToyRun> runs = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      ToyModel model = ToyModel.of(weights[i], new float[5], ToyActivation.RELU_OUTPUT);
      LossHistory nothing = new LossHistory(List.of(), List.of());
      runs.add(new ToyRun(i, probabilities.get(i), 0, model, 0, nothing, List.of()));
    }
    return SuperpositionClaims.of(
        new SuperpositionResult(
            new Recipe.Toy(5, 2, 1, probabilities, 1, 0, 1),
            new ToyResults(config, "test", runs),
            0));
  }

  private static float[][] pentagon() {
    float[][] w = new float[2][5];
    for (int i = 0; i < 5; i++) {
      w[0][i] = (float) Math.cos(2 * Math.PI * i / 5);
      w[1][i] = (float) Math.sin(2 * Math.PI * i / 5);
    }
    return w;
  }
}
