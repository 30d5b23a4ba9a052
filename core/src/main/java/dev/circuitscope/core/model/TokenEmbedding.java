package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.array.Scratch;

/** embed[b, t] = W_E[token], and positions likewise. */
final class TokenEmbedding {

  /** Distinct tokens per task of the gradient. */
  private static final int TOKENS = 64;

  private TokenEmbedding() {}

  static void forward(int[][] tokens, Matrix wE, Rows rows, FloatBlock out, int first, int n) {
    int d = wE.cols();
    for (int r = first; r < first + n; r++) {
      int token = tokens[r / rows.pos()][r % rows.pos()];
      out.copy(r * d, wE.block(), wE.from() + token * d, d);
    }
  }

  /** dW_E[v] = sum of dOut over the places that hold token v, in order. */
  static void backward(int[][] tokens, FloatBlock dOut, Rows rows, Matrix dwE) {
    int d = dwE.cols();
    dwE.clear();
    int[] start = new int[dwE.rows() + 1];
    for (int[] example : tokens) {
      for (int token : example) {
        start[token + 1]++;
      }
    }
    for (int v = 0; v < dwE.rows(); v++) {
      start[v + 1] += start[v];
    }
    int[] next = start.clone();
    int[] places = new int[rows.count()];
    for (int r = 0; r < places.length; r++) {
      places[next[tokens[r / rows.pos()][r % rows.pos()]]++] = r;
    }
    Parallel.forEach(
        (dwE.rows() + TOKENS - 1) / TOKENS,
        task -> {
          float[] sum = Scratch.tile(0, d);
          float[] row = Scratch.tile(1, d);
          for (int v = task * TOKENS; v < Math.min(dwE.rows(), (task + 1) * TOKENS); v++) {
            if (start[v + 1] > start[v]) {
              dOut.read(places[start[v]] * d, sum, 0, d);
              for (int i = start[v] + 1; i < start[v + 1]; i++) {
                dOut.read(places[i] * d, row, 0, d);
                for (int j = 0; j < d; j++) {
                  sum[j] += row[j];
                }
              }
              dwE.block().write(dwE.from() + v * d, sum, 0, d);
            }
          }
        });
  }

  /** pos_embed[b, t] = W_pos[t]. */
  static void positions(Matrix wPos, Rows rows, FloatBlock out, int first, int n) {
    int d = wPos.cols();
    for (int r = first; r < first + n; r++) {
      out.copy(r * d, wPos.block(), wPos.from() + r % rows.pos() * d, d);
    }
  }

  /** dW_pos[t] = sum over examples of dOut[b, t]; 0 beyond the sequence. */
  static void positionsGradient(FloatBlock dOut, Rows rows, Matrix dwPos) {
    int d = dwPos.cols();
    dwPos.clear();
    Parallel.forEach(
        rows.pos(),
        t -> {
          float[] sum = Scratch.tile(0, d);
          float[] row = Scratch.tile(1, d);
          dOut.read(t * d, sum, 0, d);
          for (int b = 1; b < rows.batch(); b++) {
            dOut.read((b * rows.pos() + t) * d, row, 0, d);
            for (int j = 0; j < d; j++) {
              sum[j] += row[j];
            }
          }
          dwPos.block().write(dwPos.from() + t * d, sum, 0, d);
        });
  }
}
