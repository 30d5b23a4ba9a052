package dev.circuitscope.core.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** A sweep in a process of its own, for a test to kill. */
final class KilledSweep {

  static final int CELLS = 40;

  private static final Axis<Integer> N =
      new Axis<>("n", IntStream.range(0, CELLS).boxed().toList());

  private KilledSweep() {}

  /** Later cells of a pair are quicker, so that cells finish out of order. */
  static Sweep<Double> sweep(int millis) {
    return Sweeps.quiet(
        Sweep.of(
            "killed",
            Grid.product(N),
            Double.class,
            cell -> {
              Thread.sleep(cell.index() % 2 == 0 ? 2L * millis : millis);
              return Math.sin(cell.seed(1L));
            }));
  }

  public static void main(String[] arguments) throws IOException {
    sweep(Integer.parseInt(arguments[1])).file(Path.of(arguments[0])).run();
  }
}
