package dev.circuitscope.toymodels.dynamics;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyModel;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The loss and every feature's dimensionality over a training: whether features jump between levels
 * while the loss drops ("Toy Models of Superposition", Elhage et al., 2022, section "Superposition
 * and Learning Dynamics").
 *
 * <p>The first steps of any training lower the loss a lot: biases find the features' means and all
 * columns grow alike. What is asked here is about the time after that, from {@link #firstPlateau}
 * to {@link #settled}. In it, the loss is said to drop where it falls faster than on average, and
 * the question is how much faster than otherwise dimensionalities change there.
 *
 * <pre>{@code
 * ToyRun run = ToyTrainer.of(config).snapshotAt(every50).train().best(0);
 * LearningDynamics dynamics = LearningDynamics.of(config, run, 8192);
 * dynamics.drops();              // where the loss drops
 * dynamics.relativeMovement();   // above 1: dimensionalities change faster there than elsewhere
 * }</pre>
 *
 * @param steps of each snapshot, in even steps, at least three; copied in and out
 * @param losses at each snapshot, on the same samples; copied in and out
 * @param dimensionality D_i, [snapshot][feature]; copied in and out
 */
public record LearningDynamics(int[] steps, double[] losses, double[][] dimensionality) {

  /** How much of the fall after the first plateau may be left when it is called settled. */
  private static final double LEFT = 0.02;

  private static final long SAMPLES = 0x64796E616DL;

  /**
   * Checks that everything has one entry a snapshot.
   *
   * @param steps of each snapshot
   * @param losses at each snapshot
   * @param dimensionality D_i, [snapshot][feature]
   * @throws IllegalArgumentException if lengths differ, there are less than three snapshots, or
   *     their steps are not evenly apart
   */
  public LearningDynamics {
    if (steps.length < 3
        || losses.length != steps.length
        || dimensionality.length != steps.length) {
      throw new IllegalArgumentException(
          "learning dynamics need at least three snapshots with a loss and dimensionalities each, "
              + "was %d steps, %d losses, %d rows of dimensionalities"
                  .formatted(steps.length, losses.length, dimensionality.length));
    }
    for (int t = 1; t < steps.length; t++) {
      if (steps[t] <= steps[t - 1] || steps[t] - steps[t - 1] != steps[1] - steps[0]) {
        throw new IllegalArgumentException(
            "learning dynamics need snapshots evenly apart, but they are at %d, %d ... %d, %d"
                .formatted(steps[0], steps[1], steps[t - 1], steps[t]));
      }
    }
    steps = steps.clone();
    losses = losses.clone();
    dimensionality = copy(dimensionality);
  }

  /**
   * Measures the snapshots of a run.
   *
   * @param config that the run was trained with
   * @param run with snapshots at even steps
   * @param samples to measure the loss on, the same ones for every snapshot, so that differences
   *     between snapshots are not those between batches
   * @return the dynamics
   * @throws IllegalArgumentException if there are less than three snapshots, or their steps are not
   *     evenly apart
   */
  public static LearningDynamics of(ToyConfig config, ToyRun run, int samples) {
    int count = run.snapshots().size();
    int[] steps = new int[count];
    double[] losses = new double[count];
    double[][] dimensionality = new double[count][];
    Parallel.forEach(
        count,
        t -> {
          ToyModel model = run.snapshots().get(t).model();
          steps[t] = run.snapshots().get(t).step();
          losses[t] =
              model.sampledLoss(
                  config.importance(),
                  config.distribution(),
                  run.featureProbability(),
                  samples,
                  config.seed() ^ SAMPLES);
          dimensionality[t] = model.geometry().dimensionality();
        });
    return new LearningDynamics(steps, losses, dimensionality);
  }

  private static double[][] copy(double[][] rows) {
    double[][] copy = new double[rows.length][];
    for (int t = 0; t < rows.length; t++) {
      copy[t] = rows[t].clone();
    }
    return copy;
  }

  /**
   * When each snapshot was taken.
   *
   * @return a copy
   */
  @Override
  public int[] steps() {
    return steps.clone();
  }

  /**
   * The loss at each snapshot.
   *
   * @return a copy
   */
  @Override
  public double[] losses() {
    return losses.clone();
  }

  /**
   * The dimensionalities.
   *
   * @return D_i, [snapshot][feature], a copy
   */
  @Override
  public double[][] dimensionality() {
    return copy(dimensionality);
  }

  /**
   * The dimensionality of one feature over time.
   *
   * @param feature which
   * @return D_i at each snapshot
   * @throws IndexOutOfBoundsException if there is no such feature
   */
  public double[] trajectory(int feature) {
    double[] trajectory = new double[steps.length];
    for (int t = 0; t < trajectory.length; t++) {
      trajectory[t] = dimensionality[t][feature];
    }
    return trajectory;
  }

  /**
   * Where the first fall of the loss ends: before it falls more in one stretch between snapshots
   * than in the one before.
   *
   * @return index of a snapshot; 0 if the loss falls ever more slowly, without a second fall
   */
  public int firstPlateau() {
    for (int t = 1; t + 1 < losses.length; t++) {
      if (fall(t) > fall(t - 1)) {
        return t;
      }
    }
    return 0;
  }

  /**
   * Where 98% of the fall after {@link #firstPlateau} is over.
   *
   * @return index of a snapshot, greater than that of the plateau
   */
  public int settled() {
    int start = firstPlateau();
    int last = losses.length - 1;
    double total = losses[start] - losses[last];
    for (int t = start + 1; t < last; t++) {
      if (losses[t] - losses[last] <= LEFT * total) {
        return t;
      }
    }
    return last;
  }

  /**
   * Where the loss falls faster than on average between {@link #firstPlateau} and {@link #settled}.
   *
   * @return in order, without overlaps
   */
  public List<LossDrop> drops() {
    int start = firstPlateau();
    int end = settled();
    double pace = (losses[start] - losses[end]) / (end - start);
    List<LossDrop> drops = new ArrayList<>();
    int from = -1;
    for (int t = start; t <= end; t++) {
      boolean fast = t < end && fall(t) > pace;
      if (fast && from < 0) {
        from = t;
      } else if (!fast && from >= 0) {
        drops.add(new LossDrop(from, t));
        from = -1;
      }
    }
    return drops;
  }

  /** How much the loss falls from snapshot t to the next. */
  private double fall(int t) {
    return losses[t] - losses[t + 1];
  }

  /**
   * How much all dimensionalities change from each snapshot to the next, sum_i |D_i' - D_i|.
   *
   * @return one less than there are snapshots
   */
  public double[] movement() {
    double[] movement = new double[steps.length - 1];
    for (int t = 0; t < movement.length; t++) {
      for (int i = 0; i < dimensionality[t].length; i++) {
        movement[t] += Math.abs(dimensionality[t + 1][i] - dimensionality[t][i]);
      }
    }
    return movement;
  }

  /**
   * The share of the time between {@link #firstPlateau} and {@link #settled} in which the loss
   * drops.
   *
   * @return from 0 to 1
   */
  public double timeInDrops() {
    int windows = drops().stream().mapToInt(drop -> drop.to() - drop.from()).sum();
    return (double) windows / (settled() - firstPlateau());
  }

  /**
   * How fast dimensionalities change while the loss drops, as a multiple of how fast they change in
   * the rest of the time between {@link #firstPlateau} and {@link #settled}.
   *
   * @return 1 if they do not care; NaN if there is no drop or nothing else
   */
  public double relativeMovement() {
    double[] movement = movement();
    double inside = 0;
    double outside = 0;
    int within = 0;
    int end = settled();
    int start = firstPlateau();
    for (int t = start; t < end; t++) {
      if (inDrop(t)) {
        inside += movement[t];
        within++;
      } else {
        outside += movement[t];
      }
    }
    return (inside / within) / (outside / (end - start - within));
  }

  private boolean inDrop(int window) {
    return drops().stream().anyMatch(drop -> drop.contains(window));
  }

  /**
   * The features that jump after {@link #firstPlateau}: those whose dimensionality changes by more
   * than a threshold in all.
   *
   * @param least difference of its greatest and least value
   * @return the index of the stretch in which each of them changes fastest, in order of features
   */
  public List<Integer> jumps(double least) {
    List<Integer> jumps = new ArrayList<>();
    int start = firstPlateau();
    for (int i = 0; i < dimensionality[0].length; i++) {
      double low = dimensionality[start][i];
      double high = low;
      int fastest = start;
      double most = 0;
      for (int t = start; t + 1 < steps.length; t++) {
        double next = dimensionality[t + 1][i];
        low = Math.min(low, next);
        high = Math.max(high, next);
        double change = Math.abs(next - dimensionality[t][i]);
        if (change > most) {
          most = change;
          fastest = t;
        }
      }
      if (high - low > least) {
        jumps.add(fastest);
      }
    }
    return jumps;
  }

  /**
   * The share of {@link #jumps} that happen while the loss drops, to be compared with {@link
   * #timeInDrops}.
   *
   * @param least as for {@link #jumps}
   * @return from 0 to 1; NaN if no feature jumps
   */
  public double jumpsInDrops(double least) {
    List<Integer> jumps = jumps(least);
    return (double) jumps.stream().filter(this::inDrop).count() / jumps.size();
  }

  /**
   * Every number, as JSON.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject object = Json.of(this);
    object.addProperty("first_plateau", firstPlateau());
    object.addProperty("settled", settled());
    object.add("drops", new Gson().toJsonTree(drops()));
    return object;
  }

  /**
   * A line for the whole and one for each drop.
   *
   * @return several lines
   */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%d features, steps %d to %d: first plateau at %d, settled at %d%n",
                dimensionality[0].length,
                steps[0],
                steps[steps.length - 1],
                steps[firstPlateau()],
                steps[settled()]));
    for (LossDrop drop : drops()) {
      text.append(
          String.format(
              Locale.ROOT,
              "loss drop, steps %6d to %6d: %.6f to %.6f%n",
              steps[drop.from()],
              steps[drop.to()],
              losses[drop.from()],
              losses[drop.to()]));
    }
    return text.toString();
  }
}
