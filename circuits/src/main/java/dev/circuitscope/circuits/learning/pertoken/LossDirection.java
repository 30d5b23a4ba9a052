package dev.circuitscope.circuits.learning.pertoken;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.Arrays;
import java.util.concurrent.CancellationException;

/**
 * The before-and-after vector: the direction in which per-token losses move from one moment of a
 * training to a later one (In-context Learning and Induction Heads, argument 3). A head on which
 * the change rests undoes it when it is ablated: the dot product of the direction with the losses
 * that the ablation adds is negative.
 *
 * <pre>{@code
 * LossDirection change = LossDirection.across(losses, timeline.inContextChange().orElseThrow());
 * HeadScores scores = change.scores(model, probe, HeadAblation.patternPreserving());
 * List<Head> ranking = scores.ranking();      // induction heads come last
 * }</pre>
 *
 * @param unit at e the share of example e, a vector of length 1; copied in and out
 * @param distance how far the losses move, in nats
 */
public record LossDirection(double[] unit, double distance) {

  /**
   * Copies the vector.
   *
   * @param unit at e the share of example e, a vector of length 1; copied
   * @param distance how far the losses move, in nats
   */
  public LossDirection {
    unit = unit.clone();
  }

  /**
   * The direction from one vector of losses to another.
   *
   * @param before losses at the start of the change
   * @param after losses of the same tokens at its end
   * @return unit(after - before)
   * @throws IllegalArgumentException if their lengths differ, a loss is not finite, or nothing
   *     moves
   */
  public static LossDirection between(double[] before, double[] after) {
    double[] move = difference(after, before);
    double norm = Math.sqrt(Arrays.stream(move).map(x -> x * x).sum());
    if (!Double.isFinite(norm) || norm == 0) {
      throw new IllegalArgumentException(
          "before-and-after vector: the %d losses move by %s; give losses of two models on the same tokens"
              .formatted(move.length, norm));
    }
    return new LossDirection(Arrays.stream(move).map(x -> x / norm).toArray(), norm);
  }

  /**
   * The direction in which a training's losses move across a change.
   *
   * @param losses along the training
   * @param change such as {@link dev.circuitscope.circuits.learning.ScoreTimeline#inContextChange},
   *     whose start and end are moments of it
   * @return the direction from start to end
   * @throws IllegalArgumentException if there are no losses at the start or the end, or nothing
   *     moves
   */
  public static LossDirection across(LossTrajectory losses, PhaseChange change) {
    return between(losses.at(change.start()), losses.at(change.end()));
  }

  /**
   * The vector.
   *
   * @return one number for each example, a copy
   */
  @Override
  public double[] unit() {
    return unit.clone();
  }

  /**
   * How far an ablation moves the losses along the direction.
   *
   * @param unablated losses of the model as it is
   * @param ablated losses with something taken out
   * @return unit . (ablated - unablated) in nats; negative if it undoes the change
   * @throws IllegalArgumentException if lengths differ
   */
  public double dot(double[] unablated, double[] ablated) {
    double[] added = difference(ablated, unablated);
    requireLength(added.length);
    double sum = 0;
    for (int e = 0; e < unit.length; e++) {
      sum += unit[e] * added[e];
    }
    return sum;
  }

  /**
   * The score of each head: {@link #dot} of the model with that head ablated.
   *
   * @param model usually at the end of the change
   * @param probe the tokens that the direction is of
   * @param ablation how a head is taken out
   * @return the scores; their errors say how much they would move with other texts
   * @throws IllegalArgumentException if the probe has another number of tokens, or the model
   *     refuses them
   */
  public HeadScores scores(Transformer model, TokenProbe probe, HeadAblation ablation) {
    return scores(model, probe, ablation, ProbeProgress.silent());
  }

  /**
   * The score of each head, with progress: every batch runs once for each head.
   *
   * @param model usually at the end of the change
   * @param probe the tokens that the direction is of
   * @param ablation how a head is taken out
   * @param progress is told after each batch of examples
   * @return the scores; their errors say how much they would move with other texts
   * @throws IllegalArgumentException if the probe has another number of tokens, or the model
   *     refuses them
   * @throws CancellationException if the thread is interrupted, before the next batch
   */
  public HeadScores scores(
      Transformer model, TokenProbe probe, HeadAblation ablation, ProbeProgress progress) {
    requireLength(probe.size());
    TransformerConfig config = model.config();
    double[] unablated = new double[probe.size()];
    double[][][] ablated = new double[config.nLayers()][config.nHeads()][probe.size()];
    int done = 0;
    for (ProbeBatch batch : probe.batches(config, 0)) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException(
            "interrupted after %d of %d examples".formatted(done, probe.size()));
      }
      try (HeadAblation.OfBatch hooks = ablation.prepare(model, batch.prefixes())) {
        new ProbeAblations(model, batch, hooks).put(unablated, ablated);
      }
      done += batch.prefixes().length;
      progress.measured(done, probe.size());
    }
    return scores(unablated, ablated, probe, model);
  }

  /**
   * Renders the direction.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("distance", distance);
    json.add("unit", JsonNumbers.of(unit));
    return json;
  }

  /** Its length, and how far the losses move. */
  @Override
  public String toString() {
    return "before-and-after vector of %d per-token losses, %.4f nats long"
        .formatted(unit.length, distance);
  }

  private HeadScores scores(
      double[] unablated, double[][][] ablated, TokenProbe probe, Transformer model) {
    int n = unit.length;
    double[][] values = new double[ablated.length][model.config().nHeads()];
    double[][] errors = new double[ablated.length][model.config().nHeads()];
    for (int layer = 0; layer < ablated.length; layer++) {
      for (int h = 0; h < ablated[layer].length; h++) {
        double[] terms = difference(ablated[layer][h], unablated);
        for (int e = 0; e < n; e++) {
          terms[e] *= unit[e];
        }
        values[layer][h] = dot(unablated, ablated[layer][h]);
        errors[layer][h] = n * SampleMean.of(terms).standardError();
      }
    }
    return new HeadScores(
        "before and after",
        "per-token losses that ablating the head adds, along their change from before to after",
        values,
        errors,
        0,
        n,
        probe.provenance(model));
  }

  private void requireLength(int length) {
    if (length != unit.length) {
      throw new IllegalArgumentException(
          "before-and-after vector: it is of %d losses, not of %d; use the same probe"
              .formatted(unit.length, length));
    }
  }

  private static double[] difference(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "per-token losses: vectors of %d and %d losses are not of the same tokens"
              .formatted(a.length, b.length));
    }
    double[] difference = new double[a.length];
    for (int e = 0; e < a.length; e++) {
      difference[e] = a[e] - b[e];
    }
    return difference;
  }
}
