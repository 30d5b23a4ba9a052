package dev.circuitscope.examples.superposition.uniform;

import dev.circuitscope.toymodels.geometry.DimensionalityClusters;
import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.geometry.GeometryTolerance;
import dev.circuitscope.toymodels.geometry.InterferenceGraph;
import dev.circuitscope.toymodels.geometry.RegularFigure;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.Arrays;

/**
 * What was measured at one sparsity.
 *
 * @param sparsity 1/(1 - S)
 * @param run the training
 * @param geometry of its W
 * @param clusters of its D_i
 * @param graph of its features that share directions
 */
public record UniformRow(
    double sparsity,
    ToyRun run,
    Geometry geometry,
    DimensionalityClusters clusters,
    InterferenceGraph graph) {

  /**
   * The library's tolerances for trained matrices, but that figures may lean towards each other: a
   * cosine of 0.2, 78 degrees, still counts as orthogonal. Neighbours in a pentagon, the figure
   * with the smallest cosines, have 0.31.
   */
  public static final GeometryTolerance TOLERANCE =
      new GeometryTolerance(
          GeometryTolerance.TRAINED.learned(),
          0.2,
          GeometryTolerance.TRAINED.dimensionality(),
          GeometryTolerance.TRAINED.gram());

  static UniformRow of(double sparsity, ToyRun run) {
    Geometry geometry = run.geometry();
    return new UniformRow(
        sparsity,
        run,
        geometry,
        DimensionalityClusters.of(geometry, TOLERANCE),
        InterferenceGraph.of(geometry, TOLERANCE));
  }

  /**
   * The sum of all D_i.
   *
   * @return m if W is a tight frame
   */
  public double totalDimensionality() {
    return Arrays.stream(geometry.dimensionality()).sum();
  }

  /**
   * The number of learned features.
   *
   * @return those in the graph
   */
  public int learned() {
    return geometry.features() - graph.unlearned().size();
  }

  /**
   * The learned features whose D_i lies on a figure's line.
   *
   * @return how many
   */
  public int onLines() {
    return clusters.clusters().stream()
        .filter(c -> !c.name().equals(DimensionalityClusters.UNLEARNED))
        .filter(c -> !c.name().equals(DimensionalityClusters.UNNAMED))
        .mapToInt(c -> c.features().size())
        .sum();
  }

  /**
   * The components that are a figure.
   *
   * @param figure which
   * @return how many
   */
  public int count(RegularFigure figure) {
    return (int)
        graph.components().stream()
            .filter(c -> c.figure().filter(figure::equals).isPresent())
            .count();
  }
}
