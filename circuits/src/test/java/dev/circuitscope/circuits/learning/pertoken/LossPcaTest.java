package dev.circuitscope.circuits.learning.pertoken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.learning.snapshots.MemorySnapshots;
import dev.circuitscope.circuits.learning.snapshots.SnapshotProgress;
import dev.circuitscope.circuits.learning.snapshots.TrainingMoment;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LossPcaTest {

  private static final TransformerConfig SHAPE =
      TransformerConfig.attentionOnly(1).heads(1).dModel(4).vocab(5).context(6).build();

  private static LossTrajectory trajectory(String name, double[][] losses) {
    List<TrainingMoment> moments = new ArrayList<>();
    for (int i = 0; i < losses.length; i++) {
      moments.add(new TrainingMoment(10L * i, 100L * i));
    }
    return new LossTrajectory(name, moments, losses, Provenance.ofWeights(SHAPE));
  }

  private static double[][] random(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] values = new double[rows][];
    for (int i = 0; i < rows; i++) {
      values[i] = random.doubles(columns, 0, 5).toArray();
    }
    return values;
  }

  @Nested
  class Components {

    @Test
    void arePlacedAndWeighedAsByAnotherDecomposition() {
      double[][] a = random(7, 40, 1L);
      double[][] b = random(5, 40, 2L);
      LossPca pca = LossPca.of(List.of(trajectory("a", a), trajectory("b", b)), 3);
      RealMatrix x = new Array2DRowRealMatrix(12, 40);
      for (int i = 0; i < 12; i++) {
        x.setRow(i, i < 7 ? a[i] : b[i - 7]);
      }
      for (int e = 0; e < 40; e++) {
        double mean = 0;
        for (int i = 0; i < 12; i++) {
          mean += x.getEntry(i, e) / 12;
        }
        assertThat(pca.mean()[e]).isCloseTo(mean, within(1e-12));
        for (int i = 0; i < 12; i++) {
          x.addToEntry(i, e, -mean);
        }
      }
      SingularValueDecomposition svd = new SingularValueDecomposition(x);
      double total = 0;
      for (double s : svd.getSingularValues()) {
        total += s * s;
      }
      for (int c = 0; c < 3; c++) {
        double s = svd.getSingularValues()[c];
        assertThat(pca.explained()[c]).isCloseTo(s * s / total, within(1e-12));
        double[] axis = svd.getV().getColumn(c);
        double sum = 0;
        for (double v : axis) {
          sum += v;
        }
        for (int i = 0; i < 12; i++) {
          double point = svd.getU().getEntry(i, c) * s * (sum < 0 ? -1 : 1);
          double[][] points = pca.trajectories().get(i < 7 ? 0 : 1).points();
          assertThat(points[i < 7 ? i : i - 7][c]).isCloseTo(point, within(1e-9));
        }
      }
      assertThat(pca.project(a[3])).isEqualTo(pca.trajectories().get(0).points()[3]);
      assertThat(pca.trajectories().get(1).coordinate(2)[4])
          .isEqualTo(pca.trajectories().get(1).points()[4][2]);
      assertThat(pca.toJson().get("trajectories").getAsJsonArray()).hasSize(2);
      assertThat(pca.toString().lines()).hasSize(3);
    }

    @Test
    void snapshotsOnALineHaveOne() {
      double[][] line = {{1, 2, 3}, {2, 2, 5}, {4, 2, 9}};
      LossPca pca = LossPca.of(List.of(trajectory("line", line)), 2);
      assertThat(pca.explained()[0]).isCloseTo(1, within(1e-12));
      assertThat(pca.explained()[1]).isCloseTo(0, within(1e-12));
      double[] along = pca.trajectories().get(0).coordinate(0);
      assertThat(along[1] - along[0]).isCloseTo(Math.sqrt(5), within(1e-12));
      assertThat(along[2] - along[1]).isCloseTo(2 * Math.sqrt(5), within(1e-12));
    }

    @Test
    void whatCannotBeAnalysedIsRefused() {
      LossTrajectory a = trajectory("a", random(4, 6, 1L));
      assertThatThrownBy(() -> LossPca.of(List.of(), 1)).hasMessageContaining("no models");
      assertThatThrownBy(() -> LossPca.of(List.of(a), 5)).hasMessageContaining("5 of 4 snapshots");
      assertThatThrownBy(() -> LossPca.of(List.of(a), 0)).hasMessageContaining("0 of 4");
      LossTrajectory shorter = trajectory("b", random(4, 5, 1L));
      assertThatThrownBy(() -> LossPca.of(List.of(a, shorter), 1))
          .hasMessageContaining("one probe");
      LossTrajectory still = trajectory("c", new double[3][6]);
      assertThatThrownBy(() -> LossPca.of(List.of(still), 1)).hasMessageContaining("same losses");
      LossPca pca = LossPca.of(List.of(a), 1);
      assertThatThrownBy(() -> pca.project(new double[5])).hasMessageContaining("cannot place 5");
    }
  }

  @Nested
  class Trajectories {

    @Test
    void holdTheLossesOfEverySnapshot() {
      MemorySnapshots run = new MemorySnapshots(3);
      run.observe(0, Transformer.create(SHAPE, 1L));
      run.observe(8, Transformer.create(SHAPE, 2L));
      TokenProbe probe = TokenProbe.draw(TokenProbeTest.texts(20, 6, 5, 1L), 2L);
      LossTrajectory losses = LossTrajectory.of("one", run, probe, SnapshotProgress.silent());
      assertThat(losses.moments()).isEqualTo(run.moments());
      assertThat(losses.at(8)).isEqualTo(probe.losses(run.at(8)));
      assertThat(losses.losses()[0]).isEqualTo(probe.losses(run.at(0)));
      assertThat(losses.provenance().seed()).hasValue(2L);
      assertThat(losses.toJson().get("mean_loss").getAsJsonArray()).hasSize(2);
      assertThat(losses.toString()).contains("2 snapshots of 20 per-token losses");
      assertThatThrownBy(() -> losses.at(9)).hasMessageContaining("[0, 8]");
      assertThatThrownBy(
              () ->
                  LossTrajectory.of("x", new MemorySnapshots(1), probe, SnapshotProgress.silent()))
          .hasMessageContaining("no snapshots");
    }
  }

  @Nested
  class Pivots {

    private PcaTrajectory path(double[]... points) {
      List<TrainingMoment> moments = new ArrayList<>();
      for (int i = 0; i < points.length; i++) {
        moments.add(new TrainingMoment(i, i));
      }
      return new PcaTrajectory("path", moments, points);
    }

    private double[] at(double x, double y) {
      return new double[] {x, y};
    }

    @Test
    void aCornerIsAPivotOfItsAngle() {
      PcaTrajectory corner =
          path(at(0, 0), at(1, 0), at(2, 0), at(3, 0), at(3, 1), at(3, 2), at(3, 3));
      TrajectoryPivot pivot = TrajectoryPivot.sharpest(corner, 0.2).orElseThrow();
      assertThat(pivot.index()).isEqualTo(3);
      assertThat(pivot.at()).isEqualTo(new TrainingMoment(3, 3));
      assertThat(pivot.degrees()).isCloseTo(90, within(1e-9));
      double[] turns = TrajectoryPivot.turns(corner, 0.2);
      assertThat(turns[0]).isNaN();
      assertThat(turns[1]).isCloseTo(0, within(1e-5));
      assertThat(turns[6]).isNaN();
    }

    @Test
    void jitterWithinTheRadiusIsNone() {
      PcaTrajectory jitter =
          path(
              at(0, 0),
              at(4, 0),
              at(8, 1),
              at(9.9, 6),
              at(10, 10),
              at(10.1, 10),
              at(10, 10.1),
              at(9.9, 10));
      assertThat(TrajectoryPivot.sharpest(jitter, 0.2).orElseThrow().index()).isEqualTo(2);
    }

    @Test
    void aModelThatStandsStillOrHasOneSnapshotHasNone() {
      assertThat(TrajectoryPivot.sharpest(path(at(1, 1), at(1, 1), at(1, 1)), 0.2)).isEmpty();
      assertThat(TrajectoryPivot.sharpest(path(at(1, 1)), 0.2)).isEmpty();
      assertThat(TrajectoryPivot.sharpest(path(), 0.2)).isEmpty();
      assertThatThrownBy(() -> TrajectoryPivot.sharpest(path(at(1, 1)), 0))
          .hasMessageContaining("radius");
    }
  }
}
