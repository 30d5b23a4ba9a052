package dev.circuitscope.examples.compare;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How far one tensor of the engine is from the file's.
 *
 * <p>The relative error is that of the whole tensor: the largest difference over the largest
 * magnitude. Float32 rounds sums at the size of their terms, so an element that cancels to nearly
 * nothing carries the rounding of its neighbours. To the magnitude {@value #FLOOR} is added, which
 * matters only for tensors whose true value is 0, such as the gradient of b_K.
 *
 * <p>Negative infinity, where scores are masked, agrees with itself alone, and NaN with nothing.
 *
 * @param tensor its name in the file
 * @param absolute the largest difference of two elements, possibly infinite
 * @param relative the same over the largest magnitude
 */
public record Agreement(String tensor, double absolute, double relative) {

  static final double FLOOR = 1e-3;

  /**
   * Compares element by element.
   *
   * @param tensor its name in the file
   * @param actual the engine's
   * @param expected the file's, of the same shape
   * @return how far they are apart
   * @throws IllegalArgumentException if the shapes differ, with both
   */
  static Agreement of(String tensor, INDArray actual, INDArray expected) {
    boolean single = actual.length() == 1 && expected.length() == 1;
    if (!single && !Arrays.equals(actual.shape(), expected.shape())) {
      throw new IllegalArgumentException(
          "'%s' has shape %s in the file; the model computes %s"
              .formatted(
                  tensor, Arrays.toString(expected.shape()), Arrays.toString(actual.shape())));
    }
    double[] a = elements(actual);
    double[] e = elements(expected);
    double worst = 0;
    double largest = 0;
    for (int i = 0; i < e.length; i++) {
      double error = a[i] == e[i] ? 0 : Math.abs(a[i] - e[i]);
      worst = Math.max(worst, Double.isNaN(error) ? Double.POSITIVE_INFINITY : error);
      largest = Double.isFinite(e[i]) ? Math.max(largest, Math.abs(e[i])) : largest;
    }
    return new Agreement(tensor, worst, worst / (largest + FLOOR));
  }

  private static double[] elements(INDArray array) {
    if (array.length() == 0) {
      return new double[0];
    }
    INDArray flat =
        array.castTo(DataType.DOUBLE).dup('c').reshape('c', new long[] {array.length()});
    return flat.toDoubleVector();
  }
}
