package dev.circuitscope.circuits.patching;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays as runs of floats in row-major order, without INDArray operations. */
final class FlatFloats {

  private FlatFloats() {}

  /** The elements themselves; valid as long as the array is held. */
  static FloatBuffer own(INDArray array) {
    if (!plain(array)) {
      throw new IllegalArgumentException(
          "needs a row-major float array that is no part of another, was %s of %s"
              .formatted(array.dataType(), Arrays.toString(array.shape())));
    }
    return array.data().asNioFloat();
  }

  /** Reads elements, of a copy if they do not lie in a row. */
  static double read(INDArray array, ToDoubleFunction<FloatBuffer> reader) {
    INDArray flat = plain(array) ? array : array.castTo(DataType.FLOAT).dup('c');
    double value = reader.applyAsDouble(flat.data().asNioFloat());
    Reference.reachabilityFence(flat);
    return value;
  }

  /** A copy of all elements. */
  static float[] copy(INDArray array) {
    float[] values = new float[Math.toIntExact(array.length())];
    read(
        array,
        buffer -> {
          buffer.get(0, values, 0, values.length);
          return 0;
        });
    return values;
  }

  /** x + strength (source - x) for n elements x; at strength 1 the source's very bits. */
  static void blend(FloatBuffer source, int from, FloatBuffer x, int to, int n, double strength) {
    if (strength == 1) {
      x.put(to, source, from, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      double old = x.get(to + i);
      double other = source.get(from + i);
      // masked scores are negative infinity in both runs, and stay so
      x.put(to + i, (float) (old == other ? old : old + strength * (other - old)));
    }
  }

  private static boolean plain(INDArray array) {
    return array.dataType() == DataType.FLOAT
        && array.ordering() == 'c'
        && array.offset() == 0
        && array.data().length() == array.length()
        && Arrays.equals(array.stride(), Nd4j.getStrides(array.shape(), 'c'));
  }
}
