package dev.circuitscope.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A pattern of axes")
class AxisPatternTest {

  private static final long[] HEADS = {2, 5, 3}; // h, d, e

  @Test
  void knowsTheShapeOfTheTensor() {
    assertThat(AxisPattern.of("d (part h e)", "h d e").tensorShape(HEADS, 3))
        .containsExactly(5, 18);
    assertThat(AxisPattern.of("(h part e) d", "h d e").tensorShape(HEADS, 3))
        .containsExactly(18, 5);
    assertThat(AxisPattern.of("(part h e)", "h e").tensorShape(new long[] {2, 3}, 3))
        .containsExactly(18);
  }

  @Test
  void takesThePartsSideBySideOfAMatrixThatMultipliesFromTheRight() {
    AxisPattern pattern = AxisPattern.of("d (part h e)", "h d e");
    float[] tensor = counting(5 * 18);
    float[] keys = pattern.take(tensor, HEADS, 1, 3);
    for (int h = 0; h < 2; h++) {
      for (int d = 0; d < 5; d++) {
        for (int e = 0; e < 3; e++) {
          assertThat(keys[(h * 5 + d) * 3 + e]).isEqualTo(d * 18 + 1 * 6 + h * 3 + e);
        }
      }
    }
  }

  @Test
  void takesThePartsWithinEachHeadOfAMatrixThatMultipliesFromTheLeft() {
    AxisPattern pattern = AxisPattern.of("(h part e) d", "h d e");
    float[] tensor = counting(18 * 5);
    float[] values = pattern.take(tensor, HEADS, 2, 3);
    for (int h = 0; h < 2; h++) {
      for (int d = 0; d < 5; d++) {
        for (int e = 0; e < 3; e++) {
          assertThat(values[(h * 5 + d) * 3 + e]).isEqualTo((h * 9 + 2 * 3 + e) * 5 + d);
        }
      }
    }
  }

  @Test
  void putsBackWhatItTook() {
    AxisPattern pattern = AxisPattern.of("(h part e) d", "h d e");
    float[] tensor = counting(90);
    float[] again = new float[90];
    for (int part = 0; part < 3; part++) {
      pattern.put(pattern.take(tensor, HEADS, part, 3), again, HEADS, part, 3);
    }
    assertThat(again).containsExactly(tensor);
  }

  @Test
  void handlesAxesOfSizesOneAndZero() {
    AxisPattern pattern = AxisPattern.of("a b", "b a");
    assertThat(pattern.take(new float[] {7}, new long[] {1, 1}, 0, 1)).containsExactly(7);
    assertThat(pattern.take(new float[0], new long[] {3, 0}, 0, 1)).isEmpty();
  }

  @Test
  void refusesAParameterOfAnotherRank() {
    assertThatThrownBy(() -> AxisPattern.of("a b", "b a").tensorShape(new long[] {1}, 1))
        .hasMessageContaining("[b, a] do not fit the shape [1]");
  }

  private static float[] counting(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = i;
    }
    return values;
  }
}
