package dev.circuitscope.toymodels.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyTrainer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LearningDynamicsTest {

  private static final int[] STEPS = IntStream.range(0, 11).map(i -> 10 * i).toArray();

  /** A first fall, a plateau, a drop from snapshot 4 to 6, another plateau. */
  private static final double[] LOSSES = {10, 6, 5.1, 5.0, 4.9, 3, 1, 0.95, 0.9, 0.9, 0.9};

  /** The first feature jumps within the drop, the second one at its end and after it. */
  private static final double[][] D = {
    {0, 1},
    {0, 1},
    {0, 1},
    {0, 1},
    {0, 1},
    {0.4, 1},
    {0.5, 1},
    {0.5, 0.8},
    {0.5, 0.5},
    {0.5, 0.5},
    {0.5, 0.5}
  };

  private final LearningDynamics dynamics = new LearningDynamics(STEPS, LOSSES, D);

  @Test
  void findsTheFirstPlateauTheDropAndWhereTheLossHasSettled() {
    assertThat(dynamics.firstPlateau()).isEqualTo(4);
    assertThat(dynamics.settled()).isEqualTo(7);
    assertThat(dynamics.drops()).containsExactly(new LossDrop(4, 6));
    assertThat(dynamics.timeInDrops()).isCloseTo(2.0 / 3, within(1e-12));
  }

  @Test
  void comparesHowFastDimensionalitiesChangeInDropsAndOtherwise() {
    // 0.5 in two stretches of the drop, 0.2 in the one that is left.
    assertThat(dynamics.relativeMovement()).isCloseTo(0.25 / 0.2, within(1e-12));
    assertThat(dynamics.movement()[4]).isCloseTo(0.4, within(1e-12));
    assertThat(dynamics.trajectory(1)).endsWith(0.8, 0.5, 0.5, 0.5);
  }

  @Test
  void findsTheStretchInWhichEveryFeatureJumps() {
    assertThat(dynamics.jumps(0.1)).containsExactly(4, 7);
    assertThat(dynamics.jumpsInDrops(0.1)).isEqualTo(0.5);
    assertThat(dynamics.jumps(0.6)).isEmpty();
    assertThat(dynamics.jumpsInDrops(0.6)).isNaN();
  }

  @Test
  void ofALossThatFallsEverMoreSlowlyBeginsAtTheStart() {
    double[] halving = IntStream.range(0, 11).mapToDouble(t -> Math.pow(0.5, t)).toArray();
    LearningDynamics smooth = new LearningDynamics(STEPS, halving, D);
    assertThat(smooth.firstPlateau()).isZero();
    assertThat(smooth.drops()).containsExactly(new LossDrop(0, 2));
  }

  @Test
  void printsAndGoesToJson() {
    assertThat(dynamics.toString()).contains("first plateau at 40", "40 to", "60: 4.9");
    assertThat(dynamics.toJson().toString()).contains("\"first_plateau\":4", "\"from\":4");
  }

  @Test
  void measuresTheSnapshotsOfARun() {
    ToyConfig config = ToyConfig.builder(5, 2).featureProbability(0.2).steps(40).batch(64).build();
    ToyResults results = ToyTrainer.of(config).snapshotAt(0, 20, 40).train();
    LearningDynamics measured = LearningDynamics.of(config, results.best(0), 4096);
    assertThat(measured.steps()).containsExactly(0, 20, 40);
    assertThat(measured.losses()[2]).isLessThan(measured.losses()[0]);
    assertThat(measured.dimensionality()[2]).isEqualTo(results.best(0).geometry().dimensionality());
  }

  @Test
  void refusesUnevenStepsMissingLossesAndTooFewSnapshots() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LearningDynamics(new int[2], new double[2], new double[2][1]))
        .withMessageContaining("at least three");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LearningDynamics(STEPS, new double[3], D))
        .withMessageContaining("3 losses");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new LearningDynamics(new int[] {0, 1, 3}, new double[3], new double[3][1]))
        .withMessageContaining("evenly");
    assertThatIllegalArgumentException().isThrownBy(() -> new LossDrop(3, 3));
  }
}
