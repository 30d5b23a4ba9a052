package dev.circuitscope.core.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.array.Parallel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SweepInterruptionTest {

  private static final int CELLS = 20;
  private static final Axis<Integer> N =
      new Axis<>("n", IntStream.range(0, CELLS).boxed().toList());

  private static final AtomicInteger INSIDE = new AtomicInteger();
  private static final Set<Thread> THREADS = ConcurrentHashMap.newKeySet();
  private static volatile CountDownLatch stuck;
  private static volatile boolean hurry;

  private final int threads = Parallel.threads();

  @TempDir Path dir;

  @BeforeEach
  void reset() {
    hurry = false;
    THREADS.clear();
  }

  @AfterEach
  void restoreThreads() {
    Parallel.setThreads(threads);
  }

  /** The first five cells are quick, the others take longer than the test may. */
  private static int slow(Cell cell) throws InterruptedException {
    INSIDE.incrementAndGet();
    THREADS.add(Thread.currentThread());
    try {
      if (cell.get(N) >= 5 && !hurry) {
        stuck.countDown();
        Thread.sleep(120_000);
      }
      return cell.get(N) * 3;
    } finally {
      INSIDE.decrementAndGet();
    }
  }

  private Sweep<Integer> sweep(String file) {
    return Sweeps.quiet(
            Sweep.of("slow", Grid.product(N), Integer.class, SweepInterruptionTest::slow))
        .file(dir.resolve(file));
  }

  @ParameterizedTest(name = "{0} threads, {1}")
  @CsvSource({"1, across cells", "3, across cells", "3, one by one"})
  void stopsAtOnceKeepsWhatIsFinishedAndGoesOnLater(int count, String way) throws Exception {
    LocalExecutor executor =
        way.equals("one by one") ? LocalExecutor.oneByOne() : LocalExecutor.acrossCells();
    Parallel.setThreads(count);
    stuck = new CountDownLatch(executor == LocalExecutor.oneByOne() ? 1 : count);
    Thread caller = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              try {
                stuck.await();
                caller.interrupt();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    interrupter.start();

    assertThatThrownBy(() -> sweep("slow.jsonl").executor(executor).run())
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("'slow' was interrupted with 5 of 20 cells finished")
        .hasMessageContaining("run it again");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(INSIDE).hasValue(0);
    List<String> lines = Files.readAllLines(dir.resolve("slow.jsonl"));
    assertThat(lines).hasSize(6).noneMatch(line -> line.contains("failure"));
    assertThat(THREADS).noneMatch(Thread::isInterrupted);

    hurry = true;
    assertThat(sweep("slow.jsonl").executor(executor).run().rows())
        .containsExactlyElementsOf(N.values().stream().map(n -> n * 3).toList());
    sweep("whole.jsonl").run();
    assertThat(dir.resolve("slow.jsonl")).hasSameBinaryContentAs(dir.resolve("whole.jsonl"));
  }

  @Test
  void waitsForCellsThatDoNotLookAtItAndKeepsThem() throws IOException {
    Parallel.setThreads(2);
    stuck = new CountDownLatch(1);
    Thread caller = Thread.currentThread();
    Sweep<Integer> deaf =
        Sweeps.quiet(Sweep.of("deaf", Grid.product(N), Integer.class, SweepInterruptionTest::deaf))
            .file(dir.resolve("deaf.jsonl"));
    assertThatThrownBy(() -> deaf.listener((result, progress) -> caller.interrupt()).run())
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Files.readAllLines(dir.resolve("deaf.jsonl")))
        .hasSizeBetween(2, CELLS)
        .noneMatch(line -> line.contains("failure"));
    assertThat(THREADS).hasSize(2).noneMatch(Thread::isInterrupted);
  }

  /** The first cell waits for another, which goes on until it is interrupted, then to its end. */
  private static int deaf(Cell cell) throws InterruptedException {
    THREADS.add(Thread.currentThread());
    if (cell.get(N) == 0) {
      stuck.await();
      return 0;
    }
    stuck.countDown();
    while (!Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
    return cell.get(N);
  }

  @Test
  void ofTheCallerBeforeItBeginsRunsNothingThatLasts() throws IOException {
    hurry = true;
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> sweep("early.jsonl").run()).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(sweep("early.jsonl").run().rows()).hasSize(CELLS);
  }
}
