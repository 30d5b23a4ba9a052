package dev.circuitscope.toymodels.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.sweep.Axis;
import dev.circuitscope.core.sweep.Cell;
import dev.circuitscope.core.sweep.Grid;
import dev.circuitscope.core.sweep.LocalExecutor;
import dev.circuitscope.core.sweep.Sweep;
import dev.circuitscope.core.sweep.SweepResults;
import dev.circuitscope.core.train.ProgressDisplay;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyRun;
import dev.circuitscope.toymodels.superposition.ToyTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Toy models, swept")
class ToySweepTest {

  private static final Axis<Double> P = Axis.of("p", 1.0, 0.05);
  private static final Axis<Shape> SHAPE = Axis.of("shape", new Shape(2, 1), new Shape(5, 2));
  private static final int STEPS = 1500;

  private final int threads = Parallel.threads();

  @TempDir Path dir;

  record Shape(int features, int hidden) {}

  record Row(double loss, double norm, double[] dimensionality, float[][] weights) {}

  @AfterEach
  void restoreThreads() {
    Parallel.setThreads(threads);
  }

  private static Row train(Cell cell) {
    Shape shape = cell.get(SHAPE);
    ToyConfig config =
        ToyConfig.builder(shape.features(), shape.hidden())
            .geometricImportance(0.9)
            .featureProbability(cell.get(P))
            .restarts(3)
            .steps(STEPS)
            .batch(256)
            .learningRate(3e-3)
            .seed(cell.seed(7L))
            .build();
    ToyRun best = ToyTrainer.of(config).train().best(0);
    return new Row(
        best.finalLoss(),
        Arrays.stream(best.geometry().norms()).map(norm -> norm * norm).sum(),
        best.geometry().dimensionality(),
        best.model().weights());
  }

  private Sweep<Row> sweep(String file) {
    return Sweep.of("toy models", Grid.product(SHAPE, P), Row.class, ToySweepTest::train)
        .setting("steps", STEPS)
        .progress(ProgressDisplay.OFF)
        .file(dir.resolve(file));
  }

  @Test
  @DisplayName("give the same file on one thread, on two, one after the other, and resumed")
  void sameBytes() throws IOException {
    Parallel.setThreads(1);
    sweep("one").run();
    Parallel.setThreads(2);
    sweep("two").run();
    sweep("serial").executor(LocalExecutor.oneByOne()).run();
    List<String> lines = Files.readAllLines(dir.resolve("one"));
    Files.write(dir.resolve("resumed"), lines.subList(0, 3));
    sweep("resumed").run();
    for (String other : List.of("two", "serial", "resumed")) {
      assertThat(dir.resolve(other)).hasSameBinaryContentAs(dir.resolve("one"));
    }
  }

  @Test
  @DisplayName("show superposition where features are rare, and none where they are dense")
  void superposition() throws IOException {
    SweepResults<Row> results = sweep("toy").run();
    double[][] norm = results.matrix(SHAPE, P, Row::norm);
    assertThat(norm[0][0]).isEqualTo(1, within(0.1));
    assertThat(norm[1][0]).isEqualTo(2, within(0.1));
    assertThat(norm[1][1]).isGreaterThan(3);
    assertThat(results.rows().get(3).dimensionality()).hasSize(5);
  }
}
