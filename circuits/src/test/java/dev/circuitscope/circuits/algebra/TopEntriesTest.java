package dev.circuitscope.circuits.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.Parallel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

@DisplayName("The top entries of a factored matrix")
class TopEntriesTest {

  @ParameterizedTest
  @CsvSource({
    "1,1,1,1",
    "1,1,9,3",
    "7,2,1,20",
    "300,5,11,40",
    "300,5,11,3300",
    "40,3,600,0",
    "260,1,260,77"
  })
  void areTheFirstOfTheDenseMatrixSorted(int rows, int inner, int columns, int k) {
    FactoredMatrix m = random(rows, inner, columns, 5L);
    for (TopOrder order : TopOrder.values()) {
      List<MatrixEntry> expected = sorted(m.product(), order);
      assertSame(m.top(k, order), expected.subList(0, Math.min(k, expected.size())));
    }
  }

  /** Small integers have many ties, and are exact in every order of summation. */
  @ParameterizedTest
  @EnumSource(TopOrder.class)
  void areInTheOrderOfRowsAndColumnsWhereTheyAreEqual(TopOrder order) {
    SplittableRandom random = new SplittableRandom(3L);
    double[] small = random.ints(400 * 2 + 2 * 31, -2, 3).asDoubleStream().toArray();
    INDArray all = Nd4j.createFromArray(small);
    FactoredMatrix m =
        new FactoredMatrix(
            all.get(NDArrayIndex.interval(0, 800)).reshape('c', 400, 2),
            all.get(NDArrayIndex.interval(800, 862)).reshape('c', 2, 31));
    assertThat(m.top(2000, order)).isEqualTo(sorted(m.product(), order).subList(0, 2000));
    assertThat(m.topOfRow(17, 9, order)).isEqualTo(ofRow(m, 17, order).subList(0, 9));
    assertThat(m.topOfColumn(30, 50, order)).isEqualTo(ofColumn(m, 30, order).subList(0, 50));
  }

  @ParameterizedTest
  @EnumSource(TopOrder.class)
  void ofARowOrAColumnAreThoseOfTheDenseOne(TopOrder order) {
    FactoredMatrix m = random(30, 4, 50, 6L);
    assertSame(m.topOfRow(29, 7, order), ofRow(m, 29, order).subList(0, 7));
    assertSame(m.topOfColumn(0, 70, order), ofColumn(m, 0, order));
    assertThat(m.topOfRow(0, 0, order)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void haveTheSameBitsWhateverTheNumberOfThreads(int threads) {
    FactoredMatrix m = random(700, 6, 300, 8L);
    List<MatrixEntry> expected = m.top(50, TopOrder.MAGNITUDE);
    int before = Parallel.threads();
    try {
      Parallel.setThreads(threads);
      assertThat(m.top(50, TopOrder.MAGNITUDE)).isEqualTo(expected);
    } finally {
      Parallel.setThreads(before);
    }
  }

  @Test
  void ofATransposeAreThoseOfTheMatrixTurned() {
    FactoredMatrix m = random(40, 4, 23, 6L);
    assertThat(m.transpose().top(5, TopOrder.LARGEST))
        .extracting(MatrixEntry::column, MatrixEntry::row)
        .isEqualTo(
            m.top(5, TopOrder.LARGEST).stream()
                .map(e -> Tuple.tuple(e.row(), e.column()))
                .toList());
  }

  @Nested
  @DisplayName("are refused")
  class Refused {

    @Test
    void ifTheirNumberIsNegative() {
      assertThatThrownBy(() -> random(3, 2, 3, 1L).top(-1, TopOrder.LARGEST))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("was -1");
    }

    @Test
    void ofMatricesThatAreNotFinite() {
      FactoredMatrix m = new FactoredMatrix(Nd4j.ones(3, 2).div(0), Nd4j.ones(2, 3));
      assertThatThrownBy(() -> m.top(1, TopOrder.LARGEST)).hasMessageContaining("Infinity");
      assertThatThrownBy(() -> m.topOfRow(1, 1, TopOrder.LARGEST)).hasMessageContaining("Infinity");
    }

    @Test
    void ofRowsThatDoNotExist() {
      assertThatThrownBy(() -> random(3, 2, 4, 1L).topOfRow(3, 1, TopOrder.LARGEST))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContaining("no row 3 in a FactoredMatrix [3, 4]");
    }
  }

  private static void assertSame(List<MatrixEntry> actual, List<MatrixEntry> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).value()).isCloseTo(expected.get(i).value(), within(1e-12));
      assertThat(actual.get(i).row()).isEqualTo(expected.get(i).row());
      assertThat(actual.get(i).column()).isEqualTo(expected.get(i).column());
    }
  }

  private static List<MatrixEntry> sorted(INDArray dense, TopOrder order) {
    List<MatrixEntry> entries = new ArrayList<>();
    for (int r = 0; r < dense.size(0); r++) {
      for (int c = 0; c < dense.size(1); c++) {
        entries.add(new MatrixEntry(r, c, dense.getDouble(r, c)));
      }
    }
    // a stable sort keeps rows and columns in order
    entries.sort(
        switch (order) {
          case LARGEST -> Comparator.comparingDouble(MatrixEntry::value).reversed();
          case SMALLEST -> Comparator.comparingDouble(MatrixEntry::value);
          case MAGNITUDE -> Comparator.comparingDouble(e -> -Math.abs(e.value()));
        });
    return entries;
  }

  private static List<MatrixEntry> ofRow(FactoredMatrix m, int row, TopOrder order) {
    return sorted(m.product(), order).stream().filter(e -> e.row() == row).toList();
  }

  private static List<MatrixEntry> ofColumn(FactoredMatrix m, int column, TopOrder order) {
    return sorted(m.product(), order).stream().filter(e -> e.column() == column).toList();
  }

  private static FactoredMatrix random(int rows, int inner, int columns, long seed) {
    return new FactoredMatrix(
        Matrices.random(rows, inner, seed), Matrices.random(inner, columns, seed + 100));
  }
}
