package dev.circuitscope.core.model;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Drops what this thread prints to standard output until it is closed: SameDiff prints a line for
 * every operation that it differentiates. Other threads print as before; a second one that wants to
 * be quiet waits for the first.
 */
final class QuietThread implements AutoCloseable {

  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

  private final PrintStream outer = System.out;
  private final PrintStream filtered =
      new PrintStream(new Filter(outer, Thread.currentThread()), true, StandardCharsets.UTF_8);

  private QuietThread() {}

  static QuietThread start() {
    ONE_AT_A_TIME.lock();
    QuietThread quiet = new QuietThread();
    System.setOut(quiet.filtered);
    return quiet;
  }

  @Override
  public void close() {
    if (System.out == filtered) {
      System.setOut(outer);
    }
    ONE_AT_A_TIME.unlock();
  }

  private static final class Filter extends FilterOutputStream {

    private final Thread silent;

    Filter(PrintStream out, Thread silent) {
      super(out);
      this.silent = silent;
    }

    @Override
    public void write(int b) throws IOException {
      if (Thread.currentThread() != silent) {
        out.write(b);
      }
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (Thread.currentThread() != silent) {
        out.write(bytes, from, length);
      }
    }
  }
}
