package dev.circuitscope.circuits.patching;

import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Two batches that differ in what is to be located, and the metric that tells them apart.
 *
 * @param model to run
 * @param clean [batch, pos]; copied
 * @param corrupted [batch, pos], of the same shape; copied
 * @param metric what to measure
 */
public record PatchPair(Transformer model, int[][] clean, int[][] corrupted, Metric metric) {

  /**
   * Checks the shapes and copies the batches.
   *
   * @param model to run
   * @param clean [batch, pos]
   * @param corrupted [batch, pos], of the same shape
   * @param metric what to measure
   * @throws IllegalArgumentException if there is no example or the shapes differ
   */
  public PatchPair {
    if (clean.length == 0) {
      throw new IllegalArgumentException("patching needs at least one clean example, got none");
    }
    if (clean.length != corrupted.length) {
      throw new IllegalArgumentException(
          "patching: clean is %s, corrupted is %s; give one corrupted example for each clean one"
              .formatted(shape(clean), shape(corrupted)));
    }
    for (int b = 0; b < clean.length; b++) {
      if (clean[b].length != clean[0].length || corrupted[b].length != clean[0].length) {
        throw new IllegalArgumentException(
            "patching: clean is %s, corrupted is %s, example %d has %d clean and %d corrupted tokens; patches go from position to position, so all must be equally long"
                .formatted(
                    shape(clean), shape(corrupted), b, clean[b].length, corrupted[b].length));
      }
    }
    clean = copy(clean);
    corrupted = copy(corrupted);
  }

  /**
   * The clean batch.
   *
   * @return [batch, pos], a copy
   */
  @Override
  public int[][] clean() {
    return copy(clean);
  }

  /**
   * The corrupted batch.
   *
   * @return [batch, pos], a copy
   */
  @Override
  public int[][] corrupted() {
    return copy(corrupted);
  }

  int batch() {
    return clean.length;
  }

  int length() {
    return clean[0].length;
  }

  /** The batch whose run is changed. */
  int[][] base(PatchDirection direction) {
    return direction == PatchDirection.DENOISING ? corrupted : clean;
  }

  /** The batch whose run the values come from. */
  int[][] source(PatchDirection direction) {
    return direction == PatchDirection.DENOISING ? clean : corrupted;
  }

  double cleanValue() {
    return value(clean, "the clean run");
  }

  double corruptedValue() {
    return value(corrupted, "the corrupted run");
  }

  PatchGrid grid(PatchPlan plan, double[] values, PatchDirection direction, boolean estimated) {
    return new PatchGrid(
        plan.site(),
        plan.axes(),
        plan.shape(),
        values,
        cleanValue(),
        corruptedValue(),
        direction,
        estimated,
        metric.label(),
        provenance(clean, "clean examples"),
        provenance(corrupted, "corrupted examples"));
  }

  Provenance provenance(int[][] tokens, String data) {
    return Provenance.of(model.config(), tokens, data, OptionalLong.empty(), RunSettings.plain());
  }

  private double value(int[][] tokens, String name) {
    try (Run run = model.runWithCache(tokens, Capture.nothing(), Hooks.none())) {
      return MetricValues.of(metric, run.logits(), name);
    }
  }

  private static String shape(int[][] tokens) {
    return "[%d, %d]".formatted(tokens.length, tokens.length == 0 ? 0 : tokens[0].length);
  }

  private static int[][] copy(int[][] rows) {
    return Arrays.stream(rows).map(int[]::clone).toArray(int[][]::new);
  }
}
