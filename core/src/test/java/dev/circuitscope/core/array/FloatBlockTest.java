package dev.circuitscope.core.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FloatBlockTest {

  private static FloatBlock of(float... values) {
    FloatBlock block = FloatBlock.allocate(values.length);
    block.write(0, values, 0, values.length);
    return block;
  }

  @Test
  void readsAndWritesRunsOfElements() {
    FloatBlock block = FloatBlock.zeros(5);
    block.write(1, new float[] {9, 1, 2, 3, 9}, 1, 3);
    float[] read = new float[4];
    block.read(2, read, 1, 3);
    assertThat(block.toArray()).containsExactly(0, 1, 2, 3, 0);
    assertThat(read).containsExactly(0, 2, 3, 0);
    assertThat(block.get(3)).isEqualTo(3);
  }

  @Test
  void mayBeEmpty() {
    assertThat(FloatBlock.zeros(0).toArray()).isEmpty();
  }

  @Test
  void copiesAndClearsRuns() {
    FloatBlock a = of(1, 2, 3, 4);
    FloatBlock b = of(5, 6, 7, 8);
    b.copy(1, a, 2, 2);
    assertThat(b.toArray()).containsExactly(5, 3, 4, 8);
    b.clear(0, 2);
    assertThat(b.toArray()).containsExactly(0, 0, 4, 8);
  }

  @Test
  void takesArraysOfAnyOrderTypeAndViewInTheirLogicalOrder() {
    INDArray a = Nd4j.arange(6).castTo(DataType.FLOAT).reshape(2, 3);
    assertThat(FloatBlock.copyOf(a).toArray()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(FloatBlock.copyOf(a.transpose()).toArray()).containsExactly(0, 3, 1, 4, 2, 5);
    assertThat(FloatBlock.copyOf(a.dup('f')).toArray()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(FloatBlock.copyOf(a.getColumn(1)).toArray()).containsExactly(1, 4);
    assertThat(FloatBlock.copyOf(a.getRow(1)).toArray()).containsExactly(3, 4, 5);
    assertThat(FloatBlock.copyOf(of(1, 2, 3, 4).asArray(2, 2)).toArray())
        .containsExactly(1, 2, 3, 4);
    assertThat(FloatBlock.copyOf(a.reshape(1, 2, 3).permute(1, 0, 2)).toArray())
        .containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(FloatBlock.copyOf(a.reshape(1, 2, 3).permute(2, 0, 1)).toArray())
        .containsExactly(0, 3, 1, 4, 2, 5);
    assertThat(FloatBlock.copyOf(a.castTo(DataType.DOUBLE)).toArray())
        .containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void isSeenAsAnArrayWithoutACopy() {
    FloatBlock block = of(1, 2, 3, 4, 5, 6);
    INDArray array = block.asArray(2, 3);
    assertThat(array.getFloat(1, 0)).isEqualTo(4);
    array.putScalar(1, 0, 40);
    block.write(0, new float[] {10}, 0, 1);
    assertThat(block.get(3)).isEqualTo(40);
    assertThat(array.getFloat(0, 0)).isEqualTo(10);
    assertThat(array.sumNumber().floatValue()).isEqualTo(66);
    assertThat(array.transpose().mmul(array).getFloat(0, 1)).isEqualTo(10 * 2 + 40 * 5);
  }

  @Test
  void staysAliveAsLongAsAnArrayShowsIt() {
    INDArray array = of(1, 2, 3).asArray(3);
    for (int i = 0; i < 20; i++) {
      System.gc();
      FloatBlock.zeros(3).write(0, new float[] {7, 7, 7}, 0, 3);
    }
    assertThat(array.toFloatVector()).containsExactly(1, 2, 3);
  }

  @Test
  void refusesLengthsAndShapesThatDoNotFit() {
    assertThatThrownBy(() -> FloatBlock.allocate(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> FloatBlock.allocate(1L << 31)).hasMessageContaining("2147483648");
    assertThatThrownBy(() -> of(1, 2, 3).asArray(2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 floats")
        .hasMessageContaining("[2, 2]");
    assertThatThrownBy(() -> of(1, 2, 3).set(Nd4j.zeros(2)))
        .hasMessageContaining("2 elements")
        .hasMessageContaining("3");
  }

  @Nested
  class AMatrixInABlock {

    @Test
    void readsAndWritesRowsThatLieApart() {
      FloatBlock block = of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
      Matrix m = block.matrix(1, 2, 2, 4);
      float[] tile = new float[4];
      m.read(tile);
      assertThat(tile).containsExactly(1, 2, 5, 6);
      m.write(new float[] {-1, -2, -5, -6});
      assertThat(block.toArray()).containsExactly(0, -1, -2, 3, 4, -5, -6, 7, 8, 9);
      m.clear();
      assertThat(block.toArray()).containsExactly(0, 0, 0, 3, 4, 0, 0, 7, 8, 9);
    }

    @Test
    void isCutIntoRowsAndColumns() {
      Matrix m = of(0, 1, 2, 3, 4, 5, 6, 7, 8).matrix(0, 3, 3);
      float[] tile = new float[2];
      m.rows(1, 3).cols(2, 3).read(tile);
      assertThat(tile).containsExactly(5, 8);
      assertThat(m.rows(3, 3).rows()).isZero();
    }
  }

  @Nested
  class APool {

    @Test
    void givesBackABlockOfTheSameLength() {
      BlockPool pool = new BlockPool(100);
      FloatBlock block = pool.take(7);
      pool.give(block);
      assertThat(pool.take(8)).isNotSameAs(block);
      assertThat(pool.take(7)).isSameAs(block);
      assertThat(pool.take(7)).isNotSameAs(block);
    }

    @Test
    void keepsNoMoreThanItsCapacity() {
      BlockPool pool = new BlockPool(30);
      FloatBlock seven = pool.take(7);
      FloatBlock another = pool.take(7);
      pool.give(seven);
      pool.give(another);
      assertThat(pool.take(7)).isSameAs(seven);
      assertThat(pool.take(7)).isNotSameAs(another);
    }
  }
}
