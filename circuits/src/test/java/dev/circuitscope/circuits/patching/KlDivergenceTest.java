package dev.circuitscope.circuits.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@DisplayName("The divergence of predictions from given ones")
class KlDivergenceTest {

  private static final int BATCH = 3;
  private static final int POS = 25;
  private static final int VOCAB = 7;

  private final INDArray given = random(1L);
  private final INDArray measured = random(2L);
  private final DifferentiableMetric divergence = Metrics.divergence(given);

  private static INDArray random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    INDArray logits = Nd4j.create(BATCH, POS, VOCAB);
    for (long i = 0; i < logits.length(); i++) {
      logits.putScalar(i, 6 * random.nextDouble() - 3);
    }
    return logits;
  }

  private static double[] softmax(INDArray logits, int b, int t) {
    double[] p = new double[VOCAB];
    double sum = 0;
    for (int v = 0; v < VOCAB; v++) {
      p[v] = Math.exp(logits.getDouble(b, t, v));
      sum += p[v];
    }
    for (int v = 0; v < VOCAB; v++) {
      p[v] /= sum;
    }
    return p;
  }

  @Test
  @DisplayName("is the mean of sum p log(p / q)")
  void definition() {
    double sum = 0;
    for (int b = 0; b < BATCH; b++) {
      for (int t = 0; t < POS; t++) {
        double[] p = softmax(given, b, t);
        double[] q = softmax(measured, b, t);
        for (int v = 0; v < VOCAB; v++) {
          sum += p[v] * Math.log(p[v] / q[v]);
        }
      }
    }
    assertThat(divergence.of(measured)).isCloseTo(sum / (BATCH * POS), within(1e-6));
    assertThat(sum).isGreaterThan(1);
  }

  @Test
  @DisplayName("is 0 from themselves, whatever is added to all logits of a position")
  void itself() {
    assertThat(divergence.of(given)).isZero();
    assertThat(divergence.of(given.add(5))).isCloseTo(0, within(1e-5));
  }

  @Test
  @DisplayName("is ln V from a certain prediction to no prediction")
  void closedForm() {
    INDArray certain = Nd4j.zeros(1, 1, 4);
    certain.putScalar(new int[] {0, 0, 2}, 60);
    assertThat(Metrics.divergence(certain).of(Nd4j.zeros(1, 1, 4)))
        .isCloseTo(Math.log(4), within(1e-6));
  }

  @Test
  @DisplayName("has the gradient that differences say")
  void gradient() {
    INDArray gradient = divergence.gradient(measured);
    double h = 0.05;
    for (int[] at : new int[][] {{0, 0, 0}, {1, 24, 3}, {2, 7, 6}}) {
      double here = measured.getDouble(at);
      double up = divergence.of(measured.dup().putScalar(at, here + h));
      double down = divergence.of(measured.dup().putScalar(at, here - h));
      assertThat(gradient.getDouble(at)).isCloseTo((up - down) / (2 * h), within(2e-5));
    }
  }

  @Test
  @DisplayName("refuses logits of another shape")
  void shapes() {
    assertThatThrownBy(() -> divergence.of(Nd4j.zeros(BATCH, POS, VOCAB + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[3, 25, 7]")
        .hasMessageContaining("[3, 25, 8]");
    assertThatThrownBy(() -> Metrics.divergence(Nd4j.zeros(2, 3)))
        .hasMessageContaining("[batch, pos, d_vocab_out], was [2, 3]");
  }
}
