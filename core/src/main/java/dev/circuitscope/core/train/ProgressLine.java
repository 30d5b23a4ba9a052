package dev.circuitscope.core.train;

import java.io.Console;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A progress bar on standard error, or nothing.
 *
 * <pre>{@code
 * try (ProgressLine line = ProgressLine.start(ProgressDisplay.AUTO, "training", " steps", 0, n)) {
 *   for (int step = 1; step <= n; step++) {
 *     double loss = train(step);
 *     line.update(step, () -> " loss %.4f".formatted(loss));
 *   }
 * }
 * }</pre>
 */
public final class ProgressLine implements AutoCloseable {

  private static final int MILLIS = 500;

  /** Null when nothing is shown. */
  private final ProgressBar bar;

  private ProgressLine(ProgressBar bar) {
    this.bar = bar;
  }

  /**
   * Shows a bar, if it is to be shown.
   *
   * @param display whether
   * @param task what is under way
   * @param unit what is counted, as it follows a number: {@code " steps"}
   * @param done how many are done already
   * @param total how many there are
   * @return the bar, to be closed
   */
  public static ProgressLine start(
      ProgressDisplay display, String task, String unit, long done, long total) {
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
            .setTaskName(task)
            .setInitialMax(total)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(MILLIS)
            .setUnit(unit, 1)
            .showSpeed()
            .setConsumer(new ConsoleProgressBarConsumer(System.err))
            .build();
    bar.stepTo(done);
    return new ProgressLine(bar);
  }

  /**
   * Moves the bar.
   *
   * @param done how many are done
   * @param message gives what is written behind it, if a bar is shown
   */
  public void update(long done, Supplier<String> message) {
    if (bar != null) {
      bar.stepTo(done);
      bar.setExtraMessage(message.get());
    }
  }

  /** Ends the line. */
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
