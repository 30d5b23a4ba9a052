package dev.circuitscope.circuits.learning.pertoken;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.learning.snapshots.ModelSnapshots;
import dev.circuitscope.circuits.learning.snapshots.SnapshotProgress;
import dev.circuitscope.circuits.learning.snapshots.TrainingMoment;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import java.util.Arrays;
import java.util.List;

/**
 * The per-token losses of a model as it trains.
 *
 * <pre>{@code
 * LossTrajectory two = LossTrajectory.of("2 layers", run, probe, SnapshotProgress.silent());
 * double[] atTheEnd = two.losses()[two.moments().size() - 1];
 * }</pre>
 *
 * @param name for legends
 * @param moments when the losses were measured, in order
 * @param losses [moment][example] in nats; copied in and out
 * @param provenance the model's shape and the texts
 */
public record LossTrajectory(
    String name, List<TrainingMoment> moments, double[][] losses, Provenance provenance) {

  /**
   * Checks that there is a vector of one length for each moment.
   *
   * @param name for legends
   * @param moments when the losses were measured, in order
   * @param losses [moment][example] in nats; copied
   * @param provenance the model's shape and the texts
   * @throws IllegalArgumentException if there is no moment, or lengths differ
   */
  public LossTrajectory {
    moments = List.copyOf(moments);
    losses = Arrays.stream(losses).map(double[]::clone).toArray(double[][]::new);
    int length = losses.length == 0 ? 0 : losses[0].length;
    if (moments.isEmpty()
        || losses.length != moments.size()
        || Arrays.stream(losses).anyMatch(vector -> vector.length != length)) {
      throw new IllegalArgumentException(
          "loss trajectory %s: %d moments and vectors of %s losses; give vectors of one length for at least 1 moment"
              .formatted(
                  name,
                  moments.size(),
                  Arrays.toString(Arrays.stream(losses).mapToInt(v -> v.length).toArray())));
    }
  }

  /**
   * Measures every snapshot of a training.
   *
   * @param name for legends
   * @param run the models, at least one
   * @param probe the tokens
   * @param progress is told after each model
   * @return the losses
   * @throws IllegalArgumentException if there is no model, or it refuses the tokens
   */
  public static LossTrajectory of(
      String name, ModelSnapshots run, TokenProbe probe, SnapshotProgress progress) {
    List<TrainingMoment> moments = run.moments();
    if (moments.isEmpty()) {
      throw new IllegalArgumentException(
          "loss trajectory %s: %s; train with it as the observer first".formatted(name, run));
    }
    List<double[]> losses = run.map((moment, model) -> probe.losses(model), progress);
    return new LossTrajectory(
        name,
        moments,
        losses.toArray(double[][]::new),
        probe.provenance(run.at(moments.get(0).step())));
  }

  /**
   * All losses.
   *
   * @return [moment][example], a copy
   */
  @Override
  public double[][] losses() {
    return Arrays.stream(losses).map(double[]::clone).toArray(double[][]::new);
  }

  /**
   * The losses at a step.
   *
   * @param step one of {@link #moments}
   * @return one for each example, a copy
   * @throws IllegalArgumentException if there is no such moment
   */
  public double[] at(long step) {
    List<Long> steps = moments.stream().map(TrainingMoment::step).toList();
    if (!steps.contains(step)) {
      throw new IllegalArgumentException(
          "loss trajectory %s: no losses at step %d; there are %s".formatted(name, step, steps));
    }
    return losses[steps.indexOf(step)].clone();
  }

  /**
   * Renders the mean losses; the vectors are for {@link LossPca}.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("name", name);
    JsonArray steps = new JsonArray();
    moments.forEach(moment -> steps.add(moment.step()));
    json.add("steps", steps);
    json.add("mean_loss", JsonNumbers.of(means()));
    json.add("provenance", provenance.toJson());
    return json;
  }

  /** How many vectors of how many losses, and the first and last mean. */
  @Override
  public String toString() {
    double[] means = means();
    return "%s: %d snapshots of %d per-token losses, mean %.4f to %.4f nats%n%s"
        .formatted(
            name, means.length, losses[0].length, means[0], means[means.length - 1], provenance);
  }

  private double[] means() {
    return Arrays.stream(losses)
        .mapToDouble(vector -> Arrays.stream(vector).average().orElse(Double.NaN))
        .toArray();
  }
}
