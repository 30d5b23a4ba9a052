package dev.circuitscope.toymodels.superposition;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How a model's features share its hidden space, from the columns W_i of W: section "The Geometry
 * of Superposition" of "Toy Models of Superposition" (Elhage et al., 2022).
 *
 * <p>Everything is computed in float64 from W^T W. A column of zeros has no direction; its
 * dimensionality and polysemanticity are 0.
 *
 * <pre>{@code
 * Geometry digon = Geometry.of(new float[][] {{1, -1}});
 * digon.dimensionality(); // [0.5, 0.5]: two features share one dimension
 * }</pre>
 */
public final class Geometry {

  /** A feature whose column is longer than this counts as kept. */
  public static final double KEPT_NORM = 0.5;

  private final int hidden;
  private final double[][] gram;
  private final double[] norms;

  private Geometry(int hidden, double[][] gram) {
    this.hidden = hidden;
    this.gram = gram;
    this.norms = new double[gram.length];
    for (int i = 0; i < norms.length; i++) {
      norms[i] = Math.sqrt(gram[i][i]);
    }
  }

  /**
   * The geometry of a model.
   *
   * @param model its W is used
   * @return its geometry
   */
  public static Geometry of(ToyModel model) {
    return of(model.weights());
  }

  /**
   * The geometry of a matrix.
   *
   * @param w W [hidden, features]
   * @return its geometry
   * @throws IllegalArgumentException if W has no rows, or rows of different lengths
   */
  public static Geometry of(float[][] w) {
    if (w.length == 0) {
      throw new IllegalArgumentException("geometry needs W [hidden, features] with at least a row");
    }
    int features = w[0].length;
    double[][] gram = new double[features][features];
    for (float[] row : w) {
      if (row.length != features) {
        throw new IllegalArgumentException(
            "geometry needs W [hidden, features], but its rows have "
                + features
                + " and "
                + row.length
                + " numbers");
      }
      for (int i = 0; i < features; i++) {
        for (int j = 0; j < features; j++) {
          gram[i][j] += (double) row[i] * row[j];
        }
      }
    }
    return new Geometry(w.length, gram);
  }

  /**
   * Feature norms ||W_i||: near 1 for a feature that is stored, near 0 for one that is not.
   *
   * @return [features]
   */
  public double[] norms() {
    return norms.clone();
  }

  /**
   * W^T W: what the model makes of each feature before bias and ReLU.
   *
   * @return [features, features], float64
   */
  public INDArray gram() {
    return Nd4j.createFromArray(gram);
  }

  /**
   * Dimensions per feature, D* = m / ||W||_F^2.
   *
   * @return infinity if W is 0
   */
  public double dimensionsPerFeature() {
    double squares = 0;
    for (double norm : norms) {
      squares += norm * norm;
    }
    return hidden / squares;
  }

  /**
   * Feature dimensionality, D_i = ||W_i||^2 / sum_j (What_i . W_j)^2 with What_i = W_i / ||W_i||: 1
   * for a feature with a dimension of its own, 1/2 in an antipodal pair, 2/5 in a pentagon.
   *
   * @return [features], each from 0 to 1
   */
  public double[] dimensionality() {
    double[] d = new double[norms.length];
    for (int i = 0; i < d.length; i++) {
      double shared = 0;
      for (double dot : gram[i]) {
        shared += dot * dot;
      }
      // ||W_i||^2 / sum_j (W_i . W_j / ||W_i||)^2
      d[i] = shared == 0 ? 0 : gram[i][i] * gram[i][i] / shared;
    }
    return d;
  }

  /**
   * Polysemanticity, || (What_i . W_j)_{j != i} ||: how much other features show when one reads
   * along feature i.
   *
   * @return [features], each at least 0
   */
  public double[] polysemanticity() {
    double[] p = new double[norms.length];
    for (int i = 0; i < p.length; i++) {
      double squares = 0;
      for (int j = 0; j < p.length; j++) {
        squares += j == i ? 0 : gram[i][j] * gram[i][j];
      }
      p[i] = norms[i] == 0 ? 0 : Math.sqrt(squares) / norms[i];
    }
    return p;
  }

  /**
   * The number of features with a norm above {@link #KEPT_NORM}.
   *
   * @return from 0 to the number of features
   */
  public int featuresKept() {
    int kept = 0;
    for (double norm : norms) {
      kept += norm > KEPT_NORM ? 1 : 0;
    }
    return kept;
  }

  /**
   * The largest |W_i . W_j| of two different features.
   *
   * @return 0 if there is just one feature
   */
  public double maxInterference() {
    double most = 0;
    for (int i = 0; i < gram.length; i++) {
      for (int j = 0; j < i; j++) {
        most = Math.max(most, Math.abs(gram[i][j]));
      }
    }
    return most;
  }
}
