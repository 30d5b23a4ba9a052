package dev.circuitscope.circuits.patching;

import dev.circuitscope.circuits.sampling.BatchedRuns;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** What an ablation puts in place of activations. */
sealed interface Replacement {

  String label();

  Hooks hooks(Units units, Transformer model, int[][] tokens);

  /** The same filler for every region of a point. */
  static Hooks at(Units units, HookPoint point, RegionHook.Filler filler) {
    Hooks hooks = Hooks.none();
    for (PatchRegion region : units.regions().get(point)) {
      region.requireAxes(point);
      hooks = hooks.and(Hooks.at(point, new RegionHook(region, filler)));
    }
    return hooks;
  }

  static Capture capture(Units units) {
    return Capture.only(units.regions().keySet().toArray(HookPoint[]::new));
  }

  static void requireSequences(String kind, int[][] sequences) {
    if (sequences.length == 0) {
      throw new IllegalArgumentException(
          kind + " ablation needs at least one reference sequence, got none");
    }
  }

  static void requireLength(String kind, int[][] sequences, int[][] tokens) {
    int length = tokens.length == 0 ? 0 : tokens[0].length;
    if (sequences[0].length != length) {
      throw new IllegalArgumentException(
          "%s ablation: reference sequences have %d tokens, the batch has %d; they must be equally long"
              .formatted(kind, sequences[0].length, length));
    }
  }

  static int width(Transformer model, HookPoint point) {
    return switch (point.site()) {
      case Z -> model.config().nHeads() * model.config().dHead();
      case MLP_POST -> model.config().mlp().orElseThrow().dMlp();
      default -> throw new IllegalStateException("no units at " + point);
    };
  }

  /** Zeros. */
  record Zero() implements Replacement {
    @Override
    public String label() {
      return "zero";
    }

    @Override
    public Hooks hooks(Units units, Transformer model, int[][] tokens) {
      Hooks hooks = Hooks.none();
      int length = tokens[0].length;
      for (HookPoint point : units.regions().keySet()) {
        requirePoint(model, point);
        int example = length * width(model, point);
        hooks =
            hooks.and(
                at(units, point, (a, b, from, n) -> RegionHook.zero(a, b * example + from, n)));
      }
      return hooks;
    }
  }

  static void requirePoint(Transformer model, HookPoint point) {
    if (!model.config().hookPoints().contains(point)) {
      throw new IllegalArgumentException(
          "cannot ablate at %s: %s has no such point".formatted(point, model));
    }
  }

  /** Means over sequences. */
  record Mean(int[][] reference, MeanOver over) implements Replacement {

    public Mean {
      requireSequences("mean", reference);
    }

    @Override
    public String label() {
      return over == MeanOver.SEQUENCES ? "mean by position" : "mean";
    }

    @Override
    public Hooks hooks(Units units, Transformer model, int[][] tokens) {
      if (over == MeanOver.SEQUENCES) {
        requireLength("mean", reference, tokens);
      }
      Hooks hooks = Hooks.none();
      for (Map.Entry<HookPoint, double[]> sum : sums(units, model).entrySet()) {
        int width = width(model, sum.getKey());
        float[] means = means(sum.getValue(), width);
        int example = tokens[0].length * width;
        hooks =
            hooks.and(
                at(
                    units,
                    sum.getKey(),
                    (a, b, from, n) -> {
                      for (int i = from; i < from + n; i++) {
                        a.put(b * example + i, means[i % means.length]);
                      }
                    }));
      }
      return hooks;
    }

    private Map<HookPoint, double[]> sums(Units units, Transformer model) {
      units.regions().keySet().forEach(point -> requirePoint(model, point));
      Map<HookPoint, double[]> sums = new HashMap<>();
      BatchedRuns.caches(
          model,
          reference,
          RunSettings.plain(),
          capture(units),
          (first, part, cache) -> {
            for (HookPoint point : units.regions().keySet()) {
              float[] values = FlatFloats.copy(cache.get(point));
              double[] sum =
                  sums.computeIfAbsent(point, p -> new double[values.length / part.length]);
              for (int i = 0; i < values.length; i++) {
                sum[i % sum.length] += values[i];
              }
            }
          });
      return sums;
    }

    /** [pos, width], or [width] where positions are averaged too. */
    private float[] means(double[] sum, int width) {
      double[] total = over == MeanOver.SEQUENCES ? sum : new double[width];
      if (total != sum) {
        for (int i = 0; i < sum.length; i++) {
          total[i % width] += sum[i];
        }
      }
      double count = (double) reference.length * sum.length / total.length;
      float[] means = new float[total.length];
      for (int i = 0; i < means.length; i++) {
        means[i] = (float) (total[i] / count);
      }
      return means;
    }
  }

  /** Activations of other sequences. */
  record Resample(int[][] others, long seed) implements Replacement {

    public Resample {
      requireSequences("resample", others);
    }

    @Override
    public String label() {
      return "resample (seed " + seed + ")";
    }

    @Override
    public Hooks hooks(Units units, Transformer model, int[][] tokens) {
      requireLength("resample", others, tokens);
      int[][] drawn = new int[tokens.length][];
      for (int b = 0; b < tokens.length; b++) {
        // mixed by nextLong, so that neighbouring seeds and examples are independent
        long mixed = new SplittableRandom(seed).nextLong() + b;
        drawn[b] = others[new SplittableRandom(mixed).nextInt(others.length)];
      }
      Hooks hooks = Hooks.none();
      units.regions().keySet().forEach(point -> requirePoint(model, point));
      try (Run run = model.runWithCache(drawn, capture(units), Hooks.none())) {
        for (HookPoint point : units.regions().keySet()) {
          for (PatchRegion region : units.regions().get(point)) {
            hooks = hooks.and(region.hooks(point, run.cache().get(point)));
          }
        }
      }
      return hooks;
    }
  }
}
