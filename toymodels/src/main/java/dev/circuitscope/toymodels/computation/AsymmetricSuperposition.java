package dev.circuitscope.toymodels.computation;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.toymodels.superposition.ToyModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The asymmetric superposition motif in a model y = ReLU(W2 ReLU(W1 x) + b) that computes absolute
 * values: section "The Asymmetric Superposition Motif" of "Toy Models of Superposition" (Elhage et
 * al., 2022).
 *
 * <p>A neuron k and two features i, j are reported if
 *
 * <ul>
 *   <li>the neuron serves both features: |W1_ki| W2_ik and |W1_kj| W2_jk are at least the least
 *       gain;
 *   <li>it is asymmetric: |W1_ki| is at least {@code asymmetry} times |W1_kj|, and W2_jk as many
 *       times W2_ik;
 *   <li>the crosstalk is inhibited: of |W1_ki| W2_jk, which a unit of x_i puts on output j, all
 *       other neurons together take away at least the least inhibition.
 * </ul>
 *
 * <p>None of this changes when a neuron is read c times as strongly and written 1/c times, or when
 * the sign of a feature is turned round in all of W1. The second leaves data, target and loss as
 * they are, so it means nothing that the paper's motif has W1 = [2, -1/2] and not [2, 1/2].
 *
 * <pre>{@code
 * var found = AsymmetricSuperposition.of(model);
 * found.motifs().get(0);   // neuron 3: feature 0 strong (gain 1.00), feature 7 weak (gain 1.00)
 * }</pre>
 *
 * @param motifs by falling crosstalk
 * @param neurons of the model
 * @param criteria what decided
 */
