package dev.circuitscope.examples.superposition;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Recipe;
import dev.circuitscope.examples.reproduction.Reproduction;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyResults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The first experiment of "Toy Models of Superposition" (Elhage et al., 2022). */
public final class Superposition implements Reproduction<SuperpositionResult> {

  private final Recipe.Toy recipe;
  private final long seed;

  /**
   * The experiment.
   *
   * @param recipe what to train
   * @param seed of weights and data
   */
  public Superposition(Recipe.Toy recipe, long seed) {
    this.recipe = recipe;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "superposition";
  }

  @Override
  public SuperpositionResult run(Progress progress) {
    ToyConfig config =
        ToyConfig.builder(recipe.features(), recipe.hidden())
            .geometricImportance(recipe.importanceRatio())
            .featureProbabilities(recipe.probabilities())
            .restarts(recipe.restarts())
            .steps(recipe.steps())
            .batch(recipe.batch())
            .seed(seed)
            .build();
    long start = System.nanoTime();
    ToyResults results = ShownToyTraining.train(config, "toy models", progress);
    return new SuperpositionResult(recipe, results, (System.nanoTime() - start) * 1e-9);
  }

  @Override
  public List<String> findings(SuperpositionResult result) {
    int[] kept = result.kept();
    return List.of(
        String.format(
            Locale.ROOT,
            "A toy model with %d features and %d dimensions keeps %d features when all are always "
                + "present (p = %s), and %d when each is present with p = %s%s.",
            recipe.features(),
            recipe.hidden(),
            kept[0],
            ToyNumbers.p(result.densest().featureProbability()),
            kept[kept.length - 1],
            ToyNumbers.p(result.sparsest().featureProbability()),
            kept[kept.length - 1] > kept[0]
                ? ": as features become sparser it stores more of them, at the price of interference"
                : ""));
  }

  @Override
  public List<Section> sections(SuperpositionResult result) {
    return List.of(SuperpositionSection.of(result));
  }

  @Override
  public List<Claim> claims(SuperpositionResult result) {
    return SuperpositionClaims.of(result);
  }

  @Override
  public List<List<String>> recipe(SuperpositionResult result) {
    ToyConfig config = result.results().config();
    return List.of(
        List.of(
            "Toy models",
            String.format(
                Locale.ROOT,
                "x' = ReLU(WᵀWx + b), n = %d features, m = %d dimensions, importance %s^i, p = %s; "
                    + "%,d steps of %,d fresh samples, AdamW at a constant %s, weight decay %s; "
                    + "best of %d restarts by loss on held-out samples",
                config.features(),
                config.hidden(),
                number(recipe.importanceRatio()),
                String.join(", ", recipe.probabilities().stream().map(ToyNumbers::p).toList()),
                config.steps(),
                config.batch(),
                number(config.learningRate()),
                number(config.weightDecay()),
                config.restarts())),
        List.of("Toy models, training", String.format(Locale.ROOT, "%.1f s", result.seconds())));
  }

  @Override
  public JsonObject json(SuperpositionResult result) {
    return result.results().toJson();
  }

  @Override
  public void saveModels(SuperpositionResult result, Path directory) throws IOException {
    Json.write(directory.resolve("toy-models.json"), result.results().toJson());
  }

  private static String number(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }
}
