package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.array.Matrix;
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
    return m.dup('c').data().asDouble();
  }
}
