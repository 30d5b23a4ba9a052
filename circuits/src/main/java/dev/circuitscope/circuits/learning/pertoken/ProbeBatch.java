package dev.circuitscope.circuits.learning.pertoken;

import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.array.LogSumExp;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Layers;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Examples of a probe that run together, cut to the length that the longest needs. The stream of
 * one position of each goes on to the logits, which would cost more than all layers if every
 * position's did.
 */
final class ProbeBatch {

  private final int[] examples;
  private final int[][] prefixes;
  private final int[] positions;
  private final int[] next;

  /** Of some examples, ordered by position. */
  ProbeBatch(TokenProbe probe, int[] examples, int[] positions) {
    this.examples = examples;
    this.positions = positions;
    this.prefixes = new int[examples.length][];
    this.next = new int[examples.length];
    int length = positions[positions.length - 1] + 1;
    for (int i = 0; i < examples.length; i++) {
      int[] text = probe.tokens()[examples[i]];
      prefixes[i] = Arrays.copyOf(text, length);
      next[i] = text[positions[i] + 1];
    }
  }

  int[][] prefixes() {
    return prefixes;
  }

  /** Puts the losses of a run with hooks into a vector over all examples. */
  void losses(Transformer model, Hooks hooks, double[] into) {
    if (hooks.points().stream().noneMatch(ProbeBatch::behindBlocks)) {
      Layers all = Layers.upTo(model.config().nLayers());
      try (Run run = model.part(all).runWithCache(prefixes, Capture.nothing(), hooks)) {
        losses(model, run.output(), into);
      }
    } else {
      try (Run run = model.runWithCache(prefixes, Capture.nothing(), hooks)) {
        fromLogits(rows(run.logits()), 0, examples.length, into);
      }
    }
  }

  /** Puts the losses of the final stream [i, pos, d_model] into a vector over all examples. */
  void losses(Transformer model, INDArray stream, double[] into) {
    losses(model, rows(stream), into);
  }

  /** Puts the losses of the examples' positions of it, one row after the other, into a vector. */
  void losses(Transformer model, float[] rows, double[] into) {
    int width = model.config().dModel();
    // the rows are independent, so that they may stand in one sequence, as long as a context
    int most = model.config().nCtx();
    for (int from = 0; from < examples.length; from += most) {
      int n = Math.min(most, examples.length - from);
      float[] part = Arrays.copyOfRange(rows, from * width, (from + n) * width);
      INDArray sequence = FlatFloats.array(part, 1, n, width);
      Layers unembedding = Layers.from(model.config().nLayers());
      try (Run run =
          model.part(unembedding).runWithCache(sequence, Capture.nothing(), Hooks.none())) {
        fromLogits(FlatFloats.copy(run.output()), from, n, into);
      }
    }
  }

  /** Whether all hooks are in blocks from a layer on, so that the stream before it is as ever. */
  static boolean inBlocksFrom(int layer, Hooks hooks) {
    return hooks.points().stream().allMatch(p -> p.site().inBlock() && p.layer() >= layer);
  }

  private static boolean behindBlocks(HookPoint point) {
    Site site = point.site();
    return !site.inBlock() && site != Site.EMBED && site != Site.POS_EMBED;
  }

  /** loss = log sum_v exp(logits_v) - logits_next. */
  private void fromLogits(float[] logits, int first, int n, double[] into) {
    int vocab = logits.length / n;
    Parallel.forEach(
        n,
        i -> {
          double normalizer = LogSumExp.of(logits, i * vocab, vocab);
          into[examples[first + i]] = normalizer - logits[i * vocab + next[first + i]];
        });
  }

  int size() {
    return examples.length;
  }

  /** The examples' positions of [i, pos, ...], one row after the other. */
  float[] rows(INDArray all) {
    int pos = (int) all.size(1);
    int width = (int) (all.length() / all.size(0) / pos);
    float[] rows = new float[examples.length * width];
    FloatBuffer buffer = FlatFloats.own(all);
    for (int i = 0; i < examples.length; i++) {
      buffer.get((i * pos + positions[i]) * width, rows, i * width, width);
    }
    Reference.reachabilityFence(all);
    return rows;
  }
}
