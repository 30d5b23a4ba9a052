package dev.circuitscope.toymodels.geometry;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How features share a hidden space, from the columns W_i of W: section "The Geometry of
 * Superposition" of "Toy Models of Superposition" (Elhage et al., 2022).
 *
 * <p>Everything is computed in float64, once, in memory that grows with W and not with W^T W. A
 * column of zeros has no direction; its dimensionality and polysemanticity are 0.
 *
 * <pre>{@code
 * Geometry digon = Geometry.of(new double[][] {{1, -1}});
 * digon.dimensionality();                 // [0.5, 0.5]: two features share one dimension
 * DimensionalityClusters.of(digon);       // digon: 2 features
 * InterferenceGraph.of(digon);            // one component, a digon
 * }</pre>
 */
public final class Geometry {

  /** A feature whose column is longer than this counts as kept. */
  public static final double KEPT_NORM = 0.5;

  private final double[][] w;
  private final double[][] columns;
  private final double[] squares;
  private final double[] norms;
  private final double[] others;
  private final Interference interference;

  private Geometry(double[][] w) {
    int n = w[0].length;
    this.w = w;
    this.columns = new double[n][w.length];
    for (int k = 0; k < w.length; k++) {
      for (int i = 0; i < n; i++) {
        columns[i][k] = w[k][i];
      }
    }
    squares = new double[n];
    norms = new double[n];
    others = new double[n];
    double[] net = new double[n];
    double[] total = new double[n];
    double[] worst = new double[n];
    for (int i = 0; i < n; i++) {
      squares[i] = dot(i, i);
      norms[i] = Math.sqrt(squares[i]);
      for (int j = 0; j < i; j++) {
        double dot = dot(i, j);
        double size = Math.abs(dot);
        others[i] += dot * dot;
        others[j] += dot * dot;
        net[i] += dot;
        net[j] += dot;
        total[i] += size;
        total[j] += size;
        worst[i] = Math.max(worst[i], size);
        worst[j] = Math.max(worst[j], size);
      }
    }
    interference = new Interference(net, total, worst);
  }

  /**
   * The geometry of a matrix.
   *
   * @param w W [hidden, features]; copied
   * @return its geometry
   * @throws IllegalArgumentException if W has no rows or columns, rows of different lengths, or a
   *     number that is not finite
   */
  public static Geometry of(double[][] w) {
    double[][] copy = new double[w.length][];
    Arrays.setAll(copy, k -> w[k].clone());
    check(copy);
    return new Geometry(copy);
  }

  /**
   * The geometry of a matrix.
   *
   * @param w W [hidden, features]; widened to float64
   * @return its geometry
   * @throws IllegalArgumentException if W has no rows or columns, rows of different lengths, or a
   *     number that is not finite
   */
  public static Geometry of(float[][] w) {
    double[][] wide = new double[w.length][];
    for (int k = 0; k < w.length; k++) {
      wide[k] = new double[w[k].length];
      for (int i = 0; i < w[k].length; i++) {
        wide[k][i] = w[k][i];
      }
    }
    check(wide);
    return new Geometry(wide);
  }

  /**
   * The geometry of a matrix.
   *
   * @param w W [hidden, features], of any type; copied
   * @return its geometry
   * @throws IllegalArgumentException if W is not a matrix, or has a number that is not finite
   */
  public static Geometry of(INDArray w) {
    if (w.rank() != 2) {
      throw new IllegalArgumentException(
          "geometry needs W [hidden, features], was " + Arrays.toString(w.shape()));
    }
    return of(w.toDoubleMatrix());
  }

  private static void check(double[][] w) {
    if (w.length == 0 || w[0].length == 0) {
      throw new IllegalArgumentException(
          "geometry needs W [hidden, features] with at least a row and a column, was ["
              + w.length
              + (w.length == 0 ? ", ...]" : ", 0]"));
    }
    for (int k = 0; k < w.length; k++) {
      if (w[k].length != w[0].length) {
        throw new IllegalArgumentException(
            "geometry needs W [hidden, features], but rows 0 and "
                + k
                + " have "
                + w[0].length
                + " and "
                + w[k].length
                + " numbers");
      }
      for (int i = 0; i < w[k].length; i++) {
        if (!Double.isFinite(w[k][i])) {
          throw new IllegalArgumentException(
              "geometry needs finite weights, but W[" + k + ", " + i + "] is " + w[k][i]);
        }
      }
    }
  }

  /**
   * The number of columns of W.
   *
   * @return n
   */
  public int features() {
    return columns.length;
  }

