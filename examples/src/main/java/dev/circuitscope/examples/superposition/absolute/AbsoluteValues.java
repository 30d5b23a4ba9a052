package dev.circuitscope.examples.superposition.absolute;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Reproduction;
import dev.circuitscope.examples.superposition.ShownToyTraining;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Absolute values of more features than there are pairs of neurons. */
public final class AbsoluteValues implements Reproduction<AbsoluteResult> {

  private final AbsoluteRecipe recipe;
  private final long seed;

  /**
   * The experiment.
   *
   * @param recipe what to train
   * @param seed of weights and data
   */
  public AbsoluteValues(AbsoluteRecipe recipe, long seed) {
    this.recipe = recipe;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "absolute";
  }

  @Override
  public AbsoluteResult run(Progress progress) {
    return new AbsoluteResult(
        recipe, seed, train(recipe.pairs(), progress), train(recipe.sweep(), progress));
  }

  private ToyResults train(AbsoluteRecipe.Shape shape, Progress progress) {
    return ShownToyTraining.train(
        shape.config(seed), "absolute values, " + shape.label(), progress);
  }

  @Override
  public List<String> findings(AbsoluteResult result) {
    List<ToyRun> best = result.sweep().best();
    ToyRun dense = best.get(0);
    ToyRun sparse = best.get(best.size() - 1);
    int neurons = recipe.sweep().neurons();
    return List.of(
        String.format(
            Locale.ROOT,
            "Computing |x| of %d features with %d neurons, %d of the neurons serve one feature each "
                + "at p = %s, and %d at p = %s. Asymmetric superposition is found %d times "
                + "at p = %s, and %d times in %d models at smaller p.",
            recipe.sweep().features(),
            neurons,
            result.monosemantic(dense),
            ToyNumbers.p(dense.featureProbability()),
            result.monosemantic(sparse),
            ToyNumbers.p(sparse.featureProbability()),
            result.motifs(0).size(),
            ToyNumbers.p(dense.featureProbability()),
            result.motifs().size() - result.motifs(0).size(),
            result.sweep().runs().size() - recipe.sweep().restarts()));
  }

  @Override
  public List<Section> sections(AbsoluteResult result) {
    return List.of(PairSection.of(result), SweepSection.of(result), MotifSection.of(result));
  }

  @Override
  public List<Claim> claims(AbsoluteResult result) {
    return AbsoluteClaims.of(result);
  }

  @Override
  public List<List<String>> recipe(AbsoluteResult result) {
    return List.of(
        row("Absolute values, two neurons for each feature", recipe.pairs()),
        row("Absolute values, sweep", recipe.sweep()));
  }

  private static List<String> row(String name, AbsoluteRecipe.Shape shape) {
    return List.of(
        name,
        String.format(
            Locale.ROOT,
            "y' = ReLU(W₂ReLU(W₁x) + b), %s, importance %s^i, p = %s; %,d steps of %,d fresh "
                + "samples, AdamW at %s falling linearly to 0; W₂ = |W₁|ᵀ at the start; best of %d",
            shape.label(),
            shape.importanceRatio(),
            String.join(", ", shape.probabilities().stream().map(ToyNumbers::p).toList()),
            shape.steps(),
            shape.batch(),
            shape.learningRate(),
            shape.restarts()));
  }

  @Override
  public JsonObject json(AbsoluteResult result) {
    JsonObject json = new JsonObject();
    json.add("pairs", models(result.pairs()));
    json.add("sweep", models(result.sweep()));
    return json;
  }

  private static JsonArray models(ToyResults results) {
    Gson gson = new Gson();
    JsonArray models = new JsonArray();
    for (ToyRun run : results.runs()) {
      JsonObject model = new JsonObject();
      model.addProperty("p", run.featureProbability());
      model.addProperty("restart", run.restart());
      model.addProperty("loss", run.finalLoss());
      model.add("w1", gson.toJsonTree(run.model().weights()));
      model.add("w2", gson.toJsonTree(run.model().decoder()));
      model.add("b", gson.toJsonTree(run.model().bias()));
      model.add("neurons", gson.toJsonTree(AbsoluteResult.neurons(results, run).neurons()));
      model.add(
          "motifs",
          gson.toJsonTree(
              AbsoluteResult.motifs(run).stream().map(AbsoluteResult.Found::motif).toList()));
      models.add(model);
    }
    return models;
  }

  @Override
  public void saveModels(AbsoluteResult result, Path directory) throws IOException {
    Json.write(directory.resolve("absolute-pairs.json"), result.pairs().toJson());
    Json.write(directory.resolve("absolute-sweep.json"), result.sweep().toJson());
  }
}
