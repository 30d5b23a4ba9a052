package dev.circuitscope.circuits.patching;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.function.ToDoubleFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Arrays as runs of floats in row-major order, without INDArray operations. */
final class FlatFloats {

  private FlatFloats() {}

  /** The elements themselves; valid as long as the array is held. */
  static FloatBuffer own(INDArray array) {
    if (array.ordering() != 'c' || array.isView() || array.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "needs a row-major float array that is not a view, was " + array.dataType());
    }
    return array.data().asNioFloat();
  }

  /** Reads elements, of a copy if they do not lie in a row. */
  static double read(INDArray array, ToDoubleFunction<FloatBuffer> reader) {
    boolean plain =
        array.ordering() == 'c' && !array.isView() && array.dataType() == DataType.FLOAT;
    INDArray flat = plain ? array : array.castTo(DataType.FLOAT).dup('c');
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
}
