package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Rotary;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.Intervention;
import dev.circuitscope.core.reference.ReferenceRun;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The second implementation that frozen runs are compared with: core's plain forward pass, in which
 * interventions put back the patterns, scales and MLP outputs of an earlier run and replace what
 * heads write.
 */
final class FrozenReference {

  private static final Set<Site> FIXED =
      EnumSet.of(Site.PATTERN, Site.LN1_SCALE, Site.LN2_SCALE, Site.LN_FINAL_SCALE, Site.MLP_OUT);

  final ReferenceTransformer model;
  final int[] tokens;
  final ReferenceRun run;

  FrozenReference(TransformerConfig config, long seed, int pos) {
    this.model = ReferenceTransformer.of(config, TestModels.weights(config, seed));
    this.tokens = TestModels.tokens(config, 1, pos, seed + 1)[0];
    this.run = model.run(new int[][] {tokens});
  }

  static FrozenReference of(TransformerConfig config) {
    return new FrozenReference(config, 5, 6);
  }

  FrozenRun frozen() {
    return FrozenRun.of(model, tokens);
  }

  int layers() {
    return model.config().nLayers();
  }

  /** All that is frozen as it was. */
  Intervention fixed() {
    return (at, x) -> FIXED.contains(at.site()) ? run.get(at).values().clone() : x;
  }

  /** Only some heads write. */
  Intervention only(Predicate<Head> writes) {
    return fixed()
        .then((at, x) -> at.site() == Site.RESULT ? replaced(at.layer(), x, writes, Map.of()) : x);
  }

  /** Runs with what is frozen and some heads only, on any tokens. */
  ReferenceRun run(int[] others, Predicate<Head> writes) {
    return model.run(new int[][] {others}, only(writes));
  }

  /** Heads write what is given, [pos, d_model] each; those that are not given nothing. */
  ReferenceRun runWriting(Map<Head, double[]> outputs, Map<Head, double[]> computed) {
    return model.run(
        new int[][] {tokens},
        fixed()
            .then(
                (at, x) -> {
                  if (at.site() != Site.RESULT) {
                    return x;
                  }
                  computed.putAll(split(at.layer(), x));
                  return replaced(at.layer(), x, h -> false, outputs);
                }));
  }

  private Map<Head, double[]> split(int layer, double[] results) {
    Map<Head, double[]> heads = new HashMap<>();
    int d = model.config().dModel();
    int n = model.config().nHeads();
    for (int h = 0; h < n; h++) {
      double[] one = new double[tokens.length * d];
      for (int t = 0; t < tokens.length; t++) {
        System.arraycopy(results, (t * n + h) * d, one, t * d, d);
      }
      heads.put(new Head(layer, h), one);
    }
    return heads;
  }

  private double[] replaced(
      int layer, double[] results, Predicate<Head> keep, Map<Head, double[]> outputs) {
    double[] changed = results.clone();
    int d = model.config().dModel();
    int n = model.config().nHeads();
    for (int h = 0; h < n; h++) {
      Head head = new Head(layer, h);
      if (keep.test(head)) {
        continue;
      }
      double[] output = outputs.getOrDefault(head, new double[tokens.length * d]);
      for (int t = 0; t < tokens.length; t++) {
        System.arraycopy(output, t * d, changed, (t * n + h) * d, d);
      }
    }
    return changed;
  }

  double[] scores(Head head) {
    double[] all = run.get(HookPoint.attnScores(head.layer())).values();
    int cells = tokens.length * tokens.length;
    return Arrays.copyOfRange(all, head.head() * cells, (head.head() + 1) * cells);
  }

  /**
   * Every normalisation with every kind of positions at 0 to 4 layers, and every other architecture
   * of core's family.
   */
  static Stream<TransformerConfig> models() {
    return Stream.of(
            TestModels.everyKind(),
            TestModels.family(),
            attentionOnly(3, 4),
            Stream.of(
                TestModels.config(4, Normalization.LN, Positions.STANDARD),
                TestModels.config(4, Normalization.NONE, Positions.SHORTFORMER)))
        .flatMap(kind -> kind);
  }

  /** RMSNorm, rotary positions, smeared keys and grouped queries on more than two layers. */
  static Stream<TransformerConfig> attentionOnly(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .boxed()
        .flatMap(
            layers ->
                Stream.of(Normalization.RMS, Normalization.RMS_PRE)
                    .map(
                        norm ->
                            TransformerConfig.attentionOnly(layers)
                                .heads(4)
                                .keyValueHeads(2)
                                .dModel(6)
                                .dHead(4)
                                .vocab(11)
                                .context(9)
                                .normalization(norm)
                                .rotary(new Rotary(2, 10, Rotary.Pairing.ADJACENT))
                                .smearedKeys(true)
                                .build()));
  }
}
