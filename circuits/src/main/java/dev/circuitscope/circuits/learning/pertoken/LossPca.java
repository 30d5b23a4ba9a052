package dev.circuitscope.circuits.learning.pertoken;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.algebra.FactoredMatrix;
import dev.circuitscope.circuits.algebra.Svd;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Principal components of the per-token losses of all snapshots of several models jointly
 * (In-context Learning and Induction Heads, "per-token losses"): the few directions in which models
 * differ most, from each other and over their training. In the first two the trajectories of models
 * that form induction heads pivot.
 *
 * <pre>{@code
 * LossPca pca = LossPca.of(List.of(one, two, three), 2);
 * pca.explained();                            // [0.71, 0.14]
 * double[][] path = pca.trajectories().get(1).points();
 * TrajectoryPivot.sharpest(pca.trajectories().get(1), 0.2);
 * }</pre>
 *
 * @param trajectories of the models, in the order given
 * @param explained share of the variance that each component explains, the largest first; copied in
 *     and out
 * @param axes [component][example], of length 1 and orthogonal, each with the sign that makes its
 *     sum not negative; copied in and out
 * @param mean the losses that the components are of the difference from, of all snapshots of all
 *     models alike; copied in and out
 * @param provenance of each model's losses
 */
public record LossPca(
    List<PcaTrajectory> trajectories,
    double[] explained,
    double[][] axes,
    double[] mean,
    List<Provenance> provenance) {

  /**
   * Copies the arrays.
   *
   * @param trajectories of the models, in the order given
   * @param explained share of the variance that each component explains, the largest first; copied
   * @param axes [component][example], of length 1 and orthogonal; copied
   * @param mean the losses that the components are of the difference from; copied
   * @param provenance of each model's losses
   */
  public LossPca {
    trajectories = List.copyOf(trajectories);
    explained = explained.clone();
    axes = Arrays.stream(axes).map(double[]::clone).toArray(double[][]::new);
    mean = mean.clone();
    provenance = List.copyOf(provenance);
  }

  /**
   * Analyses trainings jointly. Each snapshot counts alike, so give models as many.
   *
   * @param models losses of each on the same tokens
   * @param components how many to keep, at least 1
   * @return the components
   * @throws IllegalArgumentException if there are no models, they were measured on different
   *     tokens, snapshots do not differ, or there are fewer snapshots or tokens than components
   */
  public static LossPca of(List<LossTrajectory> models, int components) {
    requireSameTokens(models);
    double[][] rows =
        models.stream().flatMap(m -> Arrays.stream(m.losses())).toArray(double[][]::new);
    if (components < 1 || components > Math.min(rows.length, rows[0].length)) {
      throw new IllegalArgumentException(
          "principal components: cannot keep %d of %d snapshots of %d losses"
              .formatted(components, rows.length, rows[0].length));
    }
    double[] mean = centre(rows);
    // X = U S V^T: the points are X V = U S, the variances S^2
    INDArray identity = Nd4j.eye(rows.length).castTo(DataType.DOUBLE);
    Svd svd = new FactoredMatrix(identity, Nd4j.createFromArray(rows)).svd();
    double[] variances = Arrays.stream(svd.s()).map(s -> s * s).toArray();
    double total = Arrays.stream(variances).sum();
    if (!(total > 0)) {
      throw new IllegalArgumentException(
          "principal components: all %d snapshots have the same losses".formatted(rows.length));
    }
    double[][] axes = new double[components][];
    for (int c = 0; c < components; c++) {
      axes[c] = withPositiveSum(svd.v().getColumn(c).dup().toDoubleVector());
    }
    return new LossPca(
        models.stream().map(m -> project(m, axes, mean)).toList(),
        Arrays.stream(variances).limit(components).map(v -> v / total).toArray(),
        axes,
        mean,
        models.stream().map(LossTrajectory::provenance).toList());
  }

  /**
   * Places other losses of the same tokens, such as those of an ablated model.
   *
   * @param losses one for each example
   * @return a coordinate for each component
   * @throws IllegalArgumentException if there are more or fewer
   */
  public double[] project(double[] losses) {
    if (losses.length != mean.length) {
      throw new IllegalArgumentException(
          "principal components of %d per-token losses cannot place %d"
              .formatted(mean.length, losses.length));
    }
    return project(losses, axes, mean);
  }

  /**
   * The shares of the variance.
   *
   * @return one for each component, a copy
   */
  @Override
  public double[] explained() {
    return explained.clone();
  }

  /**
   * The components.
   *
   * @return [component][example], a copy
   */
  @Override
  public double[][] axes() {
    return Arrays.stream(axes).map(double[]::clone).toArray(double[][]::new);
  }

  /**
   * The mean losses.
   *
   * @return one for each example, a copy
   */
  @Override
  public double[] mean() {
    return mean.clone();
  }

  /**
   * Renders trajectories and variances; the axes are as long as there are tokens and are left out.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("explained", JsonNumbers.of(explained));
    JsonArray paths = new JsonArray();
    trajectories.forEach(path -> paths.add(path.toJson()));
    json.add("trajectories", paths);
    JsonArray sources = new JsonArray();
    provenance.forEach(source -> sources.add(source.toJson()));
    json.add("provenance", sources);
    return json;
  }

  /** What the components explain, and a line for each model. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder("principal components of %d per-token losses:".formatted(mean.length));
    for (double share : explained) {
      text.append(" %.1f%%".formatted(100 * share));
    }
    trajectories.forEach(path -> text.append("%n%s".formatted(path)));
    return text.toString();
  }

  private static PcaTrajectory project(LossTrajectory model, double[][] axes, double[] mean) {
    List<double[]> points = new ArrayList<>();
    for (double[] losses : model.losses()) {
      points.add(project(losses, axes, mean));
    }
    return new PcaTrajectory(model.name(), model.moments(), points.toArray(double[][]::new));
  }

  private static double[] project(double[] losses, double[][] axes, double[] mean) {
    double[] point = new double[axes.length];
    for (int c = 0; c < point.length; c++) {
      for (int e = 0; e < mean.length; e++) {
        point[c] += axes[c][e] * (losses[e] - mean[e]);
      }
    }
    return point;
  }

  /** Takes the mean row from every row, and returns it. */
  private static double[] centre(double[][] rows) {
    double[] mean = new double[rows[0].length];
    for (double[] row : rows) {
      for (int e = 0; e < mean.length; e++) {
        mean[e] += row[e] / rows.length;
      }
    }
    for (double[] row : rows) {
      for (int e = 0; e < mean.length; e++) {
        row[e] -= mean[e];
      }
    }
    return mean;
  }

  private static double[] withPositiveSum(double[] axis) {
    double sign = Arrays.stream(axis).sum() < 0 ? -1 : 1;
    return Arrays.stream(axis).map(x -> sign * x).toArray();
  }

  private static void requireSameTokens(List<LossTrajectory> models) {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("principal components: there are no models");
    }
    LossTrajectory first = models.get(0);
    for (LossTrajectory model : models) {
      if (model.losses()[0].length != first.losses()[0].length
          || !model.provenance().sha256().equals(first.provenance().sha256())
          || !model.provenance().seed().equals(first.provenance().seed())) {
        throw new IllegalArgumentException(
            "principal components: %s was measured on %s, %s on %s; use one probe"
                .formatted(model.name(), model.provenance(), first.name(), first.provenance()));
      }
    }
  }
}
