package dev.circuitscope.core.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Sampling")
class SamplingTest {

  private static final Offset<Double> EXACT = within(1e-12);
  private static final Sampling RANDOM = Sampling.random(5L);

  /** Logits whose softmax is these numbers. */
  private static float[] logitsOf(double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]);
    }
    return logits;
  }

  private static void assertProbabilities(double[] actual, double... expected) {
    assertThat(actual).containsExactly(expected, within(1e-7));
  }

  private static final float[] LOGITS = logitsOf(0.1, 0.4, 0.2, 0.3);

  @Test
  void drawsFromTheSoftmaxByDefault() {
    assertProbabilities(RANDOM.probabilities(LOGITS), 0.1, 0.4, 0.2, 0.3);
  }

  @Test
  void dividesLogitsByTheTemperature() {
    double sum = 0.01 + 0.16 + 0.04 + 0.09;
    assertProbabilities(
        RANDOM.withTemperature(0.5).probabilities(LOGITS),
        0.01 / sum,
        0.16 / sum,
        0.04 / sum,
        0.09 / sum);
    assertProbabilities(
        RANDOM.withTemperature(1e300).probabilities(LOGITS), 0.25, 0.25, 0.25, 0.25);
  }

  @Test
  void isGreedyAtTemperatureZeroAndNearlySoJustAboveIt() {
    assertProbabilities(Sampling.greedy().probabilities(LOGITS), 0, 1, 0, 0);
    assertProbabilities(RANDOM.withTemperature(0).probabilities(LOGITS), 0, 1, 0, 0);
    assertProbabilities(RANDOM.withTemperature(1e-300).probabilities(LOGITS), 0, 1, 0, 0);
  }

  @Test
  void takesTheLowerIdOfEquallyLikelyTokens() {
    float[] ties = {1, 3, -0f, 3, 0f, 3};
    assertProbabilities(Sampling.greedy().probabilities(ties), 0, 1, 0, 0, 0, 0);
    assertProbabilities(RANDOM.withTopK(2).probabilities(ties), 0, 0.5, 0, 0.5, 0, 0);
    assertProbabilities(RANDOM.withTopP(0.4).probabilities(ties), 0, 0.5, 0, 0.5, 0, 0);
    float[] zeros = {-0f, 0f, -0f, 0f};
    assertProbabilities(RANDOM.withTopK(2).probabilities(zeros), 0.5, 0.5, 0, 0);
  }

  @Test
  void keepsTheMostLikelyTokensOfTopK() {
    assertProbabilities(RANDOM.withTopK(1).probabilities(LOGITS), 0, 1, 0, 0);
    assertProbabilities(RANDOM.withTopK(2).probabilities(LOGITS), 0, 4 / 7.0, 0, 3 / 7.0);
    assertProbabilities(RANDOM.withTopK(4).probabilities(LOGITS), 0.1, 0.4, 0.2, 0.3);
    assertProbabilities(RANDOM.withTopK(1000).probabilities(LOGITS), 0.1, 0.4, 0.2, 0.3);
  }

  @Test
  void keepsTheFewestTokensOfTopP() {
    assertProbabilities(RANDOM.withTopP(0).probabilities(LOGITS), 0, 1, 0, 0);
    assertProbabilities(RANDOM.withTopP(0.39).probabilities(LOGITS), 0, 1, 0, 0);
    assertProbabilities(RANDOM.withTopP(0.41).probabilities(LOGITS), 0, 4 / 7.0, 0, 3 / 7.0);
    assertProbabilities(RANDOM.withTopP(0.89).probabilities(LOGITS), 0, 4 / 9.0, 2 / 9.0, 3 / 9.0);
    assertProbabilities(RANDOM.withTopP(1).probabilities(LOGITS), 0.1, 0.4, 0.2, 0.3);
    // Of two equal halves, one has half.
    assertProbabilities(RANDOM.withTopP(0.5).probabilities(new float[] {2, 2}), 1, 0);
  }

  @Test
  void appliesTopPToWhatTopKLeaves() {
    // Of 4/7 and 3/7 the first has over half.
    assertProbabilities(RANDOM.withTopK(2).withTopP(0.5).probabilities(LOGITS), 0, 1, 0, 0);
    assertProbabilities(RANDOM.withTopP(0.5).probabilities(LOGITS), 0, 4 / 7.0, 0, 3 / 7.0);
  }

  @Test
  void neverDrawsTokensOfNoProbability() {
    float[] masked = {Float.NEGATIVE_INFINITY, 1, Float.NEGATIVE_INFINITY};
    for (Sampling sampling : new Sampling[] {RANDOM, RANDOM.withTopK(2), RANDOM.withTopP(0.99)}) {
      assertProbabilities(sampling.probabilities(masked), 0, 1, 0);
      assertThat(IntStream.range(0, 50).map(i -> sampling.draw(masked, 0, i))).containsOnly(1);
    }
    assertThat(RANDOM.draw(new float[] {-3}, 0, 0)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void drawsAsOftenAsTheProbabilitiesSay(int kind) {
    Sampling sampling =
        switch (kind) {
          case 0 -> RANDOM;
          case 1 -> RANDOM.withTemperature(0.7);
          case 2 -> RANDOM.withTopK(5);
          default -> RANDOM.withTopP(0.8).withTemperature(1.3);
        };
    SplittableRandom random = new SplittableRandom(9L);
    float[] logits = new float[12];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian();
    }
    double[] expected = bruteForce(logits, sampling);
    assertThat(sampling.probabilities(logits)).containsExactly(expected, EXACT);
    int draws = 40_000;
    double[] count = new double[logits.length];
    for (int i = 0; i < draws; i++) {
      count[sampling.draw(logits, i % 40, i / 40)]++;
    }
    for (int t = 0; t < count.length; t++) {
      double deviation = Math.sqrt(draws * expected[t] * (1 - expected[t]));
      assertThat(count[t]).isCloseTo(draws * expected[t], within(4 * deviation + 1e-9));
    }
  }

  /** The definition, by removing the least likely token as long as it may go. */
  private static double[] bruteForce(float[] logits, Sampling sampling) {
    double[] p = new double[logits.length];
    for (int t = 0; t < p.length; t++) {
      p[t] = Math.exp(logits[t] / sampling.temperature());
    }
    normalize(p);
    while (Arrays.stream(p).filter(x -> x > 0).count() > sampling.topK()) {
      p[least(p)] = 0;
    }
    normalize(p);
    while (1 - p[least(p)] - (1 - Arrays.stream(p).sum()) >= sampling.topP()) {
      p[least(p)] = 0;
    }
    normalize(p);
    return p;
  }

  private static int least(double[] p) {
    int least = -1;
    for (int t = 0; t < p.length; t++) {
      if (p[t] > 0 && (least < 0 || p[t] < p[least])) {
        least = t;
      }
    }
    return least;
  }

  private static void normalize(double[] p) {
    double sum = Arrays.stream(p).sum();
    for (int t = 0; t < p.length; t++) {
      p[t] /= sum;
    }
  }

  @Test
  void dependsOnSeedExampleAndStep() {
    float[] uniform = new float[1000];
    int[] draws = {
      RANDOM.draw(uniform, 0, 0),
      RANDOM.draw(uniform, 0, 1),
      RANDOM.draw(uniform, 1, 0),
      RANDOM.draw(uniform, 1, 1),
      Sampling.random(6L).draw(uniform, 0, 0),
    };
    assertThat(draws).doesNotHaveDuplicates();
    assertThat(RANDOM.draw(uniform, 1, 1)).isEqualTo(draws[3]);
  }

  @Test
  void refusesWhatIsNoDistribution() {
    float nan = Float.NaN;
    float infinity = Float.POSITIVE_INFINITY;
    assertThatThrownBy(() -> RANDOM.draw(new float[] {0, nan}, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no token can be drawn: the logit of token 1 is NaN");
    assertThatThrownBy(() -> Sampling.greedy().draw(new float[] {infinity}, 0, 0))
        .hasMessageContaining("Infinity");
    assertThatThrownBy(() -> RANDOM.draw(new float[] {-infinity, -infinity}, 0, 0))
        .hasMessageContaining("none of 2 logits is above -infinity");
    assertThatThrownBy(() -> RANDOM.draw(new float[0], 0, 0)).hasMessageContaining("0 logits");
  }

  @Test
  void refusesImpossibleOptions() {
    assertThatThrownBy(() -> RANDOM.withTemperature(-0.1)).hasMessageContaining("was -0.1");
    assertThatThrownBy(() -> RANDOM.withTemperature(Double.NaN)).hasMessageContaining("was NaN");
    assertThatThrownBy(() -> RANDOM.withTopK(0)).hasMessage("top-k must be at least 1, was 0");
    assertThatThrownBy(() -> RANDOM.withTopP(1.01)).hasMessageContaining("from 0 to 1, was 1.01");
    assertThatThrownBy(() -> RANDOM.withTopP(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
