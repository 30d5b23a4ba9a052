package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.List;

/**
 * Path patching: what a metric becomes when another run's values travel along one path only. All
 * else is held as in the run that is changed; the receiver of each edge reads what it read there
 * plus what the sender writes otherwise, {@code x + (sender' - sender)}. After the last receiver
 * the model runs on as usual, with everything that depends on it.
 *
 * <pre>{@code
 * var patching = PathPatching.of(model, clean, corrupted, metric);
 * patching.path(PatchedPath.of(Sender.head(0, 1), Receiver.key(1, 2)));       // an edge
 * patching.path(PatchedPath.of(Sender.head(0, 1), Receiver.value(1, 2),
 *     Receiver.logits()));                                                        // a path
 * PathEffects edges = patching.edges();                                               // all of them
 * }</pre>
 *
 * <p>Paths that end in the same layer run together, from the residual stream before it.
 *
 * <p>With {@link #frozenPatterns frozen patterns} an attention-only model without normalisation is
 * linear: the effects of all edges to the logits, and those of all paths from the embeddings to the
 * logits, add up to the effect of the other run's tokens for any linear metric.
 *
 * @param pair the two batches, and the metric
 * @param direction which run is changed
 * @param frozen whether all attention patterns are those of the run that is changed
 */
public record PathPatching(PatchPair pair, PatchDirection direction, boolean frozen) {

  /**
   * Prepares to patch clean values into corrupted runs.
   *
   * @param model to run
   * @param clean [batch, pos]
   * @param corrupted [batch, pos], of the same shape
   * @param metric what to measure
   * @return patching that denoises, patterns not frozen
   * @throws IllegalArgumentException if the batches' shapes differ
   */
  public static PathPatching of(
      Transformer model, int[][] clean, int[][] corrupted, Metric metric) {
    PatchPair pair = new PatchPair(model, clean, corrupted, metric);
    return new PathPatching(pair, PatchDirection.DENOISING, false);
  }

  /**
   * The same with corrupted values in the clean run.
   *
   * @return patching that noises
   */
  public PathPatching noising() {
    return new PathPatching(pair, PatchDirection.NOISING, frozen);
  }

  /**
   * The same with all patterns as in the run that is changed, those of the other run too.
   *
   * @return patching of what heads move, not of where from
   */
  public PathPatching frozenPatterns() {
    return new PathPatching(pair, direction, true);
  }

  /**
   * Patches one path.
   *
   * @param path of the model
   * @return its effect
   * @throws IllegalArgumentException if the model has no such path, or the metric is NaN
   */
  public PathEffect path(PatchedPath path) {
    return paths(List.of(path)).effects().get(0);
  }

  /**
   * Patches every edge.
   *
   * @return the effects, in the order of {@link PatchedPath#edges}
   * @throws IllegalArgumentException if the metric is NaN
   */
  public PathEffects edges() {
    return paths(PatchedPath.edges(pair.model().config()));
  }

  /**
   * Patches one path after the other.
   *
   * @param paths of the model
   * @return the effects, in the same order
   * @throws IllegalArgumentException if the model has no such path, or the metric is NaN
   */
  public PathEffects paths(List<PatchedPath> paths) {
    paths.forEach(path -> path.requireIn(pair.model().config()));
    try (Run base = PathRun.base(this);
        Run source = PathRun.source(this, base)) {
      PathRun run = new PathRun(this, base, source);
      double[] values = run.values(paths);
      List<PathEffect> effects = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        effects.add(new PathEffect(paths.get(i), values[i], run.base()));
      }
      return new PathEffects(
          effects,
          run.base(),
          run.source(),
          direction,
          frozen,
          pair.metric().label(),
          pair.provenance(pair.clean(), "clean examples"),
          pair.provenance(pair.corrupted(), "corrupted examples"));
    }
  }
}
