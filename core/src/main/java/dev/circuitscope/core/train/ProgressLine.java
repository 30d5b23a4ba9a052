package dev.circuitscope.core.train;

import java.io.Console;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on standard error with the last loss, or nothing. */
final class ProgressLine implements AutoCloseable {

  private static final int MILLIS = 500;

  /** Null when nothing is shown. */
  private final ProgressBar bar;

  private ProgressLine(ProgressBar bar) {
    this.bar = bar;
  }

  static ProgressLine start(ProgressDisplay display, long step, long steps) {
    boolean shown =
        switch (display) {
          case ON -> true;
          case OFF -> false;
          case AUTO -> atTerminal();
        };
    if (!shown) {
      return new ProgressLine(null);
    }
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName("training")
            .setInitialMax(steps)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(MILLIS)
            .setUnit(" steps", 1)
            .showSpeed()
            .setConsumer(new ConsoleProgressBarConsumer(System.err))
            .build();
    bar.stepTo(step);
    return new ProgressLine(bar);
  }

  void update(long step, double loss) {
    if (bar != null) {
      bar.stepTo(step);
      bar.setExtraMessage(" loss %.4f".formatted(loss));
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  private static boolean atTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // From Java 22 on there is a console object even when output goes to a file.
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
