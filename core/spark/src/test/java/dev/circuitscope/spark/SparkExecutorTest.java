package dev.circuitscope.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.sweep.Axis;
import dev.circuitscope.core.sweep.Cell;
import dev.circuitscope.core.sweep.Grid;
import dev.circuitscope.core.sweep.Sweep;
import dev.circuitscope.core.sweep.SweepTask;
import dev.circuitscope.core.train.ProgressDisplay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
@DisplayName("A sweep on Spark, with two threads of this process")
class SparkExecutorTest {

  private static final Axis<Integer> N = Axis.of("n", 0, 1, 2, 3, 4, 5);
  private static final Set<Integer> RAN = ConcurrentHashMap.newKeySet();
  private static CountDownLatch latch;

  private static JavaSparkContext spark;

  @TempDir Path dir;

  @BeforeAll
  static void start() {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("sweeps")
                .set("spark.ui.enabled", "false"));
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private static Sweep<Integer> sweep(SweepTask<Integer> task) {
    return Sweep.of("numbers", Grid.product(N), Integer.class, task)
        .progress(ProgressDisplay.OFF)
        .executor(SparkExecutor.of(spark));
  }

  @Test
  @DisplayName("gives the same file as here, failures included")
  void sameFile() throws IOException {
    Path here = dir.resolve("here.jsonl");
    Path there = dir.resolve("there.jsonl");
    assertThat(ToySweep.sweep().file(here).run().failures()).hasSize(4);
    ToySweep.sweep().file(there).executor(SparkExecutor.of(spark)).run();
    assertThat(there).hasSameBinaryContentAs(here);
  }

  @Test
  @DisplayName("goes on from a file that was begun elsewhere")
  void resumed() throws IOException {
    RAN.clear();
    SweepTask<Integer> task =
        cell -> {
          RAN.add(cell.index());
          return cell.get(N) * 2;
        };
    Path whole = dir.resolve("whole.jsonl");
    sweep(task).file(whole).run();
    assertThat(RAN).hasSize(6);

    RAN.clear();
    Path file = dir.resolve("begun.jsonl");
    List<String> lines = Files.readAllLines(whole);
    Files.writeString(file, String.join("\n", lines.get(0), lines.get(5), lines.get(2), "{\"ce"));
    assertThat(sweep(task).file(file).run().rows()).containsExactly(0, 2, 4, 6, 8, 10);
    assertThat(RAN).containsExactlyInAnyOrder(0, 2, 3, 5);
    assertThat(file).hasSameBinaryContentAs(whole);
  }

  @Test
  @DisplayName("hands cells over as they finish")
  void streams() throws IOException {
    latch = new CountDownLatch(1);
    List<Integer> order = new ArrayList<>();
    sweep(
            cell -> {
              if (cell.get(N) == 1 && !latch.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the other cells were not handed over");
              }
              return cell.get(N);
            })
        .listener(
            (result, progress) -> {
              order.add(result.get());
              if (progress.finished() == 5) {
                latch.countDown();
              }
            })
        .run();
    assertThat(order).hasSize(6).endsWith(1);
  }

  @Test
  @DisplayName("stops when its thread is interrupted, keeps what is finished, and goes on later")
  void interrupted() throws Exception {
    latch = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    Path file = dir.resolve("interrupted.jsonl");
    SweepTask<Integer> task =
        cell -> {
          if (cell.get(N) >= 2 && latch.getCount() > 0) {
            Thread.sleep(60_000);
          }
          return cell.get(N);
        };
    Thread caller = Thread.currentThread();
    assertThatThrownBy(
            () ->
                sweep(task)
                    .file(file)
                    .listener(
                        (result, progress) -> {
                          if (calls.incrementAndGet() == 2) {
                            caller.interrupt();
                          }
                        })
                    .run())
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("2 of 6");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Files.readAllLines(file)).hasSize(3).noneMatch(line -> line.contains("failure"));
    latch.countDown();
    assertThat(sweep(task).file(file).run().rows()).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  @DisplayName("keeps the loops of a task that has one core to its thread")
  void loops() throws IOException {
    assertThat(sweep(SparkExecutorTest::threadsOfALoop).run().rows()).containsOnly(1);
  }

  private static int threadsOfALoop(Cell cell) {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Parallel.forEach(1000, i -> threads.add(Thread.currentThread()));
    return threads.size();
  }

  @Test
  @DisplayName("says what cannot be sent")
  void unserializable() {
    Object lock = new Object();
    assertThatThrownBy(() -> sweep(cell -> lock.hashCode()).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'numbers'")
        .hasMessageContaining("java.lang.Object is not java.io.Serializable");
  }

  @Test
  @DisplayName("says that Spark gave up, and keeps what was finished")
  void givenUp() throws IOException {
    Path file = dir.resolve("stopped.jsonl");
    assertThatThrownBy(
            () ->
                sweep(
                        cell -> {
                          if (cell.get(N) == 3) {
                            spark.sc().cancelAllJobs();
                            Thread.sleep(60_000);
                          }
                          return cell.get(N);
                        })
                    .file(file)
                    .run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Spark gave sweep 'numbers' up")
        .hasMessageContaining("run it again");
    assertThat(Files.readAllLines(file)).hasSizeGreaterThan(1);
    assertThat(sweep(cell -> cell.get(N)).file(file).run().rows()).hasSize(6);
  }

  @Test
  @DisplayName("of no cells runs no job")
  void empty() throws IOException {
    Grid none = Grid.product(N).where(cell -> false);
    assertThat(
            Sweep.of("none", none, Integer.class, cell -> 1)
                .progress(ProgressDisplay.OFF)
                .executor(SparkExecutor.of(spark.sc()))
                .run()
                .rows())
        .isEmpty();
  }
}
