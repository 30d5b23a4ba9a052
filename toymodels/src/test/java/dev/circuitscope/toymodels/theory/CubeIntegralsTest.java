package dev.circuitscope.toymodels.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CubeIntegralsTest {

  /**
   * The textbook formula, which differences powers over the corners of the cube: E z_+^q = q! / (q
   * + k)! / prod g_i * sum over corners of (-1)^(k - corner's ones) z_+^(q + k). It divides by the
   * slopes, so it is only fit for large ones.
   */
  private static double byCorners(double b, double[] g, int q) {
    int k = g.length;
    double sum = 0;
    for (int corner = 0; corner < 1 << k; corner++) {
      double z = b;
      for (int i = 0; i < k; i++) {
        z += (corner >> i & 1) * g[i];
      }
      double sign = (k - Integer.bitCount(corner)) % 2 == 0 ? 1 : -1;
      sum += sign * Math.pow(Math.max(0, z), q + k);
    }
    for (int i = 0; i < k; i++) {
      sum /= g[i];
    }
    for (int i = q + 1; i <= q + k; i++) {
      sum /= i;
    }
    return sum;
  }

  /** E x_s z_+ = d/dg_s of E z_+^2 / 2, through two exact integrals of one variable less. */
  private static double selfByCorners(double b, double[] g, int s) {
    double[] others = new double[g.length - 1];
    System.arraycopy(g, 0, others, 0, s);
    System.arraycopy(g, s + 1, others, s, others.length - s);
    // integration by parts in x_s
    return (byCorners(b + g[s], others, 2) - byCorners(b, g, 2)) / (2 * g[s]);
  }

  @ParameterizedTest(name = "{0} variables")
  @ValueSource(ints = {1, 2, 3, 5, 7})
  void agreeWithTheFormulaOverCornersWhereSlopesAreLarge(int count) {
    SplittableRandom random = new SplittableRandom(count);
    for (int trial = 0; trial < 50; trial++) {
      double[] g = new double[count];
      double b = random.nextDouble(-1, 1);
      for (int i = 0; i < count; i++) {
        g[i] = random.nextDouble(0.4, 1) * (random.nextBoolean() ? 1 : -1);
      }
      int self = random.nextInt(count);
      CubeIntegrals integrals = new CubeIntegrals(count);
      integrals.integrate(b, g, count, self);
      int all = integrals.free((1 << count) - 1);
      assertThat(integrals.relu(all)).isCloseTo(byCorners(b, g, 1), within(1e-11));
      assertThat(integrals.squaredRelu(all)).isCloseTo(byCorners(b, g, 2), within(1e-11));
      assertThat(integrals.selfTimesRelu(all)).isCloseTo(selfByCorners(b, g, self), within(1e-11));
    }
  }

  @Test
  void loseNothingToTinySlopes() {
    // z = x - 1/2 + noise: E z_+ = 1/8, E z_+^2 = 1/24, E x z_+ = 5/48.
    double[] g = {1e-12, 1, -1e-9, 1e-15, 0, -1e-7};
    CubeIntegrals integrals = new CubeIntegrals(6);
    integrals.integrate(-0.5, g, 6, 1);
    int all = integrals.free(63);
    // E z_+ moves by half of what the mean moves by, to first order
    double shift = (1e-12 - 1e-9 + 1e-15 - 1e-7) / 2;
    assertThat(integrals.relu(all)).isCloseTo(1 / 8.0 + shift / 2, within(1e-14));
    assertThat(integrals.squaredRelu(all)).isCloseTo(1 / 24.0 + shift / 4, within(1e-14));
    // d E x z_+ / db = E x [x > 1/2] = 3/8
    assertThat(integrals.selfTimesRelu(all)).isCloseTo(5 / 48.0 + shift * 3 / 8, within(1e-14));
  }

  @Test
  void doNotRememberWhatWasIntegratedBefore() {
    double[] g = {0.7, -0.4, 0.6};
    CubeIntegrals used = new CubeIntegrals(4);
    used.integrate(0.3, new double[] {1, 2, 3, 4}, 4, 2);
    used.integrate(-0.2, g, 3, 0);
    CubeIntegrals fresh = new CubeIntegrals(3);
    fresh.integrateFree(-0.2, g, 3, 0);
    int all = fresh.free(7);
    assertThat(used.selfTimesRelu(all)).isEqualTo(fresh.selfTimesRelu(all));
    assertThat(used.squaredRelu(all)).isEqualTo(fresh.squaredRelu(all));
  }

  @Test
  void scaleWithBiasAndSlopes() {
    double[] g = {0.7, -0.4, 0.2};
    double[] tiny = {0.7e-9, -0.4e-9, 0.2e-9};
    CubeIntegrals one = new CubeIntegrals(3);
    CubeIntegrals other = new CubeIntegrals(3);
    one.integrate(-0.1, g, 3, 0);
    other.integrate(-0.1e-9, tiny, 3, 0);
    for (int state = 0; state < 27; state++) {
      assertThat(other.relu(state) * 1e9).isCloseTo(one.relu(state), within(1e-15));
      assertThat(other.squaredRelu(state) * 1e18).isCloseTo(one.squaredRelu(state), within(1e-15));
    }
  }

  @Nested
  class StatesMeanThatVariablesAre {

    private final CubeIntegrals integrals = new CubeIntegrals(2);

    @Test
    void absentFreeOrFixedAtOne() {
      integrals.integrate(0.5, new double[] {1, -3}, 2, 0);
      assertThat(integrals.relu(0)).isEqualTo(0.5);
      assertThat(integrals.relu(1)).isEqualTo(1.5);
      assertThat(integrals.relu(3)).isZero();
      assertThat(integrals.relu(integrals.free(1))).isEqualTo(1);
      // (1/2 - 3x)_+ is a triangle of height 1/2 and width 1/6
      assertThat(integrals.relu(integrals.free(2))).isCloseTo(1 / 24.0, within(1e-16));
    }

    @Test
    void noneAtAllIfThereAreNoVariables() {
      integrals.integrate(-2, new double[0], 0, -1);
      assertThat(integrals.squaredRelu(integrals.free(0))).isZero();
      integrals.integrate(2, new double[0], 0, -1);
      assertThat(integrals.squaredRelu(integrals.free(0))).isEqualTo(4);
    }
  }
}
