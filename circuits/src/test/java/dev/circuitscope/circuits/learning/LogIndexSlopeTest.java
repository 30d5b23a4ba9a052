package dev.circuitscope.circuits.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.junit.jupiter.api.Test;

class LogIndexSlopeTest {

  @Test
  void aLossThatFallsWithTheLogarithmHasItsFactorInEveryBand() {
    double[] losses = new double[255];
    for (int t = 0; t < losses.length; t++) {
      losses[t] = 5 - 0.3 * Math.log(t + 1);
    }
    assertThat(LogIndexSlope.between(losses, 1, 256).slope()).isCloseTo(-0.3, within(1e-12));
    assertThat(LogIndexSlope.octaves(losses))
        .hasSize(7)
        .allSatisfy(band -> assertThat(band.slope()).isCloseTo(-0.3, within(1e-12)))
        .last()
        .satisfies(band -> assertThat(band.from()).isEqualTo(128))
        .satisfies(band -> assertThat(band.to()).isEqualTo(256));
  }

  @Test
  void itIsTheRegressionOfTheLossesOverTheLogarithm() {
    SplittableRandom random = new SplittableRandom(3L);
    double[] losses = random.doubles(60).toArray();
    SimpleRegression regression = new SimpleRegression();
    for (int index = 7; index < 40; index++) {
      regression.addData(Math.log(index), losses[index - 1]);
    }
    assertThat(LogIndexSlope.between(losses, 7, 40).slope())
        .isCloseTo(regression.getSlope(), within(1e-12));
  }

  @Test
  void onlyWholeOctavesCount() {
    assertThat(LogIndexSlope.octaves(new double[2])).isEmpty();
    assertThat(LogIndexSlope.octaves(new double[3])).hasSize(1);
    assertThat(LogIndexSlope.octaves(new double[6])).hasSize(1);
    assertThat(LogIndexSlope.octaves(new double[7])).hasSize(2);
    assertThat(LogIndexSlope.octaves(new double[0])).isEmpty();
  }

  @Test
  void bandsOfOneIndexOrBeyondTheLossesAreRefused() {
    assertThatThrownBy(() -> LogIndexSlope.between(new double[9], 4, 5))
        .hasMessageContaining("at least two");
    assertThatThrownBy(() -> LogIndexSlope.between(new double[9], 0, 5))
        .hasMessageContaining("from 1");
    assertThatThrownBy(() -> LogIndexSlope.between(new double[9], 4, 11))
        .hasMessageContaining("beyond index 9");
    assertThat(LogIndexSlope.between(new double[9], 4, 10).slope()).isZero();
    assertThat(new LogIndexSlope(64, 128, -0.061).toString())
        .isEqualTo("tokens 64 to 127: -0.0610 nats per factor e");
  }
}
