package dev.circuitscope.circuits.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import java.util.Arrays;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FactoredMatrixTest {

  @ParameterizedTest
  @CsvSource({"12,3,9", "3,3,3", "9,12,4", "4,7,9", "1,4,6", "6,4,1", "5,1,5", "1,1,1"})
  void itsProductNormAndSingularValuesAreThoseOfTheDenseMatrix(int rows, int inner, int columns) {
    FactoredMatrix m = random(rows, inner, columns);
    double[][] dense = Matrices.product(m.a(), m.b());
    TensorAssert.assertThat(m.product()).isCloseTo(Matrices.of(dense), Tolerance.DOUBLES);
    assertThat(m.norm()).isCloseTo(Matrices.norm(dense), within(1e-12));
    double[] expected =
        new SingularValueDecomposition(MatrixUtils.createRealMatrix(dense)).getSingularValues();
    double[] actual = m.singularValues();
    assertThat(actual).hasSize(Math.min(inner, Math.min(rows, columns)));
    TensorAssert.assertThat(actual)
        .isCloseTo(Arrays.copyOf(expected, actual.length), Tolerance.absolute(1e-12));
  }

  /** tr(M^k) = sum of lambda^k for k = 1 to n determines the eigenvalues of an n x n matrix. */
  @ParameterizedTest
  @CsvSource({"12,3", "3,3", "4,9", "1,1", "1,5", "6,1"})
  void powersOfItsEigenvaluesSumToTheTracesOfThePowersOfTheDenseMatrix(int rows, int inner) {
    FactoredMatrix m = random(rows, inner, rows);
    Eigenvalues values = m.eigenvalues();
    assertThat(values.size()).isEqualTo(Math.min(rows, inner));
    INDArray dense = Matrices.of(Matrices.product(m.a(), m.b()));
    INDArray power = Nd4j.eye(rows).castTo(DataType.DOUBLE);
    for (int k = 1; k <= rows; k++) {
      power = Matrices.of(Matrices.product(power, dense));
      double trace = 0;
      for (int i = 0; i < rows; i++) {
        trace += power.getDouble(i, i);
      }
      double sum = 0;
      for (int i = 0; i < values.size(); i++) {
        sum += new Complex(values.real()[i], values.imaginary()[i]).pow(k).getReal();
      }
      assertThat(sum).as("k = %d", k).isCloseTo(trace, within(1e-9 * (1 + Math.abs(trace))));
    }
  }

  @ParameterizedTest
  @CsvSource({"3,2", "2,3", "5,1"})
  void itMultipliesFactoredAndDenseMatrices(int inner, int innerOfTheOther) {
    FactoredMatrix m = random(6, inner, 4);
    FactoredMatrix other =
        new FactoredMatrix(
            Matrices.random(4, innerOfTheOther, 5), Matrices.random(innerOfTheOther, 7, 6));
    FactoredMatrix both = m.times(other);
    assertThat(both.inner()).isEqualTo(Math.min(inner, innerOfTheOther));
    TensorAssert.assertThat(both.product())
        .isCloseTo(Matrices.of(Matrices.product(m.product(), other.product())), Tolerance.DOUBLES);
    INDArray left = Matrices.random(3, 6, 8);
    INDArray right = Matrices.random(4, 2, 9);
    TensorAssert.assertThat(m.between(left, right).product())
        .isCloseTo(
            Matrices.of(Matrices.product(left, Matrices.of(Matrices.product(m.product(), right)))),
            Tolerance.DOUBLES);
    TensorAssert.assertThat(m.transpose().product())
        .isCloseTo(m.product().transpose(), Tolerance.DOUBLES);
  }

  @Nested
  class ClosedForms {

    @Test
    void aRotationHasAPairOfImaginaryEigenvaluesAndNoPositivity() {
      FactoredMatrix rotation =
          new FactoredMatrix(Matrices.of(new double[][] {{0, -1}, {1, 0}}), Nd4j.eye(2));
      TensorAssert.assertThat(rotation.eigenvalues().real())
          .isCloseTo(new double[2], Tolerance.DOUBLES);
      assertThat(rotation.eigenvalues().imaginary()).containsExactlyInAnyOrder(1, -1);
      assertThat(rotation.eigenvalues().positivity()).isZero();
      assertThat(rotation.eigenvalues()).hasToString("[0.000 + 1.000i, 0.000 - 1.000i]");
    }

    @Test
    void aProjectionIsAllPositiveAndItsNegativeAllNegative() {
      INDArray a = Matrices.random(7, 2, 1);
      assertThat(new FactoredMatrix(a, a.transpose()).eigenvalues().positivity())
          .isCloseTo(1, within(1e-12));
      assertThat(new FactoredMatrix(a, a.transpose().neg()).eigenvalues().positivity())
          .isCloseTo(-1, within(1e-12));
    }

    @Test
    void zeroHasNormZeroAndNoPositivity() {
      FactoredMatrix zero =
          new FactoredMatrix(Matrices.random(4, 2, 1), Matrices.random(2, 4, 1).mul(0));
      assertThat(zero.norm()).isZero();
      assertThat(zero.singularValues()).containsOnly(0);
      assertThat(zero.eigenvalues().positivity()).isZero();
    }
  }

  @Nested
  class Refuses {

    @Test
    void factorsThatDoNotFit() {
      assertThatThrownBy(() -> new FactoredMatrix(Nd4j.ones(3, 2), Nd4j.ones(3, 2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[3, 2] times [3, 2]");
    }

    @Test
    void toMultiplyMatricesThatDoNotFit() {
      FactoredMatrix m = random(4, 2, 5);
      assertThatThrownBy(() -> m.times(m))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("5 columns")
          .hasMessageContaining("4 rows");
      assertThatThrownBy(() -> m.between(Nd4j.ones(2, 3), Nd4j.ones(5, 2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("3 columns");
    }

    @Test
    void eigenvaluesOfMatricesThatAreNotSquare() {
      assertThatThrownBy(() -> random(4, 2, 5).eigenvalues())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[4, 5]");
    }

    @Test
    void numbersThatAreNotFinite() {
      FactoredMatrix m = new FactoredMatrix(Nd4j.ones(3, 2).div(0), Nd4j.ones(2, 3));
      assertThatThrownBy(m::norm)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Infinity");
    }
  }

  private static FactoredMatrix random(int rows, int inner, int columns) {
    return new FactoredMatrix(
        Matrices.random(rows, inner, 10L * rows + inner),
        Matrices.random(inner, columns, 10L * inner + columns + 1000));
  }
}
