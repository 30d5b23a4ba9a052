package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Scratch;

/** Sums of activations, tile by tile. */
final class Elementwise {

  private Elementwise() {}

  /** out = a + b for n rows of width d. */
  static void sum(int d, FloatBlock a, FloatBlock b, FloatBlock out, int first, int n) {
    Rows.inTiles(
        first,
        n,
        d,
        (from, count) -> {
          int size = count * d;
          float[] x = Scratch.tile(0, size);
          float[] y = Scratch.tile(1, size);
          a.read(from * d, x, 0, size);
          b.read(from * d, y, 0, size);
          for (int i = 0; i < size; i++) {
            x[i] += y[i];
          }
          out.write(from * d, x, 0, size);
        });
  }

  /** to += from for n rows of width d. */
  static void add(int d, FloatBlock from, FloatBlock to, int first, int n) {
    sum(d, to, from, to, first, n);
  }

  /** Each of n rows of width d is the sum of {@code times} rows. */
  static void sumCopies(FloatBlock from, FloatBlock to, int d, int times, int first, int n) {
    to.clear(first * d, n * d);
    addCopies(from, to, d, times, first, n);
  }

  /** Each of n rows of width d, as many times in a row. */
  static void repeat(FloatBlock from, FloatBlock to, int d, int times, int first, int n) {
    float[] row = Scratch.tile(0, d);
    for (int r = first; r < first + n; r++) {
      from.read(r * d, row, 0, d);
      for (int t = 0; t < times; t++) {
        to.write((r * times + t) * d, row, 0, d);
      }
    }
  }

  /**
   * Adds to each of n rows of width d its {@code times} copies: the gradient of {@link #repeat}.
   */
  static void addCopies(FloatBlock from, FloatBlock to, int d, int times, int first, int n) {
    float[] sum = Scratch.tile(0, d);
    float[] copies = Scratch.tile(1, times * d);
    for (int r = first; r < first + n; r++) {
      to.read(r * d, sum, 0, d);
      from.read(r * times * d, copies, 0, times * d);
      for (int t = 0; t < times; t++) {
        for (int i = 0; i < d; i++) {
          sum[i] += copies[t * d + i];
        }
      }
      to.write(r * d, sum, 0, d);
    }
  }
}
