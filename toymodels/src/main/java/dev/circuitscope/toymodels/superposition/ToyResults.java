package dev.circuitscope.toymodels.superposition;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import dev.circuitscope.toymodels.geometry.Geometry;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * What a training ended in, with all that is needed to repeat it.
 *
 * @param config what was trained, seed included
 * @param version of this library
 * @param runs one per instance, in order
 */
public record ToyResults(ToyConfig config, String version, List<ToyRun> runs) {

  /** A distribution may be anybody's code: what it prints as is all there is to say of it. */
  private static final JsonSerializer<FeatureDistribution> DISTRIBUTION =
      (distribution, type, context) -> new JsonPrimitive(distribution.toString());

  private static final Gson GSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .registerTypeAdapter(ToyModel.class, new ToyModelJson())
          .registerTypeAdapter(FeatureDistribution.class, DISTRIBUTION)
          .create();

  /**
   * Checks that there is one run per instance.
   *
   * @param config what was trained
   * @param version of this library
   * @param runs one per instance
   * @throws IllegalArgumentException if there is not
   */
  public ToyResults {
    runs = List.copyOf(runs);
    if (runs.size() != config.instances()) {
      throw new IllegalArgumentException(
          "results need one run per instance, "
              + config.instances()
              + ", but there are "
              + runs.size());
    }
  }

  /**
   * The restart that ended with the lowest held-out loss; the first such one if several did.
   *
   * @param probabilityIndex which of the configured feature probabilities
   * @return that instance's run
   * @throws IndexOutOfBoundsException if there is no such probability
   */
  public ToyRun best(int probabilityIndex) {
    return restarts(probabilityIndex).stream()
        .min(Comparator.comparingDouble(ToyRun::finalLoss))
        .orElseThrow();
  }

  /**
   * The best restart of every feature probability.
   *
   * @return one run per configured probability, in order
   */
  public List<ToyRun> best() {
    return IntStream.range(0, config.featureProbabilities().size()).mapToObj(this::best).toList();
  }

  /**
   * All restarts of one feature probability.
   *
   * @param probabilityIndex which of the configured feature probabilities
   * @return their runs, in order
   * @throws IndexOutOfBoundsException if there is no such probability
   */
  public List<ToyRun> restarts(int probabilityIndex) {
    int probabilities = config.featureProbabilities().size();
    Objects.checkIndex(probabilityIndex, probabilities);
    return runs.stream().filter(run -> run.instance() % probabilities == probabilityIndex).toList();
  }

  /**
   * Everything as JSON: configuration, version, and per run the loss history, the weights W
   * [hidden, features] and b, and the snapshots.
   *
   * @return an object
   */
  public JsonObject toJson() {
    return GSON.toJsonTree(this).getAsJsonObject();
  }

  /**
   * A table: for every feature probability its best restart.
   *
   * @return several lines
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "Toy models, n = %d, m = %d, %s, %d steps of %d samples, seed %d (version %s)%n",
            config.features(),
            config.hidden(),
            config.architecture(),
            config.steps(),
            config.batch(),
            config.seed(),
            version));
    text.append(
        String.format(
            Locale.ROOT,
            "%11s %8s %12s %12s %14s%n",
            "p",
            "restart",
            "loss",
            "kept",
            "dims/feature"));
    for (ToyRun run : best()) {
      Geometry geometry = run.geometry();
      text.append(
          String.format(
              Locale.ROOT,
              "%11.4f %4d of %d %12.6f %12d %14.3f%n",
              run.featureProbability(),
              run.restart() + 1,
              config.restarts(),
              run.finalLoss(),
              geometry.featuresKept(),
              geometry.dimensionsPerFeature()));
    }
    return text.toString();
  }
}
