package dev.circuitscope.examples.superposition.uniform;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Reproduction;
import dev.circuitscope.examples.superposition.ShownToyTraining;
import dev.circuitscope.toymodels.geometry.RegularFigure;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToySchedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Features of equal importance: dimensions per feature, and the figures that features form. */
public final class Uniform implements Reproduction<UniformResult> {

  private final UniformRecipe recipe;
  private final long seed;

  /**
   * The study.
   *
   * @param recipe what to train
   * @param seed of weights and data
   */
  public Uniform(UniformRecipe recipe, long seed) {
    this.recipe = recipe;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "uniform";
  }

  @Override
  public UniformResult run(Progress progress) {
    ToyConfig config =
        ToyConfig.builder(recipe.features(), recipe.hidden())
            .featureProbabilities(recipe.sparsities().stream().map(x -> 1 / x).toList())
            .steps(recipe.steps())
            .batch(recipe.batch())
            .learningRate(recipe.learningRate())
            .schedule(ToySchedule.COSINE)
            .seed(seed)
            .build();
    long start = System.nanoTime();
    ToyResults results = ShownToyTraining.train(config, "uniform importance", progress);
    return UniformResult.of(recipe, results, (System.nanoTime() - start) * 1e-9);
  }

  @Override
  public List<String> findings(UniformResult result) {
    UniformRow half = result.nearest(3);
    return List.of(
        String.format(
            Locale.ROOT,
            "With %d equally important features in %d dimensions, dimensions per feature fall from "
                + "%.2f (p = 1) to %.2f (1/p = %s), where %d of %d learned features form antipodal "
                + "pairs; at 1/p = %s the model consists of %s.",
            recipe.features(),
            recipe.hidden(),
            result.rows().get(0).geometry().dimensionsPerFeature(),
            half.geometry().dimensionsPerFeature(),
            UniformSection.sparsity(half),
            2 * half.count(RegularFigure.DIGON),
            half.learned(),
            UniformSection.sparsity(result.nearest(4)),
            UniformSection.components(result.nearest(4))));
  }

  @Override
  public List<Section> sections(UniformResult result) {
    return List.of(UniformSection.of(result));
  }

  @Override
  public List<Claim> claims(UniformResult result) {
    return UniformClaims.of(result);
  }

  @Override
  public List<List<String>> recipe(UniformResult result) {
    ToyConfig config = result.results().config();
    return List.of(
        List.of(
            "Uniform importance",
            String.format(
                Locale.ROOT,
                "x' = ReLU(WᵀWx + b), n = %d, m = %d, I = 1, 1/p = %s; %s steps of %s fresh samples, "
                    + "AdamW from %s down to 0 along a cosine, weight decay %s, one training each",
                config.features(),
                config.hidden(),
                recipe.sparsities().stream()
                    .map(UniformSection::sparsity)
                    .collect(Collectors.joining(", ")),
                Numbers.count(config.steps()),
                Numbers.count(config.batch()),
                config.learningRate(),
                config.weightDecay())),
        List.of(
            "Uniform importance, training",
            String.format(Locale.ROOT, "%.1f s", result.seconds())));
  }

  @Override
  public JsonObject json(UniformResult result) {
    return UniformJson.of(result);
  }

  @Override
  public void saveModels(UniformResult result, Path directory) throws IOException {
    Json.write(directory.resolve("uniform-models.json"), result.results().toJson());
  }
}
