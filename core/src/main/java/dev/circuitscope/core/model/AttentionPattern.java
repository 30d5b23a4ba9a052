package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Kernels;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.array.Scratch;
import dev.circuitscope.core.array.SteadyProduct;
import dev.circuitscope.core.hook.HookPoint;
import java.util.Arrays;

/**
 * Attention of every head: scores = q k^T / sqrt(d_head), pattern = softmax(scores) over sources up
 * to the destination (all sources, if attention is bidirectional), z = pattern v. Query heads of a
 * group read the same keys and values.
 *
 * <p>Forward, one task is a tile of destinations of one head of one example; backward, it is the
 * whole head. What lies above the diagonal of a tile is left out, if that is masked.
 */
final class AttentionPattern {

  private static final int TILE = ScoreTiles.ROWS;
  private static final Kernels KERNELS = Kernels.best();

  private final Tape acts;
  private final HookPoint scoresPoint;
  private final HookPoint patternPoint;
  private final int heads;
  private final int group;
  private final int dHead;
  private final boolean causal;
  private final int pos;

  private final ScoreTiles rows;

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
    this.rows = new ScoreTiles(0, pos);
    this.alpha = (float) config.attention().scale();
    this.q = acts.at(vectors.queries());
    this.k = acts.at(vectors.keys());
    this.v = acts.at(HookPoint.v(layer));
  }

  /** Fills scores (if wanted), the pattern and z; z's own hooks are the caller's to apply. */
  void forward(FloatBlock z) {
    // The softmax's gradient needs the pattern as it was before hooks; the scores give it again.
    boolean keepScores = acts.wanted(scoresPoint) || acts.hooked(patternPoint);
    FloatBlock pattern = acts.create(patternPoint);
    FloatBlock scores = keepScores ? acts.create(scoresPoint) : pattern;
    int tiles = (pos + TILE - 1) / TILE;
    Plan.Task values =
        (example, t) -> weighValues(example * heads + t / tiles, t % tiles * TILE, pattern, z);
    if (acts.hooked(scoresPoint)) {
      acts.inPhases(
          heads * tiles,
          (example, t) -> scores(example * heads + t / tiles, t % tiles * TILE, scores, true),
          scoresPoint,
          (example, t) -> softmax(example * heads + t / tiles, t % tiles * TILE, scores, pattern),
          patternPoint,
          values);
      return;
    }
    acts.reached(scoresPoint);
    acts.inPhases(
        heads * tiles,
        (example, t) -> {
          int head = example * heads + t / tiles;
          int first = t % tiles * TILE;
          float[] tile = scores(head, first, scores, keepScores);
          int end = Math.min(pos, first + TILE);
          rows.softmax(tile, first, end, causal);
          square(pattern, head).rows(first, end).write(tile, rows.width());
        },
        patternPoint,
        values);
  }

  /** From dz to the gradients of q, k, v, and on the way of the pattern and the scores. */
  void backward(Tape grads, FloatBlock dz, FloatBlock dq, FloatBlock dk, FloatBlock dv) {
    boolean keep = grads.wanted(patternPoint) || grads.wanted(scoresPoint);
    FloatBlock dPattern = keep ? grads.create(patternPoint) : null;
    FloatBlock dScores = keep ? grads.create(scoresPoint) : null;
    FloatBlock pattern = acts.at(patternPoint);
    grads.inPhases(
        heads,
        (example, h) -> {
          int task = example * heads + h;
          patternGradient(keep, head(dz, task), keyed(v, task), gradient(dPattern, task));
          valueGradient(square(pattern, task), head(dz, task), head(dv, task));
        },
        patternPoint,
        (example, h) -> {
          int task = example * heads + h;
          softmaxGradient(task, gradient(dPattern, task), gradient(dScores, task));
        },
        scoresPoint,
        (example, h) -> {
          int task = example * heads + h;
          Matrix ds = gradient(dScores, task);
          if (grads.hooked(scoresPoint) && causal) {
            zeroAboveDiagonal(ds);
          }
          queryAndKeyGradient(task, ds, head(dq, task), head(dk, task));
        });
  }

  /**
   * scores[i, j] = q_i . k_j / sqrt(d_head) for j <= i, else -infinity: in the tile that it
   * returns, and in the block if it is to be seen there.
   */
  private float[] scores(int head, int first, FloatBlock scores, boolean seen) {
    int end = Math.min(pos, first + TILE);
    Matrix s = square(scores, head).rows(first, end);
    SteadyProduct.gemm(
        alpha,
        head(q, head).rows(first, end),
        keyed(k, head).rows(0, sources(end)).t(),
        0,
        s.cols(0, sources(end)));
    float[] tile = rows.tile();
    s.read(tile, rows.width());
    rows.mask(tile, first, end, causal);
    if (seen && causal) {
      s.write(tile, rows.width());
    }
    return tile;
  }

  /** How many sources have scores that are not masked for some destination before {@code end}. */
  private int sources(int end) {
    return causal ? end : pos;
  }

  /** Whether there may be sources after their destination, which a hook can give too. */
  private boolean mayLookAhead() {
    return !causal || acts.hooked(scoresPoint) || acts.hooked(patternPoint);
  }

  /** pattern[i, j] = exp(s_ij - max) / sum_j exp(s_ij - max) for j <= i, else 0. */
  private void softmax(int head, int first, FloatBlock scores, FloatBlock pattern) {
    int end = Math.min(pos, first + TILE);
    float[] tile = softmax(square(scores, head), first, end);
    square(pattern, head).rows(first, end).write(tile, rows.width());
  }

  /** The softmax of some rows, in a tile. */
  private float[] softmax(Matrix scores, int first, int end) {
    float[] tile = rows.tile();
    scores.rows(first, end).read(tile, rows.width());
    // A hook may have given a score to a source that comes later.
    boolean masked = causal && !acts.hooked(scoresPoint);
    rows.mask(tile, first, end, masked);
    rows.softmax(tile, first, end, masked);
    return tile;
  }

  /** z_i = sum_j pattern[i, j] v_j. */
  private void weighValues(int head, int first, FloatBlock pattern, FloatBlock z) {
    int end = Math.min(pos, first + TILE);
    int sources = mayLookAhead() ? pos : end;
    SteadyProduct.gemm(
        1,
        square(pattern, head).rows(first, end).cols(0, sources),
        keyed(v, head).rows(0, sources),
        0,
        head(z, head).rows(first, end));
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
  private void softmaxGradient(int head, Matrix dPattern, Matrix dScores) {
    float[] g = Scratch.tile(1, TILE * pos);
    for (int first = 0; first < pos; first += TILE) {
      int end = Math.min(pos, first + TILE);
      float[] p;
      if (acts.hooked(patternPoint)) {
        p = softmax(square(acts.at(scoresPoint), head), first, end);
      } else {
        p = rows.tile();
        square(acts.at(patternPoint), head).rows(first, end).read(p, rows.width());
      }
      dPattern.rows(first, end).read(g);
      for (int i = first; i < end; i++) {
        int ofP = (i - first) * rows.width();
        int row = (i - first) * pos;
        int n = acts.hooked(scoresPoint) ? pos : sources(i + 1);
        float mean = KERNELS.dot(p, ofP, g, row, n);
        for (int j = 0; j < n; j++) {
          g[row + j] = p[ofP + j] * (g[row + j] - mean);
        }
        Arrays.fill(g, row + n, row + pos, 0);
      }
      dScores.rows(first, end).write(g);
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
