package dev.circuitscope.examples.superposition.dynamics;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Reproduction;
import dev.circuitscope.toymodels.dynamics.LearningDynamics;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The learning dynamics of "Toy Models of Superposition" (Elhage et al., 2022). */
public final class Dynamics implements Reproduction<DynamicsResult> {

  private final DynamicsRecipe recipe;
  private final long seed;

  /**
   * The experiment.
   *
   * @param recipe what to train
   * @param seed of weights and data
   */
  public Dynamics(DynamicsRecipe recipe, long seed) {
    this.recipe = recipe;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "dynamics";
  }

  @Override
  public DynamicsResult run(Progress progress) {
    return new DynamicsResult(
        recipe,
        seed,
        WatchedTraining.of("levels", recipe.uniform(), 1, recipe.samples(), seed, progress),
        WatchedTraining.of(
            "octahedron",
            recipe.octahedron(),
            recipe.restarts(),
            recipe.samples(),
            seed,
            progress));
  }

  @Override
  public List<String> findings(DynamicsResult result) {
    LearningDynamics dynamics = result.uniform().dynamics();
    return List.of(
        String.format(
            Locale.ROOT,
            "Learning dynamics: after the first plateau, feature dimensionalities change %.1f times "
                + "as fast while the loss drops as in the rest of the time until it has settled.",
            dynamics.relativeMovement()));
  }

  @Override
  public List<Section> sections(DynamicsResult result) {
    return List.of(DynamicsSection.of(result));
  }

  @Override
  public List<Claim> claims(DynamicsResult result) {
    return DynamicsClaims.of(result);
  }

  @Override
  public List<List<String>> recipe(DynamicsResult result) {
    return List.of(
        List.of("Learning dynamics, levels", text(recipe.uniform(), 1, result.uniform())),
        List.of(
            "Learning dynamics, octahedron",
            text(recipe.octahedron(), recipe.restarts(), result.octahedron())));
  }

  private static String text(
      DynamicsRecipe.Watched watched, int restarts, WatchedTraining training) {
    return String.format(
        Locale.ROOT,
        "n = %d, m = %d, sets of %d, p = %s, equal importance; %,d steps of %,d fresh samples, AdamW "
            + "at %s, weight decay %s; best of %d; a snapshot every %d steps; %.1f s",
        watched.features(),
        watched.hidden(),
        watched.setSize(),
        watched.probability(),
        watched.training().steps(),
        watched.training().batch(),
        watched.training().learningRate(),
        watched.training().weightDecay(),
        restarts,
        watched.every(),
        training.seconds());
  }

  @Override
  public JsonObject json(DynamicsResult result) {
    JsonObject json = new JsonObject();
    json.add("levels", result.uniform().dynamics().toJson());
    json.add("octahedron", result.octahedron().dynamics().toJson());
    return json;
  }

  @Override
  public void saveModels(DynamicsResult result, Path directory) throws IOException {
    Json.write(
        directory.resolve("dynamics-octahedron.json"), result.octahedron().results().toJson());
    Json.write(
        directory.resolve("dynamics-levels.json"),
        withoutSnapshots(result.uniform().results()).toJson());
  }

  /** Of hundreds of features, the snapshots would be tens of megabytes. */
  private static ToyResults withoutSnapshots(ToyResults results) {
    List<ToyRun> runs =
        results.runs().stream()
            .map(
                run ->
                    new ToyRun(
                        run.instance(),
                        run.featureProbability(),
                        run.restart(),
                        run.model(),
                        run.finalLoss(),
                        run.history(),
                        List.of()))
            .toList();
    return new ToyResults(results.config(), results.version(), runs);
  }
}
