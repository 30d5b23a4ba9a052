package dev.circuitscope.core.array;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class TensorAssertTest {

  private static final double INF = Double.POSITIVE_INFINITY;

  @Test
  void aFailureNamesTheLargestErrorItsIndexBothValuesAndBothShapes() {
    assertThatThrownBy(
            () ->
                TensorAssert.assertThat(Nd4j.createFromArray(new double[][] {{1, 2}, {3, 4.5}}))
                    .isCloseTo(
                        Nd4j.createFromArray(new double[][] {{1, 2.25}, {3, 4}}),
                        Tolerance.absolute(0.1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("largest error is 0.5 at [1, 1]: 4.5 instead of 4.0")
        .hasMessageContaining("2 of 4 elements")
        .hasMessageContaining("shape [2, 2], expected shape [2, 2]");
  }

  @Test
  void theRelativePartIsRelativeToTheLargestExpectedMagnitude() {
    double[] expected = {-100, 0.001};
    assertThatCode(
            () ->
                TensorAssert.assertThat(new double[] {-100, 0.0105})
                    .isCloseTo(expected, Tolerance.relativeToLargest(1e-4)))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                TensorAssert.assertThat(new double[] {-100, 0.0115})
                    .isCloseTo(expected, Tolerance.relativeToLargest(1e-4)))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void infinitiesAgreeOnlyWithTheSameInfinityAndNanWithNothing() {
    Tolerance loose = Tolerance.absolute(1e300);
    double[] same = {-INF, INF};
    TensorAssert.assertThat(same).isCloseTo(same.clone(), Tolerance.EXACT);
    double[][] others = {{INF}, {-1e300}, {Double.NaN}};
    for (double[] other : others) {
      assertThatThrownBy(() -> TensorAssert.assertThat(other).isCloseTo(new double[] {-INF}, loose))
          .isInstanceOf(AssertionError.class);
    }
    double[] nan = {Double.NaN};
    assertThatThrownBy(() -> TensorAssert.assertThat(nan).isCloseTo(nan, loose))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void shapesMustAgreeEvenWhenTheElementsDo() {
    assertThatThrownBy(
            () ->
                TensorAssert.assertThat(Nd4j.zeros(2, 3))
                    .isCloseTo(Nd4j.zeros(3, 2), Tolerance.ACTIVATIONS))
        .hasMessageContaining("the shape is [2, 3]")
        .hasMessageContaining("expected [3, 2]");
  }

  @Test
  void viewsAreReadInTheirLogicalOrder() {
    var matrix = Nd4j.createFromArray(new double[][] {{1, 2, 3}, {4, 5, 6}});
    TensorAssert.assertThat(matrix.transpose())
        .isCloseTo(Nd4j.createFromArray(new double[][] {{1, 4}, {2, 5}, {3, 6}}), Tolerance.EXACT);
  }

  @Test
  void bitsAreComparedBeyondEquality() {
    assertThatThrownBy(
            () ->
                TensorAssert.assertThat(Nd4j.createFromArray(1.0, -0.0))
                    .hasSameBitsAs(Nd4j.createFromArray(1.0, 0.0)))
        .hasMessageContaining("differs at [1]");
  }
}
