package dev.circuitscope.core.sweep;

import dev.circuitscope.core.array.Parallel;
import java.io.IOException;

/**
 * Runs cells on the library's thread pool, in one of two ways with the same results.
 *
 * <p>{@link #acrossCells()} gives each thread a cell of its own, and loops inside a cell keep to
 * that thread: nothing waits for anything, so it suits many cells that are each small beside the
 * sweep. {@link #oneByOne()} gives one cell after the other all threads: it suits few cells, or
 * cells whose memory should not be there several times.
 *
 * <p>When the calling thread is interrupted, the threads of the cells under way are interrupted,
 * too, and waited for: a training stops at its next step or loss, and code that does not look at
 * interruptions finishes its cell, which is then kept.
 */
public final class LocalExecutor implements SweepExecutor {

  private static final LocalExecutor ACROSS_CELLS = new LocalExecutor(true);
  private static final LocalExecutor ONE_BY_ONE = new LocalExecutor(false);

  private final boolean acrossCells;

  private LocalExecutor(boolean acrossCells) {
    this.acrossCells = acrossCells;
  }

  /**
   * As many cells at once as {@link Parallel#threads()}.
   *
   * @return the executor
   */
  public static LocalExecutor acrossCells() {
    return ACROSS_CELLS;
  }

  /**
   * One cell at a time, in order, each on all threads.
   *
   * @return the executor
   */
  public static LocalExecutor oneByOne() {
    return ONE_BY_ONE;
  }

  @Override
  public void run(SweepJob job, int[] cells, Sink sink) throws InterruptedException, IOException {
    LocalRun run = new LocalRun(job, cells);
    Thread leader = new Thread(() -> run.lead(acrossCells), "circuitscope-sweep " + job.name());
    leader.setDaemon(true);
    leader.start();
    run.deliver(leader, sink);
  }
}
