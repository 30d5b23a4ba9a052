package dev.circuitscope.core.io;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Where a tensor's elements lie in a {@link ByteSource}: element (i, j, ...) begins at byte {@code
 * offset + (i * stride[0] + j * stride[1] + ...) * type.bytes()}.
 *
 * @param type element type
 * @param order order of the bytes of one element
 * @param offset byte offset of the first element
 * @param shape sizes of the axes; empty for a scalar
 * @param stride steps of the axes, in elements; 0 repeats the same elements along an axis
 */
public record StoredTensor(
    ElementType type, ByteOrder order, long offset, List<Long> shape, List<Long> stride) {
  private static final int MAX_RANK = 32; // of ND4J

  /**
   * Copies the lists and checks that every offset can be computed.
   *
   * @param type element type
   * @param order byte order
   * @param offset byte offset of the first element
   * @param shape sizes of the axes
   * @param stride steps of the axes
   * @throws IllegalArgumentException if the lists differ in length or are longer than 32, a value
   *     is negative, or the number of elements or the last offset overflows
   */
  public StoredTensor {
    shape = List.copyOf(shape);
    stride = List.copyOf(stride);
    if (shape.size() != stride.size() || shape.size() > MAX_RANK) {
      throw new IllegalArgumentException(
          "stored tensor: %d axes and %d strides; as many are needed of both, at most %d"
              .formatted(shape.size(), stride.size(), MAX_RANK));
    }
    if (offset < 0
        || shape.stream().anyMatch(size -> size < 0)
        || stride.stream().anyMatch(step -> step < 0)) {
      throw new IllegalArgumentException(
          "stored tensor: offset %d, shape %s, strides %s must not be negative"
              .formatted(offset, shape, stride));
    }
    try {
      length(shape);
      end(type, offset, shape, stride);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "stored tensor: offset %d, shape %s, strides %s overflow 64 bits"
              .formatted(offset, shape, stride));
    }
  }

  /**
   * Describes elements in row-major order without gaps.
   *
   * @param type element type
   * @param order byte order
   * @param offset byte offset of the first element
   * @param shape sizes of the axes
   * @return the tensor
   * @throws IllegalArgumentException if the shape is longer than 32 or negative, or overflows
   */
  public static StoredTensor rowMajor(
      ElementType type, ByteOrder order, long offset, long... shape) {
    return dense(type, order, offset, shape, true);
  }

  /**
   * Describes elements in column-major order, as Fortran has it, without gaps.
   *
   * @param type element type
   * @param order byte order
   * @param offset byte offset of the first element
   * @param shape sizes of the axes
   * @return the tensor
   * @throws IllegalArgumentException if the shape is longer than 32 or negative, or overflows
   */
  public static StoredTensor columnMajor(
      ElementType type, ByteOrder order, long offset, long... shape) {
    return dense(type, order, offset, shape, false);
  }

  /**
   * Returns the number of elements.
   *
   * @return product of the shape
   */
  public long length() {
    return length(shape);
  }

  /**
   * Returns where the elements end.
   *
   * @return offset behind the last byte that belongs to an element
   */
  public long end() {
    return end(type, offset, shape, stride);
  }

  long[] shapeArray() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  /** Whether the elements follow each other in the file as in a row-major array. */
  boolean isRowMajor() {
    long[] expected = denseStrides(shapeArray(), true);
    for (int axis = 0; axis < expected.length; axis++) {
      if (shape.get(axis) != 1 && stride.get(axis) != expected[axis]) {
        return false;
      }
    }
    return true;
  }

  private static StoredTensor dense(
      ElementType type, ByteOrder order, long offset, long[] shape, boolean rowMajor) {
    List<Long> sizes = LongStream.of(shape).boxed().toList();
    long[] stride;
    try {
      stride = denseStrides(shape, rowMajor);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("stored tensor: shape " + sizes + " overflows 64 bits");
    }
    return new StoredTensor(type, order, offset, sizes, LongStream.of(stride).boxed().toList());
  }

  private static long[] denseStrides(long[] shape, boolean rowMajor) {
    long[] stride = new long[shape.length];
    long step = 1;
    for (int i = 0; i < shape.length; i++) {
      int axis = rowMajor ? shape.length - 1 - i : i;
      stride[axis] = step;
      step = Math.multiplyExact(step, Math.max(1, shape[axis]));
    }
    return stride;
  }

  private static long length(List<Long> shape) {
    if (shape.contains(0L)) {
      return 0;
    }
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  private static long end(ElementType type, long offset, List<Long> shape, List<Long> stride) {
    if (shape.contains(0L)) {
      return offset;
    }
    long last = 0;
    for (int axis = 0; axis < shape.size(); axis++) {
      last = Math.addExact(last, Math.multiplyExact(shape.get(axis) - 1, (long) stride.get(axis)));
    }
    return Math.addExact(offset, Math.multiplyExact(last + 1, (long) type.bytes()));
  }

  @Override
  public String toString() {
    return "%s %s, strides %s, at byte %d"
        .formatted(type, Arrays.toString(shapeArray()), stride, offset);
  }
}
