package dev.circuitscope.core.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

@DisplayName("Arrays as runs of floats")
class FlatFloatsTest {

  private static final float[] VALUES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

  private final INDArray array = FlatFloats.array(VALUES, 2, 3, 2);

  @Test
  void haveTheShapeTheyAreGivenAndTheirElementsInRowMajorOrder() {
    assertThat(array.shape()).containsExactly(2, 3, 2);
    assertThat(array.getFloat(1, 2, 0)).isEqualTo(10);
    assertThat(FlatFloats.array(new float[] {7}, 1).shape()).containsExactly(1);
  }

  @Test
  void areCopiedFromArraysOfAnyLayout() {
    assertThat(FlatFloats.copy(array)).isEqualTo(VALUES);
    assertThat(FlatFloats.copy(array.dup('f'))).isEqualTo(VALUES);
    assertThat(FlatFloats.copy(array.castTo(DataType.DOUBLE))).isEqualTo(VALUES);
    assertThat(FlatFloats.copy(array.get(NDArrayIndex.point(1))))
        .containsExactly(6, 7, 8, 9, 10, 11);
    assertThat(FlatFloats.read(array.dup('f'), buffer -> buffer.get(5))).isEqualTo(5);
  }

  @Test
  void areChangedInPlace() {
    FlatFloats.own(array).put(3, -3);
    assertThat(array.getFloat(0, 1, 1)).isEqualTo(-3);
  }

  @Test
  void areNotHandedOutIfTheyDoNotLieInARow() {
    assertThat(FlatFloats.plain(array)).isTrue();
    for (INDArray other :
        new INDArray[] {
          array.dup('f'), array.castTo(DataType.DOUBLE), array.get(NDArrayIndex.point(1))
        }) {
      assertThat(FlatFloats.plain(other)).isFalse();
      assertThatThrownBy(() -> FlatFloats.own(other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("row-major");
    }
  }

  @Test
  void haveSlots() {
    assertThat(FlatFloats.slot(FlatFloats.own(array), 2, 1, 3, 2)).containsExactly(2, 3, 8, 9);
    assertThat(FlatFloats.slot(FlatFloats.own(array), 0, 1, 3, 2)).isEmpty();
  }

  @Test
  void areRepeatedAddedAndSubtracted() {
    float[] two = {1, 2};
    assertThat(FlatFloats.tiled(two, 3)).containsExactly(1, 2, 1, 2, 1, 2);
    assertThat(FlatFloats.tiled(two, 0)).isEmpty();
    assertThat(FlatFloats.difference(two, new float[] {0.5f, 3})).containsExactly(0.5f, -1);
    FlatFloats.add(new float[] {10, 20}, two);
    assertThat(two).containsExactly(11, 22);
  }
}
