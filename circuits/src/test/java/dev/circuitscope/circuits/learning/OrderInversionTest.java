package dev.circuitscope.circuits.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderInversionTest {

  private static final long[] STEPS = {0, 10, 20, 40, 80};

  @Test
  void curvesThatCrossOnceInvertWhereTheyCross() {
    double[] small = {0, 0, 0, 0, 0};
    double[] large = {-1, -1, -0.5, 1.5, 1};
    OrderInversion found = OrderInversion.find(STEPS, small, large).orElseThrow();
    // d goes from 0.5 at 20 to -1.5 at 40
    assertThat(found.step()).isCloseTo(25, within(1e-12));
    assertThat(found.before()).isCloseTo(2.5 / 3, within(1e-12));
    assertThat(found.after()).isCloseTo(-1.25, within(1e-12));
    assertThat(found.agreement()).isEqualTo(1);
    assertThat(found.toString()).contains("step 25");
    assertThat(found.toJson().get("step").getAsDouble()).isCloseTo(25, within(1e-12));
  }

  @Test
  void aSingleCrossingByNoiseDoesNotMoveIt() {
    double[] zero = new double[8];
    double[] noisy = {1, -0.1, 1, 1, -1, -1, 0.2, -1};
    long[] steps = {0, 1, 2, 3, 4, 5, 6, 7};
    OrderInversion found = OrderInversion.find(steps, noisy, zero).orElseThrow();
    assertThat(found.step()).isCloseTo(3.5, within(1e-12));
    assertThat(found.agreement()).isEqualTo(0.75);
  }

  @Test
  void curvesThatKeepTheirOrderDoNotInvert() {
    double[] zero = new double[5];
    assertThat(OrderInversion.find(STEPS, zero, new double[] {1, 2, 1, 3, 1})).isEmpty();
    assertThat(OrderInversion.find(STEPS, zero, zero)).isEmpty();
    assertThat(OrderInversion.find(STEPS, zero, new double[] {0, 0, 1, 3, 1})).isEmpty();
    long[] none = {};
    assertThat(OrderInversion.find(none, new double[0], new double[0])).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void theSplitIsTheBestOfAll(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] zero = new double[12];
    double[] d = random.doubles(12, -1, 1).toArray();
    long[] steps = new long[12];
    double best = 0;
    int split = 0;
    for (int k = 0; k < 12; k++) {
      steps[k] = k;
      double difference = 0;
      for (int i = 0; i < 12; i++) {
        difference += i < k ? d[i] : -d[i];
      }
      if (Math.abs(difference) > best + 1e-12) {
        best = Math.abs(difference);
        split = k;
      }
    }
    Optional<OrderInversion> found = OrderInversion.find(steps, d, zero);
    assertThat(found.isPresent()).isEqualTo(split > 0);
    if (split > 0) {
      assertThat(found.get().step()).isBetween(split - 1.0, (double) split);
    }
  }

  @Test
  void curvesOfDifferentLengthsAreRefused() {
    assertThatThrownBy(() -> OrderInversion.find(STEPS, new double[5], new double[4]))
        .hasMessageContaining("second curve: 5 steps and 4 values");
    assertThatThrownBy(() -> new OrderInversion(1, 1, 1, 1)).hasMessageContaining("opposite signs");
  }
}
