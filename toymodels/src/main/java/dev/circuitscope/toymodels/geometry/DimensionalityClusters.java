package dev.circuitscope.toymodels.geometry;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The lines on which the dimensionalities D_i of features lie, named after the figures of section
 * "The Geometry of Superposition" of "Toy Models of Superposition" (Elhage et al., 2022).
 *
 * <p>A feature whose D_i is within the tolerance of a figure's value belongs to the nearest such
 * figure; a short one is unlearned, whatever its D_i. The others are grouped where neighbours are
 * no further apart than the tolerance. A name says where D_i lies and no more: {@link
 * InterferenceGraph} looks at the figures themselves.
 *
 * <pre>{@code
 * DimensionalityClusters.of(Geometry.of(RegularFigure.product(TRIANGLE, DIGON))).clusters();
 * // digon: 2 features at 1/2; triangle: 3 features at 2/3
 * }</pre>
 *
 * @param clusters not empty, by ascending mean
 * @param tolerance what decided
 */
public record DimensionalityClusters(List<Cluster> clusters, GeometryTolerance tolerance) {

  /** The name of short features. */
  public static final String UNLEARNED = "unlearned";

  /** The name of clusters at no figure's value. */
  public static final String UNNAMED = "other";

  /**
   * The figures that give lines their names: square antiprism 3/8, pentagon 2/5, digon 1/2,
   * triangle 2/3, tetrahedron 3/4 and dedicated 1.
   */
  public static final List<RegularFigure> FIGURES =
      List.of(
          RegularFigure.SQUARE_ANTIPRISM,
          RegularFigure.PENTAGON,
          RegularFigure.DIGON,
          RegularFigure.TRIANGLE,
          RegularFigure.TETRAHEDRON,
          RegularFigure.DEDICATED);

  /**
   * Features of about the same dimensionality.
   *
   * @param name a figure's, {@link #UNLEARNED} or {@link #UNNAMED}
   * @param features ascending
   * @param mean of their D_i
   */
  public record Cluster(String name, List<Integer> features, double mean) {

    /**
     * Copies the features.
     *
     * @param name a figure's, or one of the two others
     * @param features ascending
     * @param mean of their D_i
     */
    public Cluster {
      features = List.copyOf(features);
    }
  }

  /**
   * Copies the clusters.
   *
   * @param clusters by ascending mean
   * @param tolerance what decided
   */
  public DimensionalityClusters {
    clusters = List.copyOf(clusters);
  }

  /**
   * The clusters of a trained matrix.
   *
   * @param geometry of W
   * @return with {@link GeometryTolerance#TRAINED}
   */
  public static DimensionalityClusters of(Geometry geometry) {
    return of(geometry, GeometryTolerance.TRAINED);
  }

  /**
   * The clusters of a matrix.
   *
   * @param geometry of W
   * @param tolerance which features are learned, and how near D_i must be
   * @return every feature in one cluster
   */
  public static DimensionalityClusters of(Geometry geometry, GeometryTolerance tolerance) {
    double[] norms = geometry.norms();
    double[] d = geometry.dimensionality();
    Map<String, List<Integer>> named = new TreeMap<>();
    List<Integer> rest = new ArrayList<>();
    for (int i = 0; i < d.length; i++) {
      String name = norms[i] <= tolerance.learned() ? UNLEARNED : name(d[i], tolerance);
      (name.equals(UNNAMED) ? rest : named.computeIfAbsent(name, none -> new ArrayList<>())).add(i);
    }
    List<Cluster> clusters = new ArrayList<>();
    named.forEach((name, features) -> clusters.add(cluster(name, features, d)));
    rest.sort(Comparator.comparingDouble(i -> d[i]));
    int from = 0;
    for (int to = 1; to <= rest.size(); to++) {
      if (to == rest.size() || d[rest.get(to)] - d[rest.get(to - 1)] > tolerance.dimensionality()) {
        clusters.add(cluster(UNNAMED, rest.subList(from, to), d));
        from = to;
      }
    }
    clusters.sort(Comparator.comparingDouble(Cluster::mean));
    return new DimensionalityClusters(clusters, tolerance);
  }

  private static String name(double d, GeometryTolerance tolerance) {
    RegularFigure nearest =
        FIGURES.stream()
            .min(Comparator.comparingDouble(figure -> Math.abs(d - figure.dimensionality())))
            .orElseThrow();
    boolean near = Math.abs(d - nearest.dimensionality()) <= tolerance.dimensionality();
    return near ? nearest.toString() : UNNAMED;
  }

  private static Cluster cluster(String name, List<Integer> features, double[] d) {
    double mean = features.stream().mapToDouble(i -> d[i]).average().orElseThrow();
    return new Cluster(name, features.stream().sorted().toList(), mean);
  }

  /**
   * Clusters with their features, as JSON.
   *
   * @return an object
   */
  public JsonObject toJson() {
    return Json.of(this);
  }

  /**
   * A table with a line per cluster.
   *
   * @return several lines
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Cluster cluster : clusters) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-18s D %.4f  %d features%n",
              cluster.name(),
              cluster.mean(),
              cluster.features().size()));
    }
    return text.toString();
  }
}
