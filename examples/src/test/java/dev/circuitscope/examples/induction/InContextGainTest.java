package dev.circuitscope.examples.induction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.learning.PhaseChange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The move of the in-context learning score across a stretch")
class InContextGainTest {

  private static final long[] STEPS = {0, 10, 20, 30, 40, 50, 60, 70, 80};

  private static PhaseChange change(long start, long end) {
    return new PhaseChange(start, end, end, start, 0, 1, 0.1);
  }

  @Test
  void isTheMeanBehindMinusTheMeanBefore() {
    double[] scores = {9, 9, -0.1, -0.3, 7, -0.6, -0.8, 9, 9};
    // before: steps 10..30, behind: 50..70
    double expected = (-0.6 - 0.8 + 9) / 3 - (9 - 0.1 - 0.3) / 3;
    assertThat(InContextGain.across(STEPS, scores, change(30, 50)))
        .isCloseTo(expected, within(1e-12));
  }

  @Test
  void isZeroForALevelCurve() {
    double[] scores = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    assertThat(InContextGain.across(STEPS, scores, change(20, 60))).isZero();
  }

  @Test
  void takesTheSnapshotsThereAreAtTheEnds() {
    double[] scores = {0, 9, 9, 9, 9, 9, 9, 9, -0.5};
    assertThat(InContextGain.across(STEPS, scores, change(0, 80))).isEqualTo(-0.5);
  }

  @Test
  void fitsALineWithinTheStretchAlone() {
    double[] scores = {9, 9, 0, -0.1, -0.2, -0.3, -0.4, 9, 9};
    assertThat(InContextGain.fitted(STEPS, scores, 20, 60)).isCloseTo(-0.4, within(1e-12));
    double[] bent = {0, 0, 0, 0, 0, -1, -1, -1, -1};
    // least squares over 0, 0, -1, -1 at 30..60: slope -0.04 per step
    assertThat(InContextGain.fitted(STEPS, bent, 30, 60)).isCloseTo(-1.2, within(1e-12));
  }
}
