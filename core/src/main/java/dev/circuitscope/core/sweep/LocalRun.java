package dev.circuitscope.core.sweep;

import dev.circuitscope.core.array.Parallel;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Cells on this machine. A thread of the run's own leads the loop over them, so that the calling
 * thread is free to keep what finishes and to notice that it is interrupted.
 */
final class LocalRun {

  /** Says that no more cells will come. */
  private static final FinishedCell END = new FinishedCell(-1, false, "");

  private final SweepJob job;
  private final int[] cells;
  private final BlockingQueue<FinishedCell> finished = new LinkedBlockingQueue<>();

  /** Threads inside a cell; guarded by this, as is {@code stopped}. */
  private final Set<Thread> running = new HashSet<>();

  private boolean stopped;

  /** What ended the loop, if it was not a task; written before the end is announced. */
  private Throwable broken;

  LocalRun(SweepJob job, int[] cells) {
    this.job = job;
    this.cells = cells;
  }

  void lead(boolean acrossCells) {
    try {
      if (acrossCells) {
        Parallel.forEach(cells.length, i -> cell(cells[i]));
      } else {
        for (int cell : cells) {
          cell(cell);
        }
      }
    } catch (RuntimeException | Error e) {
      broken = e;
    } finally {
      finished.add(END);
    }
  }

  private void cell(int cell) {
    if (!enter()) {
      return;
    }
    FinishedCell done;
    boolean cut;
    try {
      done = job.run(cell);
    } finally {
      cut = leave();
    }
    // A failure after the stop is the interruption, not the cell's own.
    if (!(cut && done.failed())) {
      finished.add(done);
    }
  }

  private synchronized boolean enter() {
    if (!stopped) {
      running.add(Thread.currentThread());
    }
    return !stopped;
  }

  /** The thread belongs to the pool: no interruption meant for this cell may outlast it. */
  private synchronized boolean leave() {
    running.remove(Thread.currentThread());
    Thread.interrupted();
    return stopped;
  }

  private synchronized void stop() {
    stopped = true;
    running.forEach(Thread::interrupt);
  }

  void deliver(Thread leader, SweepExecutor.Sink sink) throws InterruptedException, IOException {
    try {
      for (FinishedCell cell; (cell = finished.take()) != END; ) {
        sink.accept(cell);
      }
      if (broken != null) {
        throw new IllegalStateException(
            "sweep '%s' broke off: %s; run it again to go on".formatted(job.name(), broken),
            broken);
      }
    } catch (InterruptedException e) {
      stop();
      joinUninterruptibly(leader);
      for (FinishedCell cell; (cell = finished.poll()) != END; ) {
        sink.accept(cell);
      }
      throw e;
    } finally {
      stop();
      joinUninterruptibly(leader);
    }
  }

  private static void joinUninterruptibly(Thread leader) {
    boolean interrupted = false;
    while (leader.isAlive()) {
      try {
        leader.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
