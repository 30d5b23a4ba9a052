package dev.circuitscope.core.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ParallelTest {

  private final int before = Parallel.threads();

  @AfterEach
  void restore() {
    Parallel.setThreads(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void everyTaskRunsExactlyOnceAndIsDoneOnReturn(int threads) {
    Parallel.setThreads(threads);
    for (int tasks : new int[] {0, 1, 2, 3, 64, 1000}) {
      AtomicIntegerArray runs = new AtomicIntegerArray(Math.max(1, tasks));
      Parallel.forEach(tasks, runs::incrementAndGet);
      for (int i = 0; i < tasks; i++) {
        assertThat(runs.get(i)).isEqualTo(1);
      }
    }
  }

  @Test
  void theThreadsReallyShareTheTasks() {
    Parallel.setThreads(3);
    threeThreadsMeet();
  }

  private static void threeThreadsMeet() {
    CountDownLatch allThere = new CountDownLatch(3);
    Parallel.forEach(
        3,
        i -> {
          allThere.countDown();
          try {
            assertThat(allThere.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(allThere.getCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anExceptionOfATaskReachesTheCallerAndTheNextLoopRuns(int threads) {
    Parallel.setThreads(threads);
    for (int round = 0; round < 50; round++) {
      int bad = round;
      assertThatThrownBy(
              () ->
                  Parallel.forEach(
                      50,
                      i -> {
                        if (i == bad) {
                          throw new IllegalArgumentException("task " + i);
                        }
                      }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("task " + bad);
    }
    AtomicInteger sum = new AtomicInteger();
    Parallel.forEach(10, sum::addAndGet);
    assertThat(sum).hasValue(45);
  }

  @Test
  void anErrorOfATaskReachesTheCallerToo() {
    Parallel.setThreads(2);
    assertThatThrownBy(
            () ->
                Parallel.forEach(
                    8,
                    i -> {
                      throw new AssertionError("wrong");
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessage("wrong");
  }

  @Test
  void noTaskIsLeftRunningAfterAnException() {
    Parallel.setThreads(2);
    AtomicInteger running = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Parallel.forEach(
                    100,
                    i -> {
                      running.incrementAndGet();
                      try {
                        if (i == 3) {
                          throw new IllegalStateException("stop");
                        }
                        Thread.yield();
                      } finally {
                        running.decrementAndGet();
                      }
                    }))
        .hasMessage("stop");
    assertThat(running).hasValue(0);
  }

  @Test
  void aLoopInsideATaskRunsAllItsTasks() {
    Parallel.setThreads(3);
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    Parallel.forEach(7, i -> Parallel.forEach(11, j -> seen.add(i * 11 + j)));
    assertThat(seen).hasSize(77);
  }

  @Test
  void aLoopOfAThreadThatIsToItselfKeepsToThatThread() {
    Parallel.setThreads(3);
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    int result =
        Parallel.inThisThread(
            () -> {
              Parallel.forEach(50, i -> seen.add(Thread.currentThread()));
              Parallel.inThisThread(() -> 0);
              Parallel.forEach(50, i -> seen.add(Thread.currentThread()));
              return 7;
            });
    assertThat(result).isEqualTo(7);
    assertThat(seen).containsExactly(Thread.currentThread());
    assertThatThrownBy(
            () ->
                Parallel.inThisThread(
                    () -> {
                      throw new IllegalStateException("wrong");
                    }))
        .hasMessage("wrong");
    threeThreadsMeet();
  }

  @Test
  void loopsOfSeveralCallersAtOnceAllFinish() throws Exception {
    Parallel.setThreads(2);
    ExecutorService callers = Executors.newFixedThreadPool(4);
    try {
      AtomicInteger total = new AtomicInteger();
      var done = new java.util.ArrayList<Future<?>>();
      for (int c = 0; c < 4; c++) {
        done.add(
            callers.submit(
                () -> {
                  for (int round = 0; round < 200; round++) {
                    Parallel.forEach(9, i -> total.incrementAndGet());
                  }
                }));
      }
      for (Future<?> future : done) {
        future.get();
      }
      assertThat(total).hasValue(4 * 200 * 9);
    } finally {
      callers.shutdown();
    }
  }

  @Test
  void manyShortLoopsLoseNoWakeUp() {
    Parallel.setThreads(2);
    AtomicInteger total = new AtomicInteger();
    for (int round = 0; round < 20_000; round++) {
      Parallel.forEach(2, i -> total.incrementAndGet());
    }
    assertThat(total).hasValue(40_000);
  }

  @Test
  void theNumberOfThreadsIsAtLeastOne() {
    assertThatThrownBy(() -> Parallel.setThreads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0");
    Parallel.setThreads(4);
    assertThat(Parallel.threads()).isEqualTo(4);
  }
}
