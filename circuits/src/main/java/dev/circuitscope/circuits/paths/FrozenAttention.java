package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.ReferenceRun;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The numbers of a run that are held fixed: attention patterns, and 1 / s for the scales s of the
 * normalisations.
 */
final class FrozenAttention {

  private final double[][] inverseScales;
  private final Map<Head, DoubleMatrix> patterns;
  private final Map<Head, DoubleMatrix> moves = new HashMap<>();

  private FrozenAttention(double[][] inverseScales, Map<Head, DoubleMatrix> patterns) {
    this.inverseScales = inverseScales;
    this.patterns = patterns;
    patterns.forEach((head, a) -> moves.put(head, a.scaleColumns(inverseScales[head.layer()])));
  }

  static FrozenAttention of(TransformerConfig config, ReferenceRun run) {
    int pos = run.logits().shape()[1];
    double[][] inverse = new double[config.nLayers() + 1][];
    Map<Head, DoubleMatrix> patterns = new HashMap<>();
    for (int layer = 0; layer < config.nLayers(); layer++) {
      inverse[layer] = inverse(config, run, new HookPoint(Site.LN1_SCALE, layer), pos);
      double[] all = run.get(HookPoint.pattern(layer)).values();
      for (int h = 0; h < config.nHeads(); h++) {
        double[] one = Arrays.copyOfRange(all, h * pos * pos, (h + 1) * pos * pos);
        patterns.put(new Head(layer, h), new DoubleMatrix(one, pos, pos));
      }
    }
    inverse[config.nLayers()] = inverse(config, run, HookPoint.LN_FINAL_SCALE, pos);
    return new FrozenAttention(inverse, patterns);
  }

  FrozenAttention with(Head head, DoubleMatrix pattern) {
    Map<Head, DoubleMatrix> changed = new HashMap<>(patterns);
    changed.put(head, pattern);
    return new FrozenAttention(inverseScales, changed);
  }

  /** A, [dest, src]; not to be modified. */
  DoubleMatrix pattern(Head head) {
    return patterns.get(head);
  }

  /** A diag(1/s), [dest, src]: what the head does to positions, ahead of its value matrix. */
  DoubleMatrix move(Head head) {
    return moves.get(head);
  }

  /** 1 / s, [pos], of a layer's ln1; of ln_final for the layer after the last. */
  double[] inverseScale(int layer) {
    return inverseScales[layer];
  }

  private static double[] inverse(
      TransformerConfig config, ReferenceRun run, HookPoint point, int pos) {
    double[] inverse = new double[pos];
    Arrays.fill(inverse, 1);
    if (config.normalization() != Normalization.NONE) {
      double[] scale = run.get(point).values();
      Arrays.setAll(inverse, t -> 1 / scale[t]);
    }
    return inverse;
  }
}
