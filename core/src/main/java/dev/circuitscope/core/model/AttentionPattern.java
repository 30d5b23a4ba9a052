package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Kernels;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.array.Scratch;
import dev.circuitscope.core.hook.HookPoint;
import java.util.Arrays;

/**
 * Attention of every head: scores = q k^T / sqrt(d_head), pattern = softmax(scores) over sources up
 * to the destination (all sources, if attention is bidirectional), z = pattern v. Query heads of a
 * group read the same keys and values.
 *
 * <p>One task is one head of one example. It goes through tiles of destinations and leaves out
 * whatever lies above the diagonal of the tile, if that is masked.
 */
final class AttentionPattern {

  private static final int TILE = 64;
  private static final Kernels KERNELS = Kernels.best();

  private final Tape acts;
  private final HookPoint scoresPoint;
  private final HookPoint patternPoint;
  private final int heads;
  private final int group;
  private final int dHead;
  private final boolean causal;
  private final int pos;
  private final int tasks;
  private final float alpha;
  private final FloatBlock q;
  private final FloatBlock k;
  private final FloatBlock v;

  AttentionPattern(TransformerConfig config, Tape acts, int layer, HeadVectors vectors) {
    this.acts = acts;
    this.scoresPoint = HookPoint.attnScores(layer);
    this.patternPoint = HookPoint.pattern(layer);
    this.heads = config.nHeads();
    this.group = config.attention().group();
    this.dHead = config.dHead();
    this.causal = config.attention().causal();
    this.pos = acts.rows().pos();
    this.tasks = acts.rows().batch() * heads;
    this.alpha = (float) config.attention().scale();
    this.q = acts.at(vectors.queries());
    this.k = acts.at(vectors.keys());
    this.v = acts.at(HookPoint.v(layer));
  }

  /** Fills scores (if wanted), the pattern and z; z's own hooks are the caller's to apply. */
  void forward(FloatBlock z) {
    // The softmax's gradient needs the pattern as it was before hooks; the scores give it again.
    boolean keepScores = acts.wanted(scoresPoint) || acts.hooked(patternPoint);
    FloatBlock scores = keepScores ? acts.create(scoresPoint) : null;
    FloatBlock pattern = acts.create(patternPoint);
    acts.inPhases(
        tasks,
        task -> {
          Matrix s = square(keepScores ? scores : pattern, task);
          scores(task, s);
          if (keepScores && causal) {
            mask(s);
          }
        },
        scoresPoint,
        task -> softmax(square(keepScores ? scores : pattern, task), square(pattern, task)),
        patternPoint,
        task -> weighValues(square(pattern, task), keyed(v, task), head(z, task)));
  }

  /**
   * From dz to the gradients of q, and for every query head of k and v, and on the way of the
   * pattern and the scores.
   */
  void backward(Tape grads, FloatBlock dz, FloatBlock dq, FloatBlock dk, FloatBlock dv) {
    boolean keep = grads.wanted(patternPoint) || grads.wanted(scoresPoint);
    FloatBlock dPattern = keep ? grads.create(patternPoint) : null;
    FloatBlock dScores = keep ? grads.create(scoresPoint) : null;
    FloatBlock pattern = acts.at(patternPoint);
    grads.inPhases(
        tasks,
        task -> {
          patternGradient(keep, head(dz, task), keyed(v, task), gradient(dPattern, task));
          valueGradient(square(pattern, task), head(dz, task), head(dv, task));
        },
        patternPoint,
        task -> softmaxGradient(task, gradient(dPattern, task), gradient(dScores, task), keep),
        scoresPoint,
        task -> {
          Matrix ds = gradient(dScores, task);
          if (grads.hooked(scoresPoint) && causal) {
            zeroAboveDiagonal(ds);
          }
          queryAndKeyGradient(task, ds, head(dq, task), head(dk, task));
        });
  }

  /** scores[i, j] = q_i . k_j / sqrt(d_head) for j up to the end of i's tile, or all j. */
  private void scores(int task, Matrix s) {
    for (int i = 0; i < pos; i += TILE) {
      int end = Math.min(pos, i + TILE);
      Blas.gemm(
          alpha,
          head(q, task).rows(i, end),
          keyed(k, task).rows(0, sources(end)).t(),
          0,
          s.rows(i, end).cols(0, sources(end)));
    }
  }

  private void mask(Matrix s) {
    float[] masked = Scratch.tile(0, pos);
    Arrays.fill(masked, 0, pos, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < pos; i++) {
      s.block().write(s.from() + i * pos + i + 1, masked, 0, pos - i - 1);
    }
  }

  /** How many sources have scores that are not masked for some destination before {@code end}. */
  private int sources(int end) {
    return causal ? end : pos;
  }

  /** How many sources destination i may have: up to itself, unless a hook unmasked scores. */
  private int readable(int i) {
    return acts.hooked(scoresPoint) ? pos : sources(i + 1);
  }

  /** Whether there may be sources after their destination, which a hook can give too. */
  private boolean mayLookAhead() {
    return !causal || acts.hooked(scoresPoint) || acts.hooked(patternPoint);
  }

