package dev.circuitscope.circuits.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossBumpTest {

  private static long[] steps(int n) {
    return LongStream.range(0, n).map(i -> 10 * i).toArray();
  }

  @Test
  void aConvexCurveHasNone() {
    double[] decay = new double[50];
    for (int i = 0; i < 50; i++) {
      decay[i] = 2 + 3 * Math.exp(-0.1 * i);
    }
    assertThat(LossBump.all(steps(50), decay, 1e-9)).isEmpty();
    double[] line = {4, 3, 2, 1};
    assertThat(LossBump.all(steps(4), line, 1e-9)).isEmpty();
  }

  @Test
  void aPlateauBeforeADropIsABumpAboveTheLineAcrossIt() {
    // from (10, 4) to (40, 1) the line passes 3 and 2; the plateau stays at 4 and 3.8
    double[] loss = {6, 4, 4, 3.8, 1, 0.9};
    Optional<LossBump> bump = LossBump.largest(steps(6), loss, 0.1);
    assertThat(bump).isPresent();
    assertThat(bump.get().start()).isEqualTo(10);
    assertThat(bump.get().peak()).isEqualTo(30);
    assertThat(bump.get().end()).isEqualTo(40);
    assertThat(bump.get().height()).isCloseTo(1.8, within(1e-12));
    assertThat(LossBump.largest(steps(6), loss, 1.9)).isEmpty();
    assertThat(bump.get().toJson().get("peak").getAsLong()).isEqualTo(30);
    assertThat(bump.get().toString()).contains("10 to 40");
  }

  @Test
  void theHighestOfSeveralIsTheLargest() {
    double[] loss = {9, 5, 4.5, 3, 1, 1.4, 0.9, 0.85};
    List<LossBump> all = LossBump.all(steps(8), loss, 0.01);
    assertThat(all).hasSize(2);
    assertThat(all.get(0).end()).isLessThanOrEqualTo(all.get(1).start());
    assertThat(LossBump.largest(steps(8), loss, 0.01))
        .hasValueSatisfying(
            b ->
                assertThat(b.height())
                    .isEqualTo(Math.max(all.get(0).height(), all.get(1).height())));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theHeightIsTheMostThatThePointsLieAboveAnyChord(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int n = 30;
    long[] steps = new long[n];
    double[] loss = new double[n];
    for (int i = 0; i < n; i++) {
      steps[i] = i == 0 ? 0 : steps[i - 1] + 1 + random.nextInt(9);
      loss[i] = 3 * Math.exp(-0.1 * i) + 0.3 * random.nextDouble();
    }
    double highest = 0;
    for (int from = 0; from < n; from++) {
      for (int to = from + 1; to < n; to++) {
        for (int i = from + 1; i < to; i++) {
          double share = (double) (steps[i] - steps[from]) / (steps[to] - steps[from]);
          double chord = (1 - share) * loss[from] + share * loss[to];
          highest = Math.max(highest, loss[i] - chord);
        }
      }
    }
    assertThat(LossBump.largest(steps, loss, 1e-9).orElseThrow().height())
        .isCloseTo(highest, within(1e-12));
  }

  @Test
  void fewerThanThreeSnapshotsHaveNoneAndBadCurvesAreRefused() {
    assertThat(LossBump.all(steps(0), new double[0], 0.1)).isEmpty();
    assertThat(LossBump.all(steps(1), new double[] {1}, 0.1)).isEmpty();
    assertThat(LossBump.all(steps(2), new double[] {1, 2}, 0.1)).isEmpty();
    assertThatThrownBy(() -> LossBump.all(steps(2), new double[] {1}, 0.1))
        .hasMessageContaining("loss bump: 2 steps and 1 values");
    assertThatThrownBy(() -> LossBump.all(steps(1), new double[] {Double.NaN}, 0.1))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> LossBump.all(steps(1), new double[] {1}, 0))
        .hasMessageContaining("above 0");
    assertThatThrownBy(() -> new LossBump(1, 1, 2, 0.1)).hasMessageContaining("out of order");
  }
}
