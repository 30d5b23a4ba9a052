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

  @ParameterizedTest
  @CsvSource({"12,3,9", "3,3,3", "9,12,4", "4,7,9", "1,4,6", "6,4,1", "5,1,5", "1,1,1"})
  void itsSingularVectorsAreOrthonormalAndMakeItAgain(int rows, int inner, int columns) {
    FactoredMatrix m = random(rows, inner, columns);
    Svd svd = m.svd();
    int k = Math.min(inner, Math.min(rows, columns));
    TensorAssert.assertThat(svd.s()).isCloseTo(m.singularValues(), Tolerance.DOUBLES);
    INDArray identity = Nd4j.eye(k).castTo(DataType.DOUBLE);
    TensorAssert.assertThat(svd.u().transpose().mmul(svd.u()))
        .isCloseTo(identity, Tolerance.DOUBLES);
    TensorAssert.assertThat(svd.v().transpose().mmul(svd.v()))
        .isCloseTo(identity, Tolerance.DOUBLES);
    TensorAssert.assertThat(svd.matrix().product()).isCloseTo(m.product(), Tolerance.DOUBLES);
    assertThat(svd.u().shape()).containsExactly(rows, k);
    assertThat(svd.v().shape()).containsExactly(columns, k);
  }

  /** Eckart and Young: what is left out is as large as the singular values left out. */
  @Test
  void itsTruncationMissesItByTheSingularValuesThatAreLeftOut() {
    FactoredMatrix m = random(12, 5, 9);
    Svd svd = m.svd();
    for (int rank = 1; rank <= 5; rank++) {
      double[] left = Arrays.copyOfRange(svd.s(), rank, 5);
      double expected = Math.sqrt(Arrays.stream(left).map(s -> s * s).sum());
      INDArray missed = m.product().sub(svd.truncated(rank).product());
      assertThat(missed.norm2Number().doubleValue()).isCloseTo(expected, within(1e-12));
    }
    assertThatThrownBy(() -> svd.truncated(6)).hasMessageContaining("cannot keep 6 of 5");
    assertThat(svd.toString()).startsWith("Svd [12, 9], 5 singular values ");
  }

  @ParameterizedTest
  @CsvSource({"12,3,9", "1,1,1", "4,7,300", "300,2,4"})
  void itsEntriesRowsAndColumnsAreThoseOfTheDenseMatrix(int rows, int inner, int columns) {
    FactoredMatrix m = random(rows, inner, columns);
    double[][] dense = Matrices.product(m.a(), m.b());
    double[][] seen = new double[rows][];
    m.forEachRow((row, entries) -> seen[row] = entries.clone());
    for (int r = 0; r < rows; r++) {
      TensorAssert.assertThat(m.row(r)).isCloseTo(dense[r], Tolerance.DOUBLES);
      TensorAssert.assertThat(seen[r]).isCloseTo(dense[r], Tolerance.DOUBLES);
      for (int c = 0; c < columns; c++) {
        assertThat(m.entry(r, c)).isCloseTo(dense[r][c], within(1e-12));
        assertThat(m.column(c)[r]).isCloseTo(dense[r][c], within(1e-12));
      }
    }
    int[] chosen = {rows - 1, 0, rows - 1};
    TensorAssert.assertThat(m.selectRows(chosen).product())
        .isCloseTo(
            Matrices.of(Arrays.stream(chosen).mapToObj(r -> dense[r]).toArray(double[][]::new)),
            Tolerance.DOUBLES);
    TensorAssert.assertThat(m.selectColumns(columns - 1, 0).product().getColumn(1).dup())
        .isCloseTo(m.product().getColumn(0).dup(), Tolerance.DOUBLES);
  }

  @ParameterizedTest
  @CsvSource({"12,3", "3,3", "4,9", "1,1"})
  void itsTraceIsTheSumOfItsDiagonalAndOfItsEigenvalues(int rows, int inner) {
    FactoredMatrix m = random(rows, inner, rows);
    double[][] dense = Matrices.product(m.a(), m.b());
    double diagonal = 0;
    for (int i = 0; i < rows; i++) {
      diagonal += dense[i][i];
    }
    assertThat(m.trace()).isCloseTo(diagonal, within(1e-12));
    assertThat(Arrays.stream(m.eigenvalues().real()).sum()).isCloseTo(diagonal, within(1e-12));
  }

  @Test
  void itIsMultipliedFromEitherSideAndByANumber() {
    FactoredMatrix m = random(6, 3, 4);
    INDArray left = Matrices.random(2, 6, 8);
    INDArray right = Matrices.random(4, 5, 9);
    TensorAssert.assertThat(m.leftTimes(left).product())
        .isCloseTo(Matrices.of(Matrices.product(left, m.product())), Tolerance.DOUBLES);
    TensorAssert.assertThat(m.times(right).product())
        .isCloseTo(Matrices.of(Matrices.product(m.product(), right)), Tolerance.DOUBLES);
    TensorAssert.assertThat(m.times(-2.5).product())
        .isCloseTo(m.product().mul(-2.5), Tolerance.DOUBLES);
  }

  /**
   * The paper's erratum: A B and B A have the same trace and eigenvalues, but norms computed on the
   * small side are other numbers.
   */
  @Test
  void itsNormIsNotTheOneThatTheCyclicTrickGives() {
    FactoredMatrix m = random(12, 3, 12);
    double dense = Matrices.norm(Matrices.product(m.a(), m.b()));
    double cyclic = Matrices.norm(Matrices.product(m.b(), m.a()));
    assertThat(Math.abs(cyclic - dense)).isGreaterThan(0.1 * dense);
    assertThat(m.norm()).isCloseTo(dense, within(1e-12));
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
    void emptyFactors() {
      assertThatThrownBy(() -> new FactoredMatrix(Nd4j.ones(3, 2), Nd4j.empty(DataType.DOUBLE)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("none of them 0");
    }

    @Test
    void entriesThatItDoesNotHave() {
      FactoredMatrix m = random(4, 2, 5);
      assertThatThrownBy(() -> m.entry(4, 0))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContaining("no row 4 in a FactoredMatrix [4, 5]");
      assertThatThrownBy(() -> m.entry(0, -1)).hasMessageContaining("no column -1");
      assertThatThrownBy(() -> m.selectRows()).hasMessageContaining("name at least one");
      assertThatThrownBy(m::trace).hasMessageContaining("square matrices, was [4, 5]");
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
