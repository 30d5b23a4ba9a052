package dev.circuitscope.core.sweep;

/**
 * Hears of cells as they finish.
 *
 * @param <R> type of a row of results
 */
@FunctionalInterface
public interface SweepListener<R> {

  /**
   * Called after a cell is in the file, by the thread that runs the sweep, in the order in which
   * cells finish. An exception thrown here stops the sweep; finished cells are kept.
   *
   * @param result of the cell
   * @param progress of the sweep
   */
  void onCell(CellResult<R> result, SweepProgress progress);
}
