package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Kernels;
import dev.circuitscope.core.array.Scratch;
import java.util.Arrays;

/**
 * Next-token cross-entropy in nats: loss[b, t] = log sum_v exp(logits_v) - logits_next for t up to
 * pos - 2; the mean over all of them is the loss.
 */
final class CrossEntropy {

  private static final Kernels KERNELS = Kernels.best();

  /** Rows of the vocabulary's width on the heap at a time. */
  private static final int ROWS = 8;

  private CrossEntropy() {}

  /** Plans the loss of every position but the last, [batch, pos - 1] row-major. */
  static float[] losses(int[][] tokens, FloatBlock logits, Tape tape) {
    Rows rows = tape.rows();
    float[] losses = new float[rows.batch() * (rows.pos() - 1)];
    tape.forEach((first, n) -> rows(tokens, logits, null, rows, first, n, losses));
    return losses;
  }

  /**
   * Plans the losses, and the gradient of their mean, dlogits = (softmax(logits) - onehot(next)) /
   * count.
   *
   * @param dLogits overwritten; may be the block of the logits itself
   */
  static float[] lossesAndGradient(
      int[][] tokens, FloatBlock logits, FloatBlock dLogits, Tape tape) {
    Rows rows = tape.rows();
    float[] losses = new float[rows.batch() * (rows.pos() - 1)];
    tape.forEach((first, n) -> rows(tokens, logits, dLogits, rows, first, n, losses));
    return losses;
  }

  static double mean(float[] losses) {
    double sum = 0;
    for (float loss : losses) {
      sum += loss;
    }
    return sum / losses.length;
  }

  private static void rows(
      int[][] tokens,
      FloatBlock logits,
      FloatBlock dLogits,
      Rows rows,
      int first,
      int n,
      float[] losses) {
    int vocab = logits.length() / rows.count();
    float[] tile = Scratch.tile(0, ROWS * vocab);
    for (int from = first; from < first + n; from += ROWS) {
      int size = Math.min(ROWS, first + n - from);
      logits.read(from * vocab, tile, 0, size * vocab);
      for (int i = 0; i < size; i++) {
        row(tokens, tile, i * vocab, vocab, rows, from + i, losses, dLogits != null);
      }
      if (dLogits != null) {
        dLogits.write(from * vocab, tile, 0, size * vocab);
      }
    }
  }

  private static void row(
      int[][] tokens,
      float[] tile,
      int at,
      int vocab,
      Rows rows,
      int r,
      float[] losses,
      boolean gradient) {
    int b = r / rows.pos();
    int t = r % rows.pos();
    if (t == rows.pos() - 1) {
      Arrays.fill(tile, at, at + vocab, 0);
      return;
    }
    int next = tokens[b][t + 1];
    float max = KERNELS.max(tile, at, vocab);
    float shifted = tile[at + next] - max;
    float sum = KERNELS.expSum(tile, at, vocab, max);
    losses[b * (rows.pos() - 1) + t] = (float) Math.log(sum) - shifted;
    if (gradient) {
      float perLoss = 1f / losses.length;
      float scale = perLoss / sum;
      for (int v = at; v < at + vocab; v++) {
        tile[v] *= scale;
      }
      tile[at + next] -= perLoss;
    }
  }
}
