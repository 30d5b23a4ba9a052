package dev.circuitscope.toymodels.geometry;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * How sets of neighbouring features lie, for features that are correlated or anticorrelated within
 * sets: section "Correlated and Anticorrelated Features" of "Toy Models of Superposition" (Elhage
 * et al., 2022).
 *
 * <p>Correlated features would rather be orthogonal, so that each set has a local, almost
 * orthogonal basis and only features of different sets interfere; anticorrelated ones would rather
 * be antipodal; and where there is not enough room for every feature of a correlated set, its
 * members collapse into one direction, their principal component.
 *
 * <pre>{@code
 * SetGeometry sets = SetGeometry.of(run.geometry(), 10);   // features 0 to 9, 10 to 19
 * sets.across() / sets.within();                           // above 1: local bases
 * }</pre>
 *
 * @param setSize members of a set: features 0 to {@code setSize - 1}, and so on
 * @param cosines for each set, the mean cosine of two of its members
 * @param within mean |W_i . W_j| of two members of one set
 * @param across mean |W_i . W_j| of members of two sets
 * @param sideBySide with two hidden dimensions, in how many sets the members follow each other
 *     around the circle with no other feature between them; empty in other spaces
 */
public record SetGeometry(
    int setSize, List<Double> cosines, double within, double across, OptionalInt sideBySide) {

  /** From this mean cosine on, a set counts as collapsed: within 18 degrees. */
  public static final double COLLAPSED_COSINE = 0.95;

  /**
   * Copies the cosines.
   *
   * @param setSize members of a set
   * @param cosines for each set, the mean cosine of two of its members
   * @param within mean |W_i . W_j| of two members of one set
   * @param across mean |W_i . W_j| of members of two sets
   * @param sideBySide in how many sets the members follow each other around the circle
   */
  public SetGeometry {
    cosines = List.copyOf(cosines);
  }

  /**
   * The sets of a matrix.
   *
   * @param geometry of W
   * @param setSize members of a set, at least 2
   * @return how they lie
   * @throws IllegalArgumentException if the features are not two or more sets of that size
   */
  public static SetGeometry of(Geometry geometry, int setSize) {
    int n = geometry.features();
    if (setSize < 2 || n % setSize != 0 || n == setSize) {
      throw new IllegalArgumentException(
          "%d features are not two or more whole sets of %d, and a set needs at least 2"
              .formatted(n, setSize));
    }
    double[] cosines = new double[n / setSize];
    double within = 0;
    double across = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double size = Math.abs(geometry.dot(i, j));
        if (i / setSize == j / setSize) {
          cosines[i / setSize] += geometry.cosine(i, j);
          within += size;
        } else {
          across += size;
        }
      }
    }
    int pairsInASet = setSize * (setSize - 1) / 2;
    int pairsWithin = cosines.length * pairsInASet;
    int pairsAcross = n * (n - 1) / 2 - pairsWithin;
    List<Double> means = new ArrayList<>();
    for (double sum : cosines) {
      means.add(sum / pairsInASet);
    }
    return new SetGeometry(
        setSize, means, within / pairsWithin, across / pairsAcross, sideBySide(geometry, setSize));
  }

  private static OptionalInt sideBySide(Geometry geometry, int setSize) {
    if (geometry.hidden() != 2) {
      return OptionalInt.empty();
    }
    int n = geometry.features();
    List<Integer> around =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> angle(geometry.column(i))))
            .toList();
    // Around the circle, a set is left as often as its members lie apart: once if side by side.
    int[] left = new int[n / setSize];
    for (int at = 0; at < n; at++) {
      int set = around.get(at) / setSize;
      left[set] += around.get((at + 1) % n) / setSize == set ? 0 : 1;
    }
    return OptionalInt.of((int) IntStream.of(left).filter(times -> times == 1).count());
  }

  private static double angle(double[] column) {
    return Math.atan2(column[1], column[0]);
  }

  /**
   * How many sets there are.
   *
   * @return at least 2
   */
  public int sets() {
    return cosines.size();
  }

  /**
   * How many sets have collapsed into one direction.
   *
   * @return those with a mean cosine of at least {@link #COLLAPSED_COSINE}
   */
  public int collapsed() {
    return (int) cosines.stream().filter(cosine -> cosine >= COLLAPSED_COSINE).count();
  }

  /**
   * All numbers as JSON; {@code side_by_side} is there only with two hidden dimensions.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("set_size", setSize);
    json.add("cosines", new Gson().toJsonTree(cosines));
    json.addProperty("within", within);
    json.addProperty("across", across);
    sideBySide.ifPresent(count -> json.addProperty("side_by_side", count));
    json.addProperty("collapsed", collapsed());
    return json;
  }

  /**
   * A table with a line per set.
   *
   * @return several lines
   */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%d sets of %d: mean |W_i . W_j| %.4f within, %.4f across%n",
                sets(),
                setSize,
                within,
                across));
    for (int set = 0; set < sets(); set++) {
      text.append(String.format(Locale.ROOT, "set %-3d cosine %7.4f%n", set, cosines.get(set)));
    }
    return text.toString();
  }
}
