package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.array.SteadyProduct;
import dev.circuitscope.core.hook.HookPoint;

/**
 * Attention of new positions over those that a {@link KeyValueCache} holds and over each other:
 * {@link AttentionPattern} with fewer destinations than sources, and without a backward pass.
 *
 * <p>Products and sums have the same sizes as there, as far as bits depend on them, so that a
 * sequence read in parts gives what it gives when it is read at once.
 */
final class CachedAttention {

  /** Products of a score that are worth a task of their own. */
  private static final int WORK = 1 << 16;

  private final Tape acts;
  private final KeyValueCache past;
  private final int layer;
  private final HookPoint scoresPoint;
  private final HookPoint patternPoint;
  private final int heads;
  private final int group;
  private final int dHead;

  /** Destinations. */
  private final int pos;

  /** The position of the first destination. */
  private final int start;

  private final int sources;

  private final ScoreTiles tiles;
  private final float alpha;
  private final FloatBlock q;
  private final FloatBlock k;
  private final FloatBlock v;

  CachedAttention(
      TransformerConfig config, Tape acts, KeyValueCache past, int layer, HeadVectors vectors) {
    this.acts = acts;
    this.past = past;
    this.layer = layer;
    this.scoresPoint = HookPoint.attnScores(layer);
    this.patternPoint = HookPoint.pattern(layer);
    this.heads = config.nHeads();
    this.group = config.attention().group();
    this.dHead = config.dHead();
    this.pos = acts.rows().pos();
    this.start = past.length();
    this.sources = start + pos;
    this.tiles = new ScoreTiles(start, sources);
    this.alpha = (float) config.attention().scale();
    this.q = acts.at(vectors.queries());
    this.k = acts.at(vectors.keys());
    this.v = acts.at(HookPoint.v(layer));
    if (config.attention().smearedKeys()) {
      FloatBlock unsmeared = acts.at(HookPoint.k(layer));
      acts.forEach(1, (example, task) -> past.writeUnsmeared(layer, example, unsmeared, pos));
    }
  }

  /** What to do with the destinations {@code first} to {@code end - 1} of a head of an example. */
  private interface Step {
    void accept(int task, int first, int end);
  }

  /** Adds the new keys and values to the cache, and fills scores (if wanted), the pattern and z. */
  void forward(FloatBlock z) {
    acts.forEach(1, (example, task) -> past.write(layer, example, k, v, pos));
    boolean keepScores = acts.wanted(scoresPoint);
    FloatBlock pattern = acts.create(patternPoint);
    FloatBlock scores = keepScores ? acts.create(scoresPoint) : pattern;
    acts.inPhases(
        (units() + unitsPerTask() - 1) / unitsPerTask(),
        task((head, first, end) -> scores(head, first, end, scores, keepScores)),
        scoresPoint,
        task((head, first, end) -> softmax(head, first, end, scores, pattern)),
        patternPoint,
        task((head, first, end) -> weighValues(head, first, end, pattern, z)));
  }

  /** Tiles of all heads of an example. */
  private int units() {
    return heads * tilesPerHead();
  }

  private int tilesPerHead() {
    return (pos + ScoreTiles.ROWS - 1) / ScoreTiles.ROWS;
  }

  private int unitsPerTask() {
    long work = (long) Math.min(pos, ScoreTiles.ROWS) * sources * dHead;
    return (int) Math.max(1, Math.min(units(), WORK / work));
  }

  /** A step for some tiles that are worth a task together. */
  private Plan.Task task(Step step) {
    int perHead = tilesPerHead();
    int perTask = unitsPerTask();
    return (example, t) -> {
      for (int unit = t * perTask; unit < Math.min(units(), (t + 1) * perTask); unit++) {
        int first = unit % perHead * ScoreTiles.ROWS;
        step.accept(
            example * heads + unit / perHead, first, Math.min(pos, first + ScoreTiles.ROWS));
      }
    };
  }

  /** scores[i, j] = q_i . k_j / sqrt(d_head) for j <= i, else -infinity if it is to be seen. */
  private void scores(int task, int first, int end, FloatBlock scores, boolean masked) {
    Matrix s = rectangle(scores, task).rows(first, end);
    Matrix keys = past.keys(layer, task / heads, task % heads / group, start + end);
    SteadyProduct.gemm(alpha, head(q, task).rows(first, end), keys.t(), 0, s.cols(0, start + end));
    if (masked) {
      float[] tile = tiles.tile();
      s.read(tile, tiles.width());
      tiles.mask(tile, first, end, true);
      s.write(tile, tiles.width());
    }
  }

  /** pattern[i, j] = exp(s_ij - max) / sum_j exp(s_ij - max) for j <= i, else 0. */
  private void softmax(int task, int first, int end, FloatBlock scores, FloatBlock pattern) {
    float[] tile = tiles.tile();
    rectangle(scores, task).rows(first, end).read(tile, tiles.width());
    // A hook may have given a score to a source that comes later.
    boolean causal = !acts.hooked(scoresPoint);
    tiles.mask(tile, first, end, causal);
    tiles.softmax(tile, first, end, causal);
    rectangle(pattern, task).rows(first, end).write(tile, tiles.width());
  }

  /** z_i = sum_j pattern[i, j] v_j. */
  private void weighValues(int task, int first, int end, FloatBlock pattern, FloatBlock z) {
    boolean mayLookAhead = acts.hooked(scoresPoint) || acts.hooked(patternPoint);
    int read = mayLookAhead ? sources : start + end;
    SteadyProduct.gemm(
        1,
        rectangle(pattern, task).rows(first, end).cols(0, read),
        past.values(layer, task / heads, task % heads / group, read),
        0,
        head(z, task).rows(first, end));
  }

  /** One head of one example out of [batch, pos, head, d_head]. */
  private Matrix head(FloatBlock block, int task) {
    int row = heads * dHead;
    return block.matrix(task / heads * pos * row + task % heads * dHead, pos, dHead, row);
  }

  /** One head of one example out of [batch, head, dest, src]. */
  private Matrix rectangle(FloatBlock block, int task) {
    return block.matrix(task * pos * sources, pos, sources);
  }
}
