package dev.circuitscope.toymodels.computation;

import dev.circuitscope.toymodels.superposition.ToyArchitecture;
import dev.circuitscope.toymodels.superposition.ToyModel;

/**
 * The matrices of a model of absolute values, in float64.
 *
 * @param w1 W1 [neurons][features]
 * @param w2 W2 [features][neurons]
 */
record TwoLayers(double[][] w1, double[][] w2) {

  static TwoLayers of(ToyModel model) {
    if (model.architecture() != ToyArchitecture.ABSOLUTE_VALUE) {
      throw new IllegalArgumentException(
          "what neurons compute is asked of an ABSOLUTE_VALUE model, was "
              + model.architecture()
              + "; for the others, see ToyModel.geometry()");
    }
    return new TwoLayers(doubles(model.weights()), doubles(model.decoder()));
  }

  private static double[][] doubles(float[][] matrix) {
    double[][] copy = new double[matrix.length][];
    for (int r = 0; r < matrix.length; r++) {
      copy[r] = new double[matrix[r].length];
      for (int c = 0; c < copy[r].length; c++) {
        copy[r][c] = matrix[r][c];
      }
    }
    return copy;
  }
}
