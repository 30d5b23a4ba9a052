package dev.circuitscope.core.reference;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Doubles with a shape, flat and row-major.
 *
 * @param values the elements; not copied
 * @param shape the sizes of the axes
 */
public record DoubleTensor(double[] values, int... shape) {

  /**
   * Checks that there are as many elements as the shape says.
   *
   * @param values the elements; not copied
   * @param shape the sizes of the axes
   */
  public DoubleTensor {
    long product = Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
    if (product != values.length) {
      throw new IllegalArgumentException(
          values.length + " elements do not have the shape " + Arrays.toString(shape));
    }
  }

  /**
   * One element.
   *
   * @param index one number per axis
   * @return the element
   * @throws IndexOutOfBoundsException if an index is outside its axis, with index and shape
   */
  public double at(int... index) {
    int flat = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      if (index.length != shape.length || index[axis] < 0 || index[axis] >= shape[axis]) {
        throw new IndexOutOfBoundsException(
            Arrays.toString(index) + " is not in a tensor of shape " + Arrays.toString(shape));
      }
      flat = flat * shape[axis] + index[axis];
    }
    return values[flat];
  }

  /**
   * The same numbers as an array of ND4J.
   *
   * @return a new array of type DOUBLE
   */
  public INDArray toArray() {
    long[] sizes = Arrays.stream(shape).asLongStream().toArray();
    if (values.length == 0) {
      return Nd4j.create(org.nd4j.linalg.api.buffer.DataType.DOUBLE, sizes);
    }
    return Nd4j.createFromArray(values).reshape('c', sizes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DoubleTensor tensor
        && Arrays.equals(values, tensor.values)
        && Arrays.equals(shape, tensor.shape);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(values) + Arrays.hashCode(shape);
  }

  @Override
  public String toString() {
    return "DoubleTensor" + Arrays.toString(shape);
  }
}
