package dev.circuitscope.circuits.known;

import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Run;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Where a head of each role attends, read off the tokens; and runs to compare with. */
final class Rules {

  private Rules() {}

  /** The sources that share the attention of a destination alike. */
  static int[] sources(Role role, int[] tokens, int d) {
    return switch (role) {
      case PREVIOUS_TOKEN, RELAY -> new int[] {Math.max(0, d - 1)};
      case COPYING, ANTI_COPYING -> new int[] {d};
      case UNIFORM, ZERO -> IntStream.rangeClosed(0, d).toArray();
      case DUPLICATE_TOKEN ->
          orStart(IntStream.range(0, d).filter(s -> tokens[s] == tokens[d]).toArray());
      case INDUCTION ->
          orStart(IntStream.rangeClosed(1, d).filter(s -> tokens[s - 1] == tokens[d]).toArray());
      case SKIP_TRIGRAM -> throw new IllegalArgumentException("skip-trigrams have their own rule");
    };
  }

  private static int[] orStart(int[] found) {
    return found.length == 0 ? new int[] {0} : found;
  }

  /** The largest difference of a head's attention from equal shares of the sources. */
  static double error(float[][] attention, Role role, int[] tokens) {
    double worst = 0;
    for (int d = 0; d < tokens.length; d++) {
      double[] expected = new double[tokens.length];
      int[] sources = sources(role, tokens, d);
      for (int s : sources) {
        expected[s] = 1.0 / sources.length;
      }
      for (int s = 0; s < tokens.length; s++) {
        worst = Math.max(worst, Math.abs(attention[d][s] - expected[s]));
      }
    }
    return worst;
  }

  /** The most attention of a destination that does not go to its sources. */
  static double leak(float[][] attention, Role role, int[] tokens) {
    double worst = 0;
    for (int d = 0; d < tokens.length; d++) {
      double kept = 0;
      for (int s : sources(role, tokens, d)) {
        kept += attention[d][s];
      }
      worst = Math.max(worst, 1 - kept);
    }
    return worst;
  }

  static float[][] attention(KnownModel known, Head head, int[] tokens) {
    HookPoint point = HookPoint.pattern(head.layer());
    Run run = known.model().runWithCache(new int[][] {tokens}, Capture.only(point), Hooks.none());
    return run.cache().get(point).tensorAlongDimension(head.head(), 2, 3).dup('c').toFloatMatrix();
  }

  static float[][] logits(KnownModel known, int[] tokens) {
    return known
        .model()
        .run(new int[][] {tokens})
        .reshape(tokens.length, known.model().config().dVocabOut())
        .toFloatMatrix();
  }

  /** The start token, then tokens drawn with replacement from all others. */
  static int[] startThenRandom(KnownSettings settings, int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] tokens = new int[length];
    tokens[0] = settings.start();
    for (int i = 1; i < length; i++) {
      int token = random.nextInt(settings.vocabulary() - 1);
      tokens[i] = token < settings.start() ? token : token + 1;
    }
    return tokens;
  }

  /** How far one token's logit is above the best of all others. */
  static double margin(float[] logits, int token) {
    double best = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < logits.length; t++) {
      best = t == token ? best : Math.max(best, logits[t]);
    }
    return logits[token] - best;
  }

  /** How far the best logit of some tokens is above the worst. */
  static double spread(float[] logits, Set<Integer> without) {
    return IntStream.range(0, logits.length)
            .filter(t -> !without.contains(t))
            .mapToDouble(t -> logits[t])
            .max()
            .orElse(0)
        - IntStream.range(0, logits.length)
            .filter(t -> !without.contains(t))
            .mapToDouble(t -> logits[t])
            .min()
            .orElse(0);
  }
}
