package dev.circuitscope.circuits.algebra;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Matrices for tests, and the plainest ways to compute with them. */
final class Matrices {

  private Matrices() {}

  static INDArray of(double[][] rows) {
    return Nd4j.createFromArray(rows);
  }

  static INDArray random(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = random.doubles((long) rows * columns, -1, 1).toArray();
    return Nd4j.createFromArray(values).reshape('c', rows, columns);
  }

  static double[][] product(INDArray a, INDArray b) {
    double[][] product = new double[(int) a.size(0)][(int) b.size(1)];
    for (int i = 0; i < product.length; i++) {
      for (int j = 0; j < product[i].length; j++) {
        for (int k = 0; k < a.size(1); k++) {
          product[i][j] += a.getDouble(i, k) * b.getDouble(k, j);
        }
      }
    }
    return product;
  }

  static double norm(double[][] matrix) {
    double squares = 0;
    for (double[] row : matrix) {
      for (double x : row) {
        squares += x * x;
      }
    }
    return Math.sqrt(squares);
  }
}
