package dev.circuitscope.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.sweep.Axis;
import dev.circuitscope.core.sweep.Grid;
import dev.circuitscope.core.sweep.Sweep;
import dev.circuitscope.core.train.ProgressDisplay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@DisplayName("A sweep on a cluster of two other processes")
class SparkClusterTest {

  private static JavaSparkContext spark;

  @TempDir Path dir;

  @BeforeAll
  static void start() throws IOException {
    Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local-cluster[2,1,512]")
                .setAppName("sweeps")
                .set("spark.executor.memory", "512m")
                .set("spark.ui.enabled", "false")
                .set("spark.executor.extraClassPath", classPath())
                .set(
                    "spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"));
  }

  /** Spark takes no entries that do not exist. */
  private static String classPath() {
    String separator = System.getProperty("path.separator");
    return Arrays.stream(System.getProperty("java.class.path").split(separator))
        .filter(entry -> Files.exists(Path.of(entry)))
        .collect(Collectors.joining(separator));
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @Test
  @DisplayName("gives the same file as here, failures included")
  void sameFile() throws IOException {
    Path here = dir.resolve("here.jsonl");
    Path there = dir.resolve("there.jsonl");
    ToySweep.sweep().file(here).run();
    ToySweep.sweep().file(there).executor(SparkExecutor.of(spark)).run();
    assertThat(there).hasSameBinaryContentAs(here);
  }

  @Test
  @DisplayName("runs in those processes")
  void elsewhere() throws IOException {
    List<Integer> cells = IntStream.range(0, 8).boxed().toList();
    assertThat(
            Sweep.of(
                    "processes",
                    Grid.product(new Axis<>("n", cells)),
                    Long.class,
                    cell -> {
                      Thread.sleep(200);
                      return ProcessHandle.current().pid();
                    })
                .progress(ProgressDisplay.OFF)
                .executor(SparkExecutor.of(spark))
                .run()
                .rows())
        .doesNotContain(ProcessHandle.current().pid());
  }
}
