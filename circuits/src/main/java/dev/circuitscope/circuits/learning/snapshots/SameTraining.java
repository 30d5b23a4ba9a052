package dev.circuitscope.circuits.learning.snapshots;

import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.BatchSource;
import java.util.Arrays;
import java.util.List;

/** What makes models snapshots of one training. */
final class SameTraining {

  private SameTraining() {}

  static long tokensPerStep(BatchSource source) {
    return (long) source.batchSize() * source.sequenceLength();
  }

  static long requireTokens(long tokensPerStep) {
    if (tokensPerStep < 1) {
      throw new IllegalArgumentException(
          "snapshots: a step sees at least 1 token, was " + tokensPerStep);
    }
    return tokensPerStep;
  }

  static void requireSameShape(long step, TransformerConfig kept, Transformer model) {
    if (!kept.equals(model.config())) {
      throw new IllegalArgumentException(
          "snapshots: the model of step %d has the shape %s, those that are there have %s; keep another training elsewhere"
              .formatted(step, model.config(), kept));
    }
  }

  static void requireSameModel(long step, Transformer kept, Transformer model) {
    requireSameShape(step, kept.config(), model);
    int[] before = bits(kept);
    int[] now = bits(model);
    if (!Arrays.equals(before, now)) {
      throw new IllegalArgumentException(
          "snapshots: step %d is there already with other weights (parameter %d of %d differs first); keep another training elsewhere"
              .formatted(step, Arrays.mismatch(before, now), now.length));
    }
  }

  static IllegalArgumentException noSuchStep(long step, List<TrainingMoment> moments) {
    return new IllegalArgumentException(
        "no snapshot of step %d; there are %s"
            .formatted(step, moments.stream().map(TrainingMoment::step).toList()));
  }

  static String describe(String where, List<TrainingMoment> moments) {
    return moments.isEmpty()
        ? "no snapshots " + where
        : "%d snapshots %s, from %s to %s"
            .formatted(moments.size(), where, moments.get(0), moments.get(moments.size() - 1));
  }

  private static int[] bits(Transformer model) {
    float[] values = model.weights().block().toArray();
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
