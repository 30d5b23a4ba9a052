package dev.circuitscope.core.plot;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Features that are drawn together, and where.
 *
 * @param gram W_i . W_j of its features
 * @param x of each feature, from -1 to 1
 * @param y of each feature, from -1 to 1
 */
record FeatureGroup(double[][] gram, double[] x, double[] y) {

  private static final int MOST_ON_A_CIRCLE = 12;
  private static final int ITERATIONS = 200;

  static FeatureGroup of(double[][] w, List<Integer> features) {
    int k = features.size();
    if (k == 0) {
      throw new IllegalArgumentException("InterferenceGraphPlot: a group without features");
    }
    double[][] gram = new double[k][k];
    for (double[] row : w) {
      for (int i = 0; i < k; i++) {
        for (int j = 0; j < k; j++) {
          gram[i][j] += row[features.get(i)] * row[features.get(j)];
        }
      }
    }
    double[][] plane = principalPlane(gram);
    double[] x = plane[0];
    double[] y = plane[1];
    if (k == 1) {
      x[0] = 0;
      y[0] = 0;
    } else if (k <= MOST_ON_A_CIRCLE) {
      placeOnCircle(x, y);
    } else {
      fill(x, y);
    }
    return new FeatureGroup(gram, x, y);
  }

  int size() {
    return x.length;
  }

  double norm(int i) {
    return Math.sqrt(gram[i][i]);
  }

  /**
   * The first two eigenvectors of the Gram matrix times the roots of their eigenvalues, which are
   * the features' coordinates along their principal components, by orthogonal iteration.
   */
  private static double[][] principalPlane(double[][] gram) {
    int k = gram.length;
    double[] first = new double[k];
    double[] second = new double[k];
    for (int i = 0; i < k; i++) {
      // Any start that favours no feature and no symmetry, the same at each call.
      first[i] = Math.cos(1 + 1.7 * i);
      second[i] = Math.sin(2 + 2.9 * i * i);
    }
    double firstValue = 0;
    double secondValue = 0;
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      first = product(gram, first);
      firstValue = normalise(first);
      second = product(gram, second);
      double shared = dot(first, second);
      for (int i = 0; i < k; i++) {
        second[i] -= shared * first[i];
      }
      secondValue = normalise(second);
    }
    for (int i = 0; i < k; i++) {
      first[i] *= Math.sqrt(firstValue);
      second[i] *= Math.sqrt(secondValue);
    }
    return new double[][] {first, second};
  }

  private static double[] product(double[][] matrix, double[] vector) {
    double[] product = new double[vector.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = dot(matrix[i], vector);
    }
    return product;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Scales to length 1, or to 0 what is rounding; returns the length. */
  private static double normalise(double[] vector) {
    double length = Math.sqrt(dot(vector, vector));
    for (int i = 0; i < vector.length; i++) {
      vector[i] = length < 1e-9 ? 0 : vector[i] / length;
    }
    return length < 1e-9 ? 0 : length;
  }

  /** Evenly spaced in the order of their angles; the first one on top. */
  private static void placeOnCircle(double[] x, double[] y) {
    double[] angle = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      angle[i] = Math.atan2(y[i], x[i]);
    }
    int[] around =
        IntStream.range(0, x.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> angle[i]))
            .mapToInt(i -> i)
            .toArray();
    for (int at = 0; at < around.length; at++) {
      double turn = Math.PI / 2 - 2 * Math.PI * at / around.length;
      x[around[at]] = Math.cos(turn);
      y[around[at]] = Math.sin(turn);
    }
  }

  private static void fill(double[] x, double[] y) {
    double reach = 1e-9;
    for (int i = 0; i < x.length; i++) {
      reach = Math.max(reach, Math.hypot(x[i], y[i]));
    }
    for (int i = 0; i < x.length; i++) {
      x[i] /= reach;
      y[i] /= reach;
    }
  }
}