  /** pattern[i, j] = exp(s_ij - max) / sum_j exp(s_ij - max) for j <= i, else 0. */
  private void softmax(Matrix s, Matrix pattern) {
    float[] tile = Scratch.tile(0, TILE * pos);
    for (int i = 0; i < pos; i += TILE) {
      int end = Math.min(pos, i + TILE);
      softmaxTile(s, i, end, tile);
      pattern.rows(i, end).write(tile);
    }
  }

  private void softmaxTile(Matrix s, int first, int end, float[] tile) {
    for (int i = first; i < end; i++) {
      int row = (i - first) * pos;
      int n = readable(i);
      s.block().read(s.from() + i * pos, tile, row, n);
      float sum = KERNELS.expSum(tile, row, n, KERNELS.max(tile, row, n));
      float inverse = 1 / sum;
      for (int j = row; j < row + n; j++) {
        tile[j] *= inverse;
      }
      Arrays.fill(tile, row + n, row + pos, 0);
    }
  }

  /** z_i = sum_j pattern[i, j] v_j. */
  private void weighValues(Matrix pattern, Matrix v, Matrix z) {
    for (int i = 0; i < pos; i += TILE) {
      int end = Math.min(pos, i + TILE);
      int sources = mayLookAhead() ? pos : end;
      Blas.gemm(1, pattern.rows(i, end).cols(0, sources), v.rows(0, sources), 0, z.rows(i, end));
    }
  }

  /** dpattern[i, j] = dz_i . v_j, for all j if it is to be seen. */
  private void patternGradient(boolean all, Matrix dz, Matrix v, Matrix dPattern) {
    for (int i = 0; i < pos; i += TILE) {
      int end = Math.min(pos, i + TILE);
      int sources = all ? pos : sources(end);
      Blas.gemm(
          1, dz.rows(i, end), v.rows(0, sources).t(), 0, dPattern.rows(i, end).cols(0, sources));
    }
  }

  /** dv_j = sum_i pattern[i, j] dz_i. */
  private void valueGradient(Matrix pattern, Matrix dz, Matrix dv) {
    for (int j = 0; j < pos; j += TILE) {
      int end = Math.min(pos, j + TILE);
      int first = mayLookAhead() ? 0 : j;
      Blas.gemm(
          1, pattern.rows(first, pos).cols(j, end).t(), dz.rows(first, pos), 0, dv.rows(j, end));
    }
  }

  /** dscores[i, j] = p_ij (dp_ij - sum_j p_ij dp_ij). */
  private void softmaxGradient(int task, Matrix dPattern, Matrix dScores, boolean wholeRows) {
    float[] p = Scratch.tile(0, TILE * pos);
    float[] g = Scratch.tile(1, TILE * pos);
    for (int i = 0; i < pos; i += TILE) {
      int end = Math.min(pos, i + TILE);
      int width = wholeRows ? pos : sources(end);
      if (acts.hooked(patternPoint)) {
        softmaxTile(square(acts.at(scoresPoint), task), i, end, p);
      } else {
        square(acts.at(patternPoint), task).rows(i, end).read(p);
      }
      dPattern.rows(i, end).cols(0, width).read(g);
      for (int r = i; r < end; r++) {
        int ofP = (r - i) * pos;
        int ofG = (r - i) * width;
        int n = readable(r);
        float mean = KERNELS.dot(p, ofP, g, ofG, n);
        for (int j = 0; j < n; j++) {
          g[ofG + j] = p[ofP + j] * (g[ofG + j] - mean);
        }
        Arrays.fill(g, ofG + n, ofG + width, 0);
      }
      dScores.rows(i, end).cols(0, width).write(g);
    }
  }

  /** dq_i = sum_j ds_ij k_j / sqrt(d_head), dk_j = sum_i ds_ij q_i / sqrt(d_head). */
  private void queryAndKeyGradient(int task, Matrix ds, Matrix dq, Matrix dk) {
    for (int i = 0; i < pos; i += TILE) {
      int end = Math.min(pos, i + TILE);
      Blas.gemm(
          alpha,
          ds.rows(i, end).cols(0, sources(end)),
          keyed(k, task).rows(0, sources(end)),
          0,
          dq.rows(i, end));
      int first = causal ? i : 0;
      Blas.gemm(
          alpha,
          ds.rows(first, pos).cols(i, end).t(),
          head(q, task).rows(first, pos),
          0,
          dk.rows(i, end));
    }
  }

  private void zeroAboveDiagonal(Matrix ds) {
    for (int i = 0; i < pos; i++) {
      ds.block().clear(ds.from() + i * pos + i + 1, pos - i - 1);
    }
  }

  /** One head of one example out of [batch, pos, head, d_head]. */
  private Matrix head(FloatBlock block, int task) {
    int width = heads * dHead;
    return block.matrix(task / heads * pos * width + task % heads * dHead, pos, dHead, width);
  }

  /** What a query head of one example reads out of keys or values [batch, pos, kv_head, d_head]. */
  private Matrix keyed(FloatBlock block, int task) {
    int width = heads / group * dHead;
    int head = task % heads / group;
    return block.matrix(task / heads * pos * width + head * dHead, pos, dHead, width);
  }

  /** One head of one example out of [batch, head, dest, src]. */
  private Matrix square(FloatBlock block, int task) {
    return block.matrix(task * pos * pos, pos, pos);
  }

  private Matrix gradient(FloatBlock kept, int task) {
    return kept == null ? Scratch.block(pos * pos).matrix(0, pos, pos) : square(kept, task);
  }
}
