package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.array.Matrix;
import java.lang.ref.Reference;
import org.bytedeco.javacpp.DoublePointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Float32 weights as float64 arrays, exactly. */
final class Doubles {

  private Doubles() {}

  /** The elements of a matrix, [rows, cols] as stored. */
  static INDArray of(Matrix m) {
    float[] tile = new float[m.rows() * m.cols()];
    m.read(tile);
    return of(tile).reshape('c', m.rows(), m.cols());
  }

  /** A vector. */
  static INDArray of(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return Nd4j.createFromArray(wide);
  }

  /** All elements, row after row. */
  static double[] toArray(INDArray m) {
    // a view begins somewhere in its buffer, and its ordering alone does not tell its strides
    INDArray rows = m.dup('c');
    double[] values = new double[(int) m.length()];
    // DataBuffer.asDouble goes element by element
    new DoublePointer(rows.data().addressPointer()).get(values);
    Reference.reachabilityFence(rows);
    return values;
  }
}