  /**
   * The number of rows of W.
   *
   * @return m
   */
  public int hidden() {
    return w.length;
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
   * W_i, the direction of a feature times its norm.
   *
   * @param i a feature
   * @return [hidden], a copy
   * @throws IndexOutOfBoundsException if there is no such feature
   */
  public double[] column(int i) {
    return columns[i].clone();
  }

  /**
   * W_i . W_j: what feature j's output, before bias and ReLU, shows of feature i.
   *
   * @param i a feature
   * @param j a feature
   * @return an entry of W^T W
   * @throws IndexOutOfBoundsException if there is no such feature
   */
  public double dot(int i, int j) {
    double sum = 0;
    for (int k = 0; k < w.length; k++) {
      sum += columns[i][k] * columns[j][k];
    }
    return sum;
  }

  /**
   * What_i . What_j, the cosine of the angle between two features.
   *
   * @param i a feature
   * @param j a feature
   * @return from -1 to 1 up to rounding; 0 if a column is 0
   * @throws IndexOutOfBoundsException if there is no such feature
   */
  public double cosine(int i, int j) {
    double dot = dot(i, j);
    return dot == 0 ? 0 : dot / (norms[i] * norms[j]);
  }

  /**
   * W^T W: what the model makes of each feature before bias and ReLU.
   *
   * @return [features, features], float64
   */
  public INDArray gram() {
    double[][] gram = new double[norms.length][norms.length];
    for (int i = 0; i < gram.length; i++) {
      for (int j = 0; j < gram.length; j++) {
        gram[i][j] = dot(i, j);
      }
    }
    return Nd4j.createFromArray(gram);
  }

  /**
   * ||W||_F^2, which counts the features that are stored if each is stored with norm 0 or 1.
   *
   * @return at least 0
   */
  public double squaredNorm() {
    return Arrays.stream(squares).sum();
  }

  /**
   * Dimensions per feature, D* = m / ||W||_F^2.
   *
   * @return infinity if W is 0
   */
  public double dimensionsPerFeature() {
    return w.length / squaredNorm();
  }

  /**
   * Feature dimensionality, D_i = ||W_i||^2 / sum_j (What_i . W_j)^2 with What_i = W_i / ||W_i||: 1
   * for a feature with a dimension of its own, 1/2 in an antipodal pair, 2/5 in a pentagon. They
   * sum to m when W is a tight frame (W W^T is a multiple of the identity).
   *
   * @return [features], each from 0 to 1
   */
  public double[] dimensionality() {
    double[] d = new double[norms.length];
    for (int i = 0; i < d.length; i++) {
      double square = squares[i];
      // ||W_i||^2 / sum_j (What_i . W_j)^2 = ||W_i||^4 / (||W_i||^4 + sum_{j != i} (W_i . W_j)^2)
      d[i] = square == 0 ? 0 : square / (square + others[i] / square);
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
      p[i] = norms[i] == 0 ? 0 : Math.sqrt(others[i]) / norms[i];
    }
    return p;
  }

  /**
   * What each feature's output hears of the others.
   *
   * @return net, total and worst
   */
  public Interference interference() {
    return interference;
  }

  /**
   * How many features each hidden unit holds: meaningful where the hidden space has a privileged
   * basis, as behind a ReLU.
   *
   * @return one number of each kind per row of W
   */
  public NeuronGeometry neurons() {
    return NeuronGeometry.of(w);
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
    return Arrays.stream(interference.worst()).max().orElse(0);
  }

  /**
   * Every number per feature, and D*, as JSON; an infinite D* is null.
   *
   * @return an object
   */
  public JsonObject toJson() {
    Gson gson = new Gson();
    JsonObject object = new JsonObject();
    object.addProperty("features", features());
    object.addProperty("hidden", hidden());
    object.addProperty(
        "dimensions_per_feature", squaredNorm() == 0 ? null : dimensionsPerFeature());
    object.add("norms", gson.toJsonTree(norms));
    object.add("dimensionality", gson.toJsonTree(dimensionality()));
    object.add("polysemanticity", gson.toJsonTree(polysemanticity()));
    object.add("interference", Json.of(interference));
    object.add("neurons", Json.of(neurons()));
    return object;
  }

  /**
   * A table with a line per feature.
   *
   * @return several lines
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "n = %d, m = %d, features kept %d, D* = %.4f%n%8s %8s %8s %8s %9s %9s%n",
            features(),
            hidden(),
            featuresKept(),
            dimensionsPerFeature(),
            "feature",
            "norm",
            "D_i",
            "poly",
            "net",
            "worst"));
    double[] d = dimensionality();
    double[] poly = polysemanticity();
    double[] net = interference.net();
    double[] worst = interference.worst();
    for (int i = 0; i < d.length; i++) {
      text.append(
          String.format(
              Locale.ROOT,
              "%8d %8.4f %8.4f %8.4f %9.4f %9.4f%n",
              i,
              norms[i],
              d[i],
              poly[i],
              net[i],
              worst[i]));
    }
    return text.toString();
  }
}
