package dev.circuitscope.core.sweep;

import java.io.IOException;

/**
 * Who runs the cells of a sweep: {@link LocalExecutor} here, others on many machines. Whoever does,
 * the sweep's file ends up as the same bytes.
 */
public interface SweepExecutor {

  /** Takes finished cells. */
  @FunctionalInterface
  interface Sink {
    /**
     * Keeps a cell, in the file first.
     *
     * @param cell a finished cell
     * @throws IOException if the file cannot be written
     */
    void accept(FinishedCell cell) throws IOException;
  }

  /**
   * Runs cells in any order and returns when all are done.
   *
   * @param job what to run
   * @param cells indices of the cells
   * @param sink takes each cell once, soon after it finishes; called by the calling thread only
   * @throws InterruptedException if the calling thread is interrupted; the cells under way have
   *     been told to stop, those that had finished are in the sink, and the others are not
   * @throws IOException if the sink throws it; the cells under way have been told to stop
   */
  void run(SweepJob job, int[] cells, Sink sink) throws InterruptedException, IOException;
}
