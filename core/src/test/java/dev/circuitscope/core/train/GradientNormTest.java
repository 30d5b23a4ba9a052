package dev.circuitscope.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import org.junit.jupiter.api.Test;

class GradientNormTest {

  private static final TransformerConfig SHAPE =
      TransformerConfig.attentionOnly(0).heads(1).dModel(64).vocab(600).context(8).build();

  private final Weights gradients = Weights.zeros(SHAPE);
  private final int length = gradients.block().length();

  @Test
  void is_the_root_of_the_sum_of_squares_over_all_parameters() {
    gradients.block().write(0, new float[] {3}, 0, 1);
    gradients.block().write(length - 1, new float[] {-4}, 0, 1);
    assertThat(GradientNorm.of(gradients)).isEqualTo(5, within(1e-12));
  }

  @Test
  void of_zeros_is_zero() {
    assertThat(GradientNorm.of(gradients)).isZero();
  }

  @Test
  void of_gradients_whose_squares_overflow_a_float_is_finite() {
    gradients.block().write(0, new float[] {3e30f, 4e30f}, 0, 2);
    assertThat(GradientNorm.of(gradients)).isEqualTo(5e30, within(1e24));
  }

  @Test
  void of_a_gradient_that_is_not_finite_is_not_finite() {
    gradients.block().write(length - 1, new float[] {Float.NEGATIVE_INFINITY}, 0, 1);
    assertThat(GradientNorm.of(gradients)).isInfinite();
    gradients.block().write(7, new float[] {Float.NaN}, 0, 1);
    assertThat(GradientNorm.of(gradients)).isNaN();
  }
}
