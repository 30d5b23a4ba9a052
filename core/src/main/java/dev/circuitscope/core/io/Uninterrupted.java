package dev.circuitscope.core.train;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Runs what writes files through channels, which fail in an interrupted thread, to its end; the
 * interruption is still there afterwards.
 */
final class Uninterrupted {

  private Uninterrupted() {}

  /** Something that can be begun again if it fails. */
  interface Action {
    void run() throws IOException;
  }

  static void run(Action action) throws IOException {
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