public record AsymmetricSuperposition(
    List<AsymmetricMotif> motifs, int neurons, Criteria criteria) {

  /** Neurons that take away a smaller share of the crosstalk are not listed as inhibitors. */
  private static final double NOTABLE = 0.1;

  /**
   * What counts as the motif.
   *
   * @param leastGain of both features, from above 0; 1 is ideal
   * @param asymmetry of reading and writing, from above 1; 4 is ideal
   * @param leastInhibition share of the crosstalk; 1 is ideal
   */
  public record Criteria(double leastGain, double asymmetry, double leastInhibition) {

    /** Half of the ideal each: gain 1/2, asymmetry 2, inhibition 1/2. */
    public static final Criteria DEFAULT = new Criteria(0.5, 2, 0.5);

    /**
     * Checks every component.
     *
     * @param leastGain above 0
     * @param asymmetry above 1
     * @param leastInhibition finite
     * @throws IllegalArgumentException naming the component and its value, if one is out of range
     */
    public Criteria {
      if (!(leastGain > 0) || !(asymmetry > 1) || !Double.isFinite(leastInhibition)) {
        throw new IllegalArgumentException(
            ("criteria need leastGain > 0, asymmetry > 1 and a finite leastInhibition, "
                    + "was %s, %s, %s")
                .formatted(leastGain, asymmetry, leastInhibition));
      }
    }
  }

  /**
   * Copies the motifs.
   *
   * @param motifs by falling crosstalk
   * @param neurons of the model
   * @param criteria what decided
   */
  public AsymmetricSuperposition {
    motifs = List.copyOf(motifs);
  }

  /**
   * Looks for the motif in a trained model.
   *
   * @param model of absolute values
   * @return what was found by {@link Criteria#DEFAULT}
   * @throws IllegalArgumentException if the model is of another kind, or a number is not finite
   */
  public static AsymmetricSuperposition of(ToyModel model) {
    TwoLayers layers = TwoLayers.of(model);
    return of(layers.w1(), layers.w2());
  }

  /**
   * Looks for the motif.
   *
   * @param w1 W1 [neurons][features]
   * @param w2 W2 [features][neurons]
   * @return what was found by {@link Criteria#DEFAULT}
   * @throws IllegalArgumentException if the shapes do not fit or a number is not finite
   */
  public static AsymmetricSuperposition of(double[][] w1, double[][] w2) {
    return of(w1, w2, Criteria.DEFAULT);
  }

  /**
   * Looks for the motif.
   *
   * @param w1 W1 [neurons][features]
   * @param w2 W2 [features][neurons]
   * @param criteria what counts
   * @return what was found
   * @throws IllegalArgumentException if the shapes do not fit or a number is not finite
   */
  public static AsymmetricSuperposition of(double[][] w1, double[][] w2, Criteria criteria) {
    int neurons = w1.length;
    int features = w2.length;
    requireMatrix("W1 [neurons][features]", w1, features);
    requireMatrix("W2 [features][neurons]", w2, neurons);
    List<AsymmetricMotif> motifs = new ArrayList<>();
    for (int k = 0; k < neurons; k++) {
      for (int i = 0; i < features; i++) {
        for (int j = 0; j < features; j++) {
          if (isAsymmetric(w1[k], w2, k, i, j, criteria)) {
            AsymmetricMotif motif = motif(w1, w2, k, i, j);
            if (motif.inhibition() >= criteria.leastInhibition()) {
              motifs.add(motif);
            }
          }
        }
      }
    }
    motifs.sort(Comparator.comparingDouble(motif -> -motif.crosstalk()));
    return new AsymmetricSuperposition(motifs, neurons, criteria);
  }

  private static void requireMatrix(String name, double[][] w, int columns) {
    for (int row = 0; row < w.length; row++) {
      if (w[row].length != columns) {
        throw new IllegalArgumentException(
            "%s must have rows of %d numbers to fit the other matrix, but row %d has %d"
                .formatted(name, columns, row, w[row].length));
      }
      for (double value : w[row]) {
        if (!Double.isFinite(value)) {
          throw new IllegalArgumentException(
              "%s must be finite, but row %d holds %s".formatted(name, row, value));
        }
      }
    }
  }

  private static boolean isAsymmetric(
      double[] read, double[][] w2, int k, int i, int j, Criteria criteria) {
    double strong = Math.abs(read[i]);
    double weak = Math.abs(read[j]);
    return i != j
        && strong * w2[i][k] >= criteria.leastGain()
        && weak * w2[j][k] >= criteria.leastGain()
        && strong >= criteria.asymmetry() * weak
        && w2[j][k] >= criteria.asymmetry() * w2[i][k];
  }

  private static AsymmetricMotif motif(double[][] w1, double[][] w2, int k, int i, int j) {
    double sign = Math.signum(w1[k][i]);
    double crosstalk = Math.abs(w1[k][i]) * w2[j][k];
    double others = 0;
    double[] added = new double[w1.length];
    List<Integer> inhibitors = new ArrayList<>();
    for (int l = 0; l < w1.length; l++) {
      if (l != k) {
        // what neuron l adds to output j while x_i = sign
        added[l] = Math.max(0, sign * w1[l][i]) * w2[j][l];
        others += added[l];
        if (added[l] < -NOTABLE * crosstalk) {
          inhibitors.add(l);
        }
      }
    }
    inhibitors.sort(Comparator.comparingDouble(l -> added[l]));
    return new AsymmetricMotif(
        k,
        i,
        j,
        Math.abs(w1[k][i]) * w2[i][k],
        Math.abs(w1[k][j]) * w2[j][k],
        crosstalk,
        -others / crosstalk,
        inhibitors);
  }

  /**
   * Motifs and criteria as JSON.
   *
   * @return an object
   */
  public JsonObject toJson() {
    return Json.of(this);
  }

  /**
   * A line per motif.
   *
   * @return several lines
   */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            "%d asymmetric motifs among %d neurons%n".formatted(motifs.size(), neurons));
    for (AsymmetricMotif motif : motifs) {
      text.append(motif).append(System.lineSeparator());
    }
    return text.toString();
  }
}
