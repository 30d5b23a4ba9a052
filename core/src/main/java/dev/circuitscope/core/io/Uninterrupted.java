package dev.circuitscope.core.io;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Runs what writes files through channels, which fail in an interrupted thread, to its end; the
 * interruption is still there afterwards.
 *
 * <pre>{@code
 * Uninterrupted.run(() -> AtomicFiles.createDirectory(target, model::save));
 * }</pre>
 */
public final class Uninterrupted {

  private Uninterrupted() {}

  /** Something that can be begun again if it fails. */
  @FunctionalInterface
  public interface Action {
    /**
     * Writes files.
     *
     * @throws IOException if it fails
     */
    void run() throws IOException;
  }

  /**
   * Runs an action, again from its beginning whenever an interruption breaks it.
   *
   * @param action what to run; leaves nothing partial behind when it fails
   * @throws IOException if it fails for another reason
   */
  public static void run(Action action) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          action.run();
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
