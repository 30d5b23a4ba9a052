package dev.circuitscope.core.io;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A tensor that is made when it is written, so that a file larger than memory can be written one
 * tensor at a time.
 *
 * @param type element type
 * @param shape sizes of the axes; empty for a scalar
 * @param value makes the array of exactly this type and shape; called once
 */
public record TensorSource(DataType type, List<Long> shape, Supplier<INDArray> value) {
  /**
   * Copies the shape and checks that no axis is negative.
   *
   * @param type element type
   * @param shape sizes of the axes
   * @param value makes the array
   * @throws IllegalArgumentException if an axis is negative
   */
  public TensorSource {
    shape = List.copyOf(shape);
    if (shape.stream().anyMatch(size -> size < 0)) {
      throw new IllegalArgumentException("tensor source: shape " + shape + " has a negative axis");
    }
  }

  /**
   * Wraps an array that exists already.
   *
   * @param array any array, view or strided included; not copied
   * @return its source
   */
  public static TensorSource of(INDArray array) {
    return new TensorSource(
        array.dataType(), LongStream.of(array.shape()).boxed().toList(), () -> array);
  }
}
