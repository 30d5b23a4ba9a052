package dev.circuitscope.circuits.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhaseChangeTest {

  /** 0, 10, ..., 1000. */
  private static final long[] STEPS = LongStream.rangeClosed(0, 100).map(i -> 10 * i).toArray();

  private static double[] curve(LongToDoubleFunction f) {
    return Arrays.stream(STEPS).mapToDouble(f).toArray();
  }

  /** From 0 to 1 around step 405, so that 10% and 90% are 20 ln 9 = 43.9 steps before and after. */
  private static double sigmoid(long step) {
    return 1 / (1 + Math.exp(-(step - 405) / 20.0));
  }

  @Nested
  class Sigmoids {

    @Test
    void theWindowGoesFromTenToNinetyPercent() {
      PhaseChange change = PhaseChange.ofRise(STEPS, curve(PhaseChangeTest::sigmoid), 0.2).get();
      assertThat(change.start()).isEqualTo(360);
      assertThat(change.half()).isEqualTo(410);
      assertThat(change.end()).isEqualTo(450);
      assertThat(change.steepest()).isEqualTo(405);
      assertThat(change.move()).isCloseTo(1, within(1e-8));
      assertThat(change.share()).isEqualTo(0.09);
    }

    @Test
    void aFallIsFoundWhereItsMirrorImageRises() {
      PhaseChange rise = PhaseChange.ofRise(STEPS, curve(PhaseChangeTest::sigmoid), 0.2).get();
      PhaseChange fall = PhaseChange.ofFall(STEPS, curve(s -> -sigmoid(s)), 0.2).get();
      assertThat(fall).usingRecursiveComparison().ignoringFields("before", "after").isEqualTo(rise);
      assertThat(fall.move()).isCloseTo(-1, within(1e-8));
    }

    @Test
    void theWrongDirectionIsNoChange() {
      assertThat(PhaseChange.ofFall(STEPS, curve(PhaseChangeTest::sigmoid), 0.2)).isEmpty();
      assertThat(PhaseChange.ofRise(STEPS, curve(s -> -sigmoid(s)), 0.2)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noiseMovesTheWindowByAFewSnapshotsOnly(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      double[] noisy = curve(s -> sigmoid(s) + random.nextDouble(-0.03, 0.03));
      PhaseChange change = PhaseChange.ofRise(STEPS, noisy, 0.2).get();
      assertThat(change.start()).isBetween(330L, 380L);
      assertThat(change.end()).isBetween(430L, 480L);
      assertThat(change.half()).isBetween(390L, 420L);
      assertThat(change.steepest()).isBetween(365L, 445L);
    }
  }

  @Nested
  class RandomCurves {

    /** The definitions of the window by search over all snapshots. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void haveTheWindowThatItsDefinitionsNameAmongAllSnapshots(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      int n = 40;
      long[] steps = new long[n];
      double[] y = new double[n];
      for (int i = 0; i < n; i++) {
        steps[i] = i == 0 ? 0 : steps[i - 1] + 1 + random.nextInt(20);
        y[i] = i == n - 1 ? 2 : random.nextDouble(0, 2.2) * i / n;
      }
      double[] made = Arrays.stream(y).map(v -> (v - y[0]) / (2 - y[0])).toArray();
      int end = IntStream.range(0, n).filter(i -> made[i] >= 0.9).min().orElseThrow();
      int start = IntStream.range(0, end).filter(i -> made[i] <= 0.1).max().orElseThrow();
      int half = IntStream.rangeClosed(start + 1, end).filter(i -> made[i] >= 0.5).min().orElse(0);
      int steepest =
          IntStream.range(start, end)
              .boxed()
              .max(
                  Comparator.comparingDouble(
                      i -> (made[i + 1] - made[i]) / (steps[i + 1] - steps[i])))
              .orElseThrow();
      PhaseChange change = PhaseChange.ofRise(steps, y, 0.2).orElseThrow();
      assertThat(change.start()).isEqualTo(steps[start]);
      assertThat(change.half()).isEqualTo(steps[half]);
      assertThat(change.end()).isEqualTo(steps[end]);
      assertThat(change.steepest())
          .isEqualTo(steps[steepest] + (steps[steepest + 1] - steps[steepest]) / 2);
      assertThat(change.share())
          .isCloseTo((double) (steps[end] - steps[start]) / steps[n - 1], within(1e-15));
    }
  }

  @Nested
  class NoChange {

    @Test
    void aFlatCurveHasNone() {
      assertThat(PhaseChange.ofRise(STEPS, curve(s -> 0.3), 0.2)).isEmpty();
      assertThat(PhaseChange.ofFall(STEPS, curve(s -> 0.3), 0.2)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noiseBelowTheLeastMoveHasNone(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      double[] noise = curve(s -> random.nextDouble(-0.09, 0.09));
      assertThat(PhaseChange.ofRise(STEPS, noise, 0.2)).isEmpty();
      assertThat(PhaseChange.ofFall(STEPS, noise, 0.2)).isEmpty();
    }

    @Test
    void aMoveJustBelowTheLeastHasNoneAndOneJustAboveHas() {
      assertThat(PhaseChange.ofRise(STEPS, curve(s -> 0.199 * sigmoid(s)), 0.2)).isEmpty();
      assertThat(PhaseChange.ofRise(STEPS, curve(s -> 0.201 * sigmoid(s)), 0.2)).isPresent();
    }

    @Test
    void noSnapshotAndOneSnapshotHaveNone() {
      assertThat(PhaseChange.ofRise(new long[0], new double[0], 0.2)).isEmpty();
      assertThat(PhaseChange.ofFall(new long[] {5}, new double[] {3}, 0.2)).isEmpty();
    }
  }

  @Nested
  class OtherShapes {

    @Test
    void aStraightLineTakesMostOfTheTraining() {
      PhaseChange change = PhaseChange.ofRise(STEPS, curve(s -> s), 0.2).get();
      assertThat(change.start()).isEqualTo(100);
      assertThat(change.half()).isEqualTo(500);
      assertThat(change.end()).isEqualTo(900);
      assertThat(change.share()).isEqualTo(0.8);
    }

    @Test
    void twoSnapshotsAreOneWindow() {
      PhaseChange change = PhaseChange.ofRise(new long[] {3, 7}, new double[] {0, 1}, 0.2).get();
      assertThat(change.start()).isEqualTo(3);
      assertThat(change.half()).isEqualTo(7);
      assertThat(change.end()).isEqualTo(7);
      assertThat(change.steepest()).isEqualTo(5);
    }

    @Test
    void steepnessIsPerStepAndNotPerSnapshot() {
      long[] steps = {0, 100, 110, 1000};
      double[] curve = {0, 0.05, 0.4, 1};
      PhaseChange change = PhaseChange.ofRise(steps, curve, 0.2).get();
      assertThat(change.steepest()).isEqualTo(105);
      assertThat(change.half()).isEqualTo(1000);
    }

    @Test
    void anExcursionBeforeTheMoveDoesNotStartTheWindow() {
      double[] curve = curve(s -> sigmoid(s) + (s == 100 ? 0.5 : 0));
      assertThat(PhaseChange.ofRise(STEPS, curve, 0.2).get().start()).isEqualTo(360);
    }
  }

  @Nested
  class Agreement {

    private PhaseChange window(long start, long end) {
      return new PhaseChange(start, end, end, (start + end) / 2, 0, 1, 0.1);
    }

    @Test
    void overlapIsCommonStepsOverAllSteps() {
      PhaseAgreement agreement = new PhaseAgreement(window(100, 200), window(150, 250));
      assertThat(agreement.overlap()).isCloseTo(50 / 150.0, within(1e-15));
      assertThat(agreement.overlaps()).isTrue();
      assertThat(agreement.lag()).isEqualTo(200 - 200);
    }

    @Test
    void theSameWindowOverlapsWholly() {
      assertThat(new PhaseAgreement(window(100, 200), window(100, 200)).overlap()).isEqualTo(1);
      assertThat(new PhaseAgreement(window(100, 200), window(100, 200)).lag()).isEqualTo(-50);
    }

    @Test
    void windowsThatOnlyTouchDoNotOverlap() {
      assertThat(new PhaseAgreement(window(100, 200), window(200, 300)).overlaps()).isFalse();
      assertThat(new PhaseAgreement(window(400, 500), window(200, 300)).overlap()).isZero();
    }
  }

  @Nested
  class Refusals {

    @Test
    void stepsAndValuesMustMatchAndIncreaseAndBeFinite() {
      assertThatThrownBy(() -> PhaseChange.ofRise(new long[2], new double[3], 0.1))
          .hasMessageContaining("2 steps and 3 values");
      assertThatThrownBy(() -> PhaseChange.ofRise(new long[] {4, 4}, new double[2], 0.1))
          .hasMessageContaining("snapshot 1 at step 4");
      assertThatThrownBy(
              () -> PhaseChange.ofFall(new long[] {4, 5}, new double[] {1, Double.NaN}, 0.1))
          .hasMessageContaining("value NaN");
      assertThatThrownBy(() -> PhaseChange.ofFall(new long[0], new double[0], 0))
          .hasMessageContaining("above 0");
    }

    @Test
    void aWindowOutOfOrderIsRefused() {
      assertThatThrownBy(() -> new PhaseChange(5, 4, 6, 5, 0, 1, 0.1))
          .hasMessageContaining("out of order");
    }
  }
}
