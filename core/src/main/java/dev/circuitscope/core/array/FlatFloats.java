package dev.circuitscope.core.array;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arrays of ND4J as runs of floats in row-major order. An INDArray operation takes tens of
 * microseconds however small it is; a loop over floats does not.
 *
 * <pre>{@code
 * float[] z = FlatFloats.copy(cache.get(HookPoint.z(0)));      // [batch, pos, head, d_head]
 * float[] head = FlatFloats.slot(FlatFloats.own(array), batch * pos, 3, heads, dHead);
 * }</pre>
 */
public final class FlatFloats {

  private FlatFloats() {}

  /**
   * Whether an array's elements lie in a row in memory of its own, as those of the engine do.
   *
   * @param array any
   * @return false for views, other orders and other types
   */
  public static boolean plain(INDArray array) {
    return array.dataType() == DataType.FLOAT
        && array.ordering() == 'c'
        && array.offset() == 0
        && array.data().length() == array.length()
        && Arrays.equals(array.stride(), Nd4j.getStrides(array.shape(), 'c'));
  }

  /**
   * The elements themselves, to be read and changed.
   *
   * @param array a {@link #plain} one, which must be held as long as the elements are used
   * @return its memory
   * @throws IllegalArgumentException if it is not plain
   */
  public static FloatBuffer own(INDArray array) {
    if (!plain(array)) {
      throw new IllegalArgumentException(
          "needs a row-major float array that is no part of another, was %s of %s"
              .formatted(array.dataType(), Arrays.toString(array.shape())));
    }
    return array.data().asNioFloat();
  }

  /**
   * Computes a number of an array's elements, or of a copy if they do not lie in a row.
   *
   * @param array of any type and order
   * @param reader sees the elements while it runs
   * @return the number
   */
  public static double read(INDArray array, ToDoubleFunction<FloatBuffer> reader) {
    INDArray flat = plain(array) ? array : array.castTo(DataType.FLOAT).dup('c');
    double value = reader.applyAsDouble(flat.data().asNioFloat());
    Reference.reachabilityFence(flat);
    return value;
  }

  /**
   * A copy of all elements.
   *
   * @param array of any type and order
   * @return in row-major order
   */
  public static float[] copy(INDArray array) {
    float[] values = new float[Math.toIntExact(array.length())];
    read(
        array,
        buffer -> {
          buffer.get(0, values, 0, values.length);
          return 0;
        });
    return values;
  }

  /**
   * An array of given elements.
   *
   * @param values in row-major order; copied
   * @param shape as many elements
   * @return a plain array
   */
  public static INDArray array(float[] values, long... shape) {
    return Nd4j.createFromArray(values).reshape('c', shape);
  }

  /**
   * Copies of some elements, one after the other.
   *
   * @param one the elements
   * @param copies how many
   * @return {@code copies} times as long
   */
  public static float[] tiled(float[] one, int copies) {
    float[] all = Arrays.copyOf(one, one.length * copies);
    for (int i = 1; i < copies; i++) {
      System.arraycopy(one, 0, all, i * one.length, one.length);
    }
    return all;
  }

  /**
   * One slot, such as a head, of every row.
   *
   * @param all [rows, slots, width]
   * @param rows how many
   * @param slot which
   * @param slots in a row
   * @param width of a slot
   * @return [rows, width]
   */
  public static float[] slot(FloatBuffer all, int rows, int slot, int slots, int width) {
    float[] one = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      all.get((row * slots + slot) * width, one, row * width, width);
    }
    return one;
  }

  /**
   * Adds elements to others.
   *
   * @param x what is added
   * @param to changed; as long
   */
  public static void add(float[] x, float[] to) {
    for (int i = 0; i < x.length; i++) {
      to[i] += x[i];
    }
  }

  /**
   * Differences of elements.
   *
   * @param x from which is subtracted
   * @param y what is subtracted; as long
   * @return x - y
   */
  public static float[] difference(float[] x, float[] y) {
    float[] difference = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      difference[i] = x[i] - y[i];
    }
    return difference;
  }
}
