package dev.circuitscope.examples.cli;

import dev.circuitscope.examples.reproduction.Progress;
import java.io.Console;
import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows progress: bars that move at a terminal, a line every tenth of the way elsewhere. */
final class ConsoleProgress implements Progress {

  private static final int MILLIS = 500;
  private static final int LINES = 10;

  private final PrintWriter out;
  private final boolean terminal = atTerminal();

  ConsoleProgress(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public Bar start(String task, long units, String unit) {
    return terminal ? new Moving(task, units, unit) : new Lines(task, units, unit);
  }

  /** A bar on standard error. */
  private static final class Moving implements Bar {
    private final ProgressBar bar;

    Moving(String task, long units, String unit) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(units)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(MILLIS)
              .setUnit(" " + unit, 1)
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .build();
    }

    @Override
    public void update(long done, String detail) {
      bar.stepTo(done);
      bar.setExtraMessage(" " + detail);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** A line now and then. */
  private final class Lines implements Bar {
    private final String task;
    private final long units;
    private final String unit;
    private final long start = System.nanoTime();
    private long next = 1;

    Lines(String task, long units, String unit) {
      this.task = task;
      this.units = units;
      this.unit = unit;
    }

    @Override
    public void update(long done, String detail) {
      if (done * LINES >= next * units) {
        next = done * LINES / units + 1;
        say(
            "%s: %,d of %,d %s, %.0f s%s"
                .formatted(
                    task,
                    done,
                    units,
                    unit,
                    (System.nanoTime() - start) * 1e-9,
                    detail.isEmpty() ? "" : ", " + detail));
      }
    }

    @Override
    public void close() {}
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
