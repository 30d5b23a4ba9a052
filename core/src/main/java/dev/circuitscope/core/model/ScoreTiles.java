package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Kernels;
import dev.circuitscope.core.array.Scratch;
import java.util.Arrays;

/**
 * Rows of attention scores, a tile of destinations at a time on the heap: how they are masked and
 * become rows of a pattern.
 *
 * <p>A row is as many whole vectors as hold its sources, and is gone through in whole vectors: what
 * is masked becomes 0 like any other score of -infinity. So a row's bits do not depend on how many
 * sources come after its destination.
 */
final class ScoreTiles {

  /** Destinations of a tile. */
  static final int ROWS = 64;

  /** Scores of a row are gone through in multiples of this, the lanes of a vector or more. */
  private static final int WHOLE = 16;

  private static final Kernels KERNELS = Kernels.best();

  private final int start;
  private final int sources;
  private final int width;

  /** Of destinations from position {@code start} on, over so many sources. */
  ScoreTiles(int start, int sources) {
    this.start = start;
    this.sources = sources;
    this.width = (sources + WHOLE - 1) / WHOLE * WHOLE;
  }

  /** How far apart the rows of a tile are. */
  int width() {
    return width;
  }

  /** A tile with arbitrary contents, the calling thread's until it asks again. */
  float[] tile() {
    return Scratch.tile(0, ROWS * width);
  }

  /**
   * Puts -infinity where the rows of destinations {@code first} to {@code end - 1} have no source:
   * beyond the sequence, and beyond the destination itself if causal.
   */
  void mask(float[] tile, int first, int end, boolean causal) {
    for (int i = first; i < end; i++) {
      int row = (i - first) * width;
      int from = causal ? start + i + 1 : sources;
      Arrays.fill(tile, row + from, row + width, Float.NEGATIVE_INFINITY);
    }
  }

  /** pattern[i, j] = exp(s_ij - max) / sum_j exp(s_ij - max) of masked rows, in place. */
  void softmax(float[] tile, int first, int end, boolean causal) {
    for (int i = first; i < end; i++) {
      int row = (i - first) * width;
      int n = causal ? ((start + i) / WHOLE + 1) * WHOLE : width;
      float inverse = 1 / KERNELS.expSum(tile, row, n, KERNELS.max(tile, row, n));
      for (int j = row; j < row + n; j++) {
        tile[j] *= inverse;
      }
      Arrays.fill(tile, row + n, row + width, 0);
    }
  }
}
