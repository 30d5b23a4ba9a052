package dev.circuitscope.examples.incontext;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.learning.LossPositions;
import dev.circuitscope.circuits.learning.pertoken.HeadAblation;
import dev.circuitscope.circuits.sampling.BatchedRuns;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Transformer;
import java.util.Arrays;
import java.util.List;

/**
 * The in-context learning score of a model of which heads are taken out.
 *
 * @param heads that are taken out together
 * @param full the score with their outputs zero, in nats
 * @param patternPreserving the score with their outputs zero and all patterns as they are, in nats
 */
public record InContextAblation(List<Head> heads, SampleMean full, SampleMean patternPreserving) {

  /** Windows that run at a time: their patterns are kept meanwhile. */
  private static final int CHUNK = 128;

  /**
   * Copies the heads.
   *
   * @param heads that are taken out together
   * @param full the score with their outputs zero, in nats
   * @param patternPreserving the score with their outputs zero and all patterns as they are
   */
  public InContextAblation {
    heads = List.copyOf(heads);
  }

  static InContextAblation of(
      Transformer model, List<Head> heads, int[][] windows, LossPositions positions) {
    return new InContextAblation(
        heads,
        score(model, heads, windows, positions, HeadAblation.full()),
        score(model, heads, windows, positions, HeadAblation.patternPreserving()));
  }

  /** Of a model as it is. */
  static SampleMean score(Transformer model, int[][] windows, LossPositions positions) {
    return score(model, List.of(), windows, positions, HeadAblation.full());
  }

  private static SampleMean score(
      Transformer model,
      List<Head> heads,
      int[][] windows,
      LossPositions positions,
      HeadAblation ablation) {
    double[] scores = new double[windows.length];
    for (int from = 0; from < windows.length; from += CHUNK) {
      int[][] chunk = Arrays.copyOfRange(windows, from, Math.min(windows.length, from + CHUNK));
      try (HeadAblation.OfBatch without = ablation.prepare(model, chunk)) {
        Hooks hooks = heads.stream().map(without::without).reduce(Hooks.none(), Hooks::and);
        RunSettings settings = RunSettings.with(hooks).inBatchesOf(chunk.length);
        float[][] losses = BatchedRuns.losses(model, chunk, settings);
        for (int i = 0; i < chunk.length; i++) {
          scores[from + i] = (double) losses[i][positions.late()] - losses[i][positions.early()];
        }
      }
    }
    return SampleMean.of(scores);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    JsonArray names = new JsonArray();
    heads.forEach(head -> names.add(head.toString()));
    json.add("heads", names);
    json.add("full", full.toJson());
    json.add("pattern_preserving", patternPreserving.toJson());
    return json;
  }
}
