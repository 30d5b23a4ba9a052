package dev.circuitscope.core.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.train.ProgressDisplay;
import java.util.List;
import java.util.SplittableRandom;

/** A sweep to test with: a random walk, whose rows hold every kind of number. */
final class Sweeps {

  static final Axis<Integer> LENGTH = Axis.of("length", 0, 1, 10, 1000);
  static final Axis<Double> DRIFT = Axis.of("drift", 0.0, 1e-3, 1 / 3.0);
  static final Grid GRID = Grid.product(LENGTH, DRIFT);

  record Row(double end, double[] extremes, float share, long seed, String sign) {}

  private Sweeps() {}

  static Row walk(Cell cell) {
    long seed = cell.seed(3L);
    SplittableRandom random = new SplittableRandom(seed);
    double at = 0;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    int positive = 0;
    for (int i = 0; i < cell.get(LENGTH); i++) {
      at += random.nextDouble() - 0.5 + cell.get(DRIFT);
      low = Math.min(low, at);
      high = Math.max(high, at);
      positive += at > 0 ? 1 : 0;
    }
    float share = (float) positive / cell.get(LENGTH); // NaN for a walk of no steps
    return new Row(at, new double[] {low, high}, share, seed, at > 0 ? "up" : "\"down\"\n< é");
  }

  /** Bit by bit; the equality of records goes by an array's identity. */
  static void assertSame(Row actual, Row expected) {
    assertThat(bits(actual)).isEqualTo(bits(expected));
  }

  private static List<Object> bits(Row row) {
    return List.of(
        Double.doubleToRawLongBits(row.end),
        Double.doubleToRawLongBits(row.extremes[0]),
        Double.doubleToRawLongBits(row.extremes[1]),
        row.extremes.length,
        Float.floatToIntBits(row.share),
        row.seed,
        row.sign);
  }

  static Sweep<Row> sweep() {
    return quiet(Sweep.of("walks", GRID, Row.class, Sweeps::walk));
  }

  static <R> Sweep<R> quiet(Sweep<R> sweep) {
    return sweep.progress(ProgressDisplay.OFF);
  }
}
