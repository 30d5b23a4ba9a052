package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import java.util.Arrays;

/**
 * Queries, keys or values of all heads that have their own: q = x W_Q + b_Q [batch, pos, head,
 * d_head]. Its input is one row per position, or, when the heads' inputs differ, one per position
 * and head.
 */
final class Projection {

  private final int heads;
  private final int dHead;
  private final int dModel;
  private final Matrix w;
  private final float[] b;
  private final FloatBlock x;
  private final boolean perHead;

  Projection(TransformerConfig config, int heads, Weights weights, String suffix, Input input) {
    this.heads = heads;
    this.dHead = config.dHead();
    this.dModel = config.dModel();
    this.w = weights.matrix(suffix.formatted("W"));
    this.b = weights.vector(suffix.formatted("b"));
    this.x = input.x();
    this.perHead = input.perHead();
  }

  /** What a projection reads: [batch, pos, d_model], or [batch, pos, head, d_model]. */
  record Input(FloatBlock x, boolean perHead) {}

  void forward(FloatBlock y, int first, int n) {
    if (!perHead) {
      Linear.forward(shared(x, first, n), w, b, rows(y, first, n));
      return;
    }
    for (int h = 0; h < heads; h++) {
      float[] bias = Arrays.copyOfRange(b, h * dHead, (h + 1) * dHead);
      Linear.forward(ofHead(x, h, first, n), columns(w, h), bias, columns(rows(y, first, n), h));
    }
  }

  /** dx = beta dx + dy W^T. */
  void inputGradient(FloatBlock dy, float beta, FloatBlock dx, int first, int n) {
    if (!perHead) {
      Linear.inputGradient(rows(dy, first, n), w, beta, shared(dx, first, n));
      return;
    }
    for (int h = 0; h < heads; h++) {
      Linear.inputGradient(
          columns(rows(dy, first, n), h), columns(w, h), beta, ofHead(dx, h, first, n));
    }
  }

  void weightGradient(FloatBlock dy, Matrix dw, Matrix db, int count, Jobs jobs) {
    if (!perHead) {
      Linear.weightGradient(shared(x, 0, count), rows(dy, 0, count), dw, db, jobs);
      return;
    }
    for (int h = 0; h < heads; h++) {
      Linear.weightGradient(
          ofHead(x, h, 0, count),
          columns(rows(dy, 0, count), h),
          columns(dw, h),
          columns(db, h),
          jobs);
    }
  }

  private Matrix shared(FloatBlock block, int first, int n) {
    return block.matrix(first * dModel, n, dModel);
  }

  private Matrix ofHead(FloatBlock block, int head, int first, int n) {
    return block.matrix((first * heads + head) * dModel, n, dModel, heads * dModel);
  }

  private Matrix rows(FloatBlock block, int first, int n) {
    return block.matrix(first * heads * dHead, n, heads * dHead);
  }

  private Matrix columns(Matrix m, int head) {
    return m.cols(head * dHead, (head + 1) * dHead);
  }
}
