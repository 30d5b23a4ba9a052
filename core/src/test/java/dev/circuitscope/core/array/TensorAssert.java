package dev.circuitscope.core.array;

import java.util.Arrays;
import org.assertj.core.api.AbstractAssert;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Compares tensors element by element; a failure names the largest error, its index, both values
 * and both shapes.
 *
 * <pre>{@code
 * TensorAssert.assertThat(logits).as("logits").isCloseTo(expected, Tolerance.ACTIVATIONS);
 * }</pre>
 */
public final class TensorAssert extends AbstractAssert<TensorAssert, double[]> {

  private final long[] shape;

  private TensorAssert(double[] values, long[] shape) {
    super(values, TensorAssert.class);
    this.shape = shape;
  }

  public static TensorAssert assertThat(INDArray actual) {
    return new TensorAssert(elements(actual), actual.shape());
  }

  public static TensorAssert assertThat(double[] actual) {
    return new TensorAssert(actual, new long[] {actual.length});
  }

  public static TensorAssert assertThat(float[] actual) {
    return assertThat(widen(actual));
  }

  public TensorAssert isCloseTo(INDArray expected, Tolerance tolerance) {
    return isCloseTo(elements(expected), expected.shape(), tolerance);
  }

  /** The same number of elements; the shape is taken to be that of the actual tensor. */
  public TensorAssert isCloseTo(double[] expected, Tolerance tolerance) {
    return isCloseTo(expected, shape, tolerance);
  }

  public TensorAssert isCloseTo(float[] expected, Tolerance tolerance) {
    return isCloseTo(widen(expected), shape, tolerance);
  }

  /** The same bits in every element and the same shape. */
  public TensorAssert hasSameBitsAs(INDArray expected) {
    return hasSameBitsAs(elements(expected), expected.shape());
  }

  private TensorAssert hasSameBitsAs(double[] other, long[] expectedShape) {
    requireSameShape(expectedShape, other.length);
    for (int i = 0; i < actual.length; i++) {
      if (Double.doubleToRawLongBits(actual[i]) != Double.doubleToRawLongBits(other[i])) {
        throw failure(
            "%ndiffers at %s: %s instead of %s, shape %s",
            Arrays.toString(index(i)), actual[i], other[i], Arrays.toString(shape));
      }
    }
    return this;
  }

  public TensorAssert hasSameBitsAs(float[] expected) {
    return hasSameBitsAs(widen(expected), new long[] {expected.length});
  }

  private TensorAssert isCloseTo(double[] expected, long[] expectedShape, Tolerance tolerance) {
    requireSameShape(expectedShape, expected.length);
    double largest = 0;
    for (double e : expected) {
      largest = Double.isFinite(e) ? Math.max(largest, Math.abs(e)) : largest;
    }
    double worst = 0;
    int where = -1;
    int beyond = 0;
    for (int i = 0; i < expected.length; i++) {
      double error = error(actual[i], expected[i]);
      beyond += error > tolerance.allowed(largest) ? 1 : 0;
      if (error > worst) {
        worst = error;
        where = i;
      }
    }
    if (beyond > 0) {
      throw failure(
          "%nthe largest error is %s at %s: %s instead of %s%n"
              + "%d of %d elements are further than %s (%s)%n"
              + "shape %s, expected shape %s, largest expected magnitude %s",
          worst,
          Arrays.toString(index(where)),
          actual[where],
          expected[where],
          beyond,
          expected.length,
          tolerance.allowed(largest),
          tolerance,
          Arrays.toString(shape),
          Arrays.toString(expectedShape),
          largest);
    }
    return this;
  }

  private void requireSameShape(long[] expected, int length) {
    if (!Arrays.equals(shape, expected) || actual.length != length) {
      throw failure(
          "%nthe shape is %s (%d elements), expected %s (%d elements)",
          Arrays.toString(shape), actual.length, Arrays.toString(expected), length);
    }
  }

  private static double error(double actual, double expected) {
    if (actual == expected) {
      return 0;
    }
    double error = Math.abs(actual - expected);
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  private long[] index(int flat) {
    long[] index = new long[shape.length];
    long rest = flat;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis];
      rest /= shape[axis];
    }
    return index;
  }

  private static double[] elements(INDArray array) {
    if (array.length() == 0) {
      return new double[0];
    }
    INDArray flat =
        array.castTo(DataType.DOUBLE).dup('c').reshape('c', new long[] {array.length()});
    return flat.toDoubleVector();
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
