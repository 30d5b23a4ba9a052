package dev.circuitscope.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.model.Parameter;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdamWTest {

  private static final TransformerConfig SHAPE =
      TransformerConfig.attentionOnly(1).heads(2).dModel(32).vocab(700).context(40).build();

  /** Algorithm 2 of the paper for one number, in float64, with lambda = rate * decay. */
  private static final class Scalar {
    double theta;
    double m;
    double v;
    int t;

    Scalar(double theta) {
      this.theta = theta;
    }

    void update(AdamWConfig c, double gradient, double rate, double decay) {
      t++;
      m = c.beta1() * m + (1 - c.beta1()) * gradient;
      v = c.beta2() * v + (1 - c.beta2()) * gradient * gradient;
      double mHat = m / (1 - Math.pow(c.beta1(), t));
      double vHat = v / (1 - Math.pow(c.beta2(), t));
      theta = theta - (rate * mHat / (Math.sqrt(vHat) + c.eps()) + rate * decay * theta);
    }
  }

  @ParameterizedTest(name = "decay {0}, clipping {1}, betas {2} and {3}")
  @CsvSource({
    "0,    Infinity, 0.9, 0.999",
    "0.01, Infinity, 0.9, 0.999",
    "0.5,  0.25,     0.9, 0.99",
    "0.1,  1e9,      0,   0.5"
  })
  void agrees_with_the_paper_s_formulas_in_float64(
      double decay, double clip, double beta1, double beta2) {
    AdamWConfig config =
        AdamWConfig.of(1e-2)
            .withWeightDecay(decay)
            .withGradientClipping(clip)
            .withBetas(beta1, beta2);
    Weights weights = Weights.initial(SHAPE, 1);
    float[] start = weights.block().toArray();
    Scalar[] reference = new Scalar[start.length];
    for (int i = 0; i < start.length; i++) {
      reference[i] = new Scalar(start[i]);
    }
    AdamW adam = new AdamW(config, SHAPE);
    for (int step = 0; step < 7; step++) {
      double rate = 1e-2 / (1 + step);
      Weights gradients = gradients(step);
      double norm = GradientNorm.of(gradients);
      double factor = norm > clip ? clip / norm : 1;
      adam.update(weights, gradients, norm, rate);
      float[] g = gradients.block().toArray();
      for (Parameter p : weights.layout().parameters()) {
        for (int i = p.offset(); i < p.offset() + p.length(); i++) {
          reference[i].update(config, factor * g[i], rate, p.decays() ? decay : 0);
        }
      }
    }
    float[] end = weights.block().toArray();
    for (int i = 0; i < end.length; i++) {
      assertThat((double) end[i])
          .as(weights.layout().at(i).name() + " element " + i)
          .isEqualTo(reference[i].theta, within(2e-6));
    }
    assertThat(adam.updates()).isEqualTo(7);
  }

  @Test
  void decays_matrices_and_leaves_biases_and_norms() {
    Weights weights = Weights.zeros(SHAPE);
    float[] ones = new float[weights.block().length()];
    java.util.Arrays.fill(ones, 1);
    weights.block().write(0, ones, 0, ones.length);
    AdamWConfig config = AdamWConfig.of(0.1).withWeightDecay(0.5);
    new AdamW(config, SHAPE).update(weights, Weights.zeros(SHAPE), 0, 0.1);
    for (Parameter p : weights.layout().parameters()) {
      boolean matrix = p.name().contains(".W_");
      assertThat(weights.block().get(p.offset()))
          .as(p.name())
          .isEqualTo(matrix ? (float) (1 - 0.1 * 0.5) : 1);
    }
  }

  @Test
  void moves_every_weight_by_the_learning_rate_at_the_first_step() {
    Weights weights = Weights.zeros(SHAPE);
    Weights gradients = gradients(3);
    new AdamW(AdamWConfig.of(1), SHAPE).update(weights, gradients, 1, 0.125);
    float[] g = gradients.block().toArray();
    float[] w = weights.block().toArray();
    for (int i = 0; i < w.length; i++) {
      // m^ = g and v^ = g^2, so that only eps keeps the step from being the whole learning rate.
      double expected = -0.125 * g[i] / (Math.abs(g[i]) + 1e-8);
      assertThat((double) w[i]).isEqualTo(expected, within(4e-6));
    }
  }

  @Test
  void gives_the_same_bits_with_any_number_of_threads() {
    int before = Parallel.threads();
    try {
      int[][] bits = new int[3][];
      for (int threads = 1; threads <= 3; threads++) {
        Parallel.setThreads(threads);
        Weights weights = Weights.initial(SHAPE, 1);
        AdamW adam = new AdamW(AdamWConfig.of(1e-2).withGradientClipping(0.5), SHAPE);
        for (int step = 0; step < 3; step++) {
          adam.update(weights, gradients(step), GradientNorm.of(gradients(step)), 1e-2);
        }
        bits[threads - 1] = TinyTraining.bits(weights);
      }
      assertThat(bits[1]).isEqualTo(bits[0]);
      assertThat(bits[2]).isEqualTo(bits[0]);
    } finally {
      Parallel.setThreads(before);
    }
  }

  @Test
  void returns_the_norm_of_the_new_weights() {
    Weights weights = Weights.initial(SHAPE, 1);
    AdamW adam = new AdamW(AdamWConfig.of(1e-2), SHAPE);
    double norm = adam.update(weights, gradients(0), 1, 1e-2);
    double sum = 0;
    for (float w : weights.block().toArray()) {
      sum += (double) w * w;
    }
    assertThat(norm).isEqualTo(Math.sqrt(sum), within(1e-4 * norm));
  }

  @Test
  void refuses_weights_of_another_model() {
    AdamW adam = new AdamW(AdamWConfig.of(1e-2), SHAPE);
    Weights other = Weights.zeros(SHAPE.toBuilder().vocab(3).build());
    assertThatThrownBy(() -> adam.update(other, Weights.zeros(SHAPE), 0, 1e-2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the weights have " + other.block().length());
  }

  @ParameterizedTest
  @CsvSource({
    "-1,0.9,0.9,1e-8,0",
    "NaN,0.9,0.9,1e-8,0",
    "1,1,0.9,1e-8,0",
    "1,0.9,-0.1,1e-8,0",
    "1,0.9,0.9,0,0",
    "1,0.9,0.9,1e-8,-1"
  })
  void refuses_impossible_constants(double lr, double b1, double b2, double eps, double decay) {
    assertThatThrownBy(() -> new AdamWConfig(lr, b1, b2, eps, decay, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("AdamW: ");
  }

  private static Weights gradients(long seed) {
    Weights gradients = Weights.zeros(SHAPE);
    SplittableRandom random = new SplittableRandom(seed);
    float[] g = new float[gradients.block().length()];
    for (int i = 0; i < g.length; i++) {
      g[i] = (float) random.nextGaussian();
    }
    gradients.block().write(0, g, 0, g.length);
    return gradients;
  }
}
