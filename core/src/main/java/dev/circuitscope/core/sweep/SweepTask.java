package dev.circuitscope.core.sweep;

import java.io.Serializable;

/**
 * What a sweep does with a cell: usually a training, and some numbers of what came out.
 *
 * <p>It must depend on the cell alone, and on values that it captured and that never change, so
 * that it gives the same bits on any thread and machine. Several cells run at once. To be run on
 * other machines, what it captured must be {@link Serializable}.
 *
 * @param <R> type of a row of results
 */
@FunctionalInterface
public interface SweepTask<R> extends Serializable {

  /**
   * Computes a cell.
   *
   * @param cell the configuration
   * @return the results; not null
   * @throws Exception recorded as the failure of this cell; the others go on
   */
  R run(Cell cell) throws Exception;
}
