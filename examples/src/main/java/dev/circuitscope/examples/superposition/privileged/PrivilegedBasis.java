package dev.circuitscope.examples.superposition.privileged;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Reproduction;
import dev.circuitscope.examples.superposition.ShownToyTraining;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Features in neurons, from dense to sparse. */
public final class PrivilegedBasis implements Reproduction<PrivilegedResult> {

  private final PrivilegedRecipe recipe;
  private final long seed;

  /**
   * The experiment.
   *
   * @param recipe what to train
   * @param seed of weights and data
   */
  public PrivilegedBasis(PrivilegedRecipe recipe, long seed) {
    this.recipe = recipe;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "privileged";
  }

  @Override
  public PrivilegedResult run(Progress progress) {
    return new PrivilegedResult(
        recipe,
        seed,
        ShownToyTraining.train(recipe.config(seed), "models with a hidden ReLU", progress));
  }

  @Override
  public List<String> findings(PrivilegedResult result) {
    return List.of(
        String.format(
            Locale.ROOT,
            "With a ReLU on the hidden units, %d of %d neurons hold one feature at p = %s, and %d at "
                + "p = %s, where they hold %s on average.",
            PrivilegedResult.monosemantic(result.densest()),
            recipe.neurons(),
            ToyNumbers.p(result.densest().featureProbability()),
            PrivilegedResult.monosemantic(result.sparsest()),
            ToyNumbers.p(result.sparsest().featureProbability()),
            Numbers.two(PrivilegedResult.featuresPerNeuron(result.sparsest()))));
  }

  @Override
  public List<Section> sections(PrivilegedResult result) {
    return List.of(PrivilegedSection.of(result));
  }

  @Override
  public List<Claim> claims(PrivilegedResult result) {
    return PrivilegedClaims.of(result);
  }

  @Override
  public List<List<String>> recipe(PrivilegedResult result) {
    return List.of(
        List.of(
            "Privileged basis",
            String.format(
                Locale.ROOT,
                "h = ReLU(Wx), x' = ReLU(Wᵀh + b), n = %d, m = %d, importance %s^i, p = %s; %,d "
                    + "steps of %,d fresh samples, AdamW at a constant %s; best of %d",
                recipe.features(),
                recipe.neurons(),
                recipe.importanceRatio(),
                String.join(", ", recipe.probabilities().stream().map(ToyNumbers::p).toList()),
                recipe.steps(),
                recipe.batch(),
                result.results().config().learningRate(),
                recipe.restarts())));
  }

  @Override
  public JsonObject json(PrivilegedResult result) {
    Gson gson = new Gson();
    JsonArray models = new JsonArray();
    for (ToyRun run : result.results().runs()) {
      JsonObject model = new JsonObject();
      model.addProperty("p", run.featureProbability());
      model.addProperty("restart", run.restart());
      model.addProperty("loss", run.finalLoss());
      model.addProperty("monosemantic_neurons", PrivilegedResult.monosemantic(run));
      model.add("effective_features", gson.toJsonTree(PrivilegedResult.features(run)));
      model.add("w", gson.toJsonTree(run.model().weights()));
      model.add("b", gson.toJsonTree(run.model().bias()));
      models.add(model);
    }
    JsonObject json = new JsonObject();
    json.add("models", models);
    return json;
  }

  @Override
  public void saveModels(PrivilegedResult result, Path directory) throws IOException {
    Json.write(directory.resolve("privileged.json"), result.results().toJson());
  }
}
