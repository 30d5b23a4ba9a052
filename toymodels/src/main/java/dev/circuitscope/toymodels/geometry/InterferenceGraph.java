package dev.circuitscope.toymodels.geometry;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which features share directions: an edge joins two learned features that are not orthogonal. Its
 * connected components lie in spaces orthogonal to each other; together they make up a tegum
 * product (section "Why Do Those Polytopes Form?" of "Toy Models of Superposition", Elhage et al.,
 * 2022).
 *
 * <p>A component is named after the regular figure whose dot products it has. Dimensionality alone
 * would not do, since features in no regular arrangement can have a figure's D_i: every tight frame
 * of unit vectors has D_i = m/n.
 *
 * <pre>{@code
 * var graph = InterferenceGraph.of(Geometry.of(RegularFigure.product(TRIANGLE, DIGON)));
 * graph.components().get(0).figure();   // Optional[triangle]
 * graph.counts();                       // {digon=1, triangle=1}
 * }</pre>
 *
 * @param components of learned features, in the order of their first feature
 * @param unlearned features that are not part of the graph, ascending
 * @param tolerance what decided
 */
public record InterferenceGraph(
    List<Component> components, List<Integer> unlearned, GeometryTolerance tolerance) {

  /**
   * Features that share directions with each other and with no other.
   *
   * @param features ascending
   * @param figure what their dot products are those of; empty if of no regular figure
   * @param rank dimensions of the space that they span, up to the tolerance
   * @param totalDimensionality sum of D_i, which is the rank if they are a tight frame of it
   */
  public record Component(
      List<Integer> features,
      Optional<RegularFigure> figure,
      int rank,
      double totalDimensionality) {

    /**
     * Copies the features.
     *
     * @param features ascending
     * @param figure what their dot products are those of
     * @param rank dimensions of the space that they span
     * @param totalDimensionality sum of D_i
     */
    public Component {
      features = List.copyOf(features);
    }

    /**
     * What the component is called.
     *
     * @return the figure's name, or for example {@code 6 features in 3 dimensions}
     */
    public String name() {
      return figure
          .map(RegularFigure::toString)
          .orElse(features.size() + " features in " + rank + " dimensions");
    }
  }

  /**
   * Copies the lists.
   *
   * @param components of learned features
   * @param unlearned features that are not part of the graph
   * @param tolerance what decided
   */
  public InterferenceGraph {
    components = List.copyOf(components);
    unlearned = List.copyOf(unlearned);
  }

  /**
   * The graph of a trained matrix.
   *
   * @param geometry of W
   * @return with {@link GeometryTolerance#TRAINED}
   */
  public static InterferenceGraph of(Geometry geometry) {
    return of(geometry, GeometryTolerance.TRAINED);
  }

  /**
   * The graph of a matrix.
   *
   * @param geometry of W
   * @param tolerance which features are learned, which orthogonal, and what matches a figure
   * @return its components
   */
  public static InterferenceGraph of(Geometry geometry, GeometryTolerance tolerance) {
    double[] norms = geometry.norms();
    double[] d = geometry.dimensionality();
    boolean[] seen = new boolean[norms.length];
    List<Integer> unlearned = new ArrayList<>();
    List<Component> components = new ArrayList<>();
    for (int i = 0; i < norms.length; i++) {
      if (norms[i] <= tolerance.learned()) {
        seen[i] = true;
        unlearned.add(i);
      }
    }
    for (int i = 0; i < norms.length; i++) {
      if (!seen[i]) {
        List<Integer> features = reachable(geometry, i, seen, tolerance.orthogonal());
        components.add(
            new Component(
                features,
                FigureMatch.of(geometry, features, tolerance.gram()),
                rank(geometry, features, tolerance.gram()),
                features.stream().mapToDouble(f -> d[f]).sum()));
      }
    }
    return new InterferenceGraph(components, unlearned, tolerance);
  }

  private static List<Integer> reachable(
      Geometry geometry, int start, boolean[] seen, double orthogonal) {
    List<Integer> found = new ArrayList<>(List.of(start));
    seen[start] = true;
    for (int at = 0; at < found.size(); at++) {
      for (int j = 0; j < seen.length; j++) {
        if (!seen[j] && Math.abs(geometry.cosine(found.get(at), j)) > orthogonal) {
          seen[j] = true;
          found.add(j);
        }
      }
    }
    found.sort(null);
    return found;
  }

  /** Gram-Schmidt, longest first; ends when what is left of every feature is short. */
  private static int rank(Geometry geometry, List<Integer> features, double tolerance) {
    double[][] left = features.stream().map(geometry::column).toArray(double[][]::new);
    double longest = 0;
    for (int rank = 0; ; rank++) {
      double[] pivot = null;
      double square = 0;
      for (double[] vector : left) {
        double its = dot(vector, vector);
        pivot = its > square ? vector : pivot;
        square = Math.max(square, its);
      }
      longest = Math.max(longest, square);
      if (pivot == null || square <= tolerance * longest || rank == geometry.hidden()) {
        return rank;
      }
      double[] direction = pivot.clone();
      for (double[] vector : left) {
        double share = dot(vector, direction) / square;
        for (int k = 0; k < vector.length; k++) {
          vector[k] -= share * direction[k];
        }
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  /**
   * How many components there are of each name.
   *
   * @return names in alphabetical order
   */
  public Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    for (Component component : components) {
      counts.merge(component.name(), 1, Integer::sum);
    }
    return counts;
  }

  /**
   * Components with their features and names, as JSON.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject object = new JsonObject();
    JsonArray array = new JsonArray();
    for (Component component : components) {
      JsonObject entry = Json.of(component);
      entry.addProperty("name", component.name());
      array.add(entry);
    }
    object.add("components", array);
    object.add("unlearned", new Gson().toJsonTree(unlearned));
    object.add("tolerance", Json.of(tolerance));
    return object;
  }

  /**
   * A table with a line per component.
   *
   * @return several lines
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%d components, %d features not learned%n",
            components.size(),
            unlearned.size()));
    for (Component component : components) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-28s rank %3d  sum D_i %8.4f  %s%n",
              component.name(),
              component.rank(),
              component.totalDimensionality(),
              component.features()));
    }
    return text.toString();
  }
}
