package dev.circuitscope.examples.framework;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Reproduction;
import dev.circuitscope.examples.training.ModelFiles;
import dev.circuitscope.examples.training.TextData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The circuits of attention-only transformers with no, one and two layers. */
public final class Framework implements Reproduction<FrameworkResult> {

  private static final List<String> DIRECTORIES = List.of("zero-layers", "one-layer", "two-layers");

  private final FrameworkRecipe recipe;
  private final long seed;

  /**
   * The experiment.
   *
   * @param recipe of data, models and measures
   * @param seed of weights and batches
   */
  public Framework(FrameworkRecipe recipe, long seed) {
    this.recipe = recipe;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "framework";
  }

  @Override
  public FrameworkResult run(Progress progress) throws IOException {
    progress.say("Reading and tokenizing text");
    TextData data = TextData.load(recipe.data());
    progress.say("Training on " + data.train());
    ModelTraining training = new ModelTraining(recipe, data, seed, progress);
    return measure(
        data, List.of(training.zeroLayers(), training.oneLayer(), training.twoLayers()), progress);
  }

  /** Measures trained models. */
  FrameworkResult measure(TextData data, List<TrainedModel> models, Progress progress) {
    Transformer two = models.get(2).model();
    progress.say("Measuring bigrams");
    ZeroLayerStudy bigrams = ZeroLayerStudy.of(models.get(0).model(), data, recipe);
    progress.say("Measuring copying, and searching skip-trigrams");
    OneLayerStudy copying = OneLayerStudy.of(models.get(1).model(), data, recipe);
    progress.say("Measuring induction heads, and expanding their scores");
    InductionStudy induction = InductionStudy.of(two, data, recipe);
    progress.say("Measuring composition");
    CompositionStudy composition =
        CompositionStudy.of(two, induction.previous(), recipe.measures());
    progress.say("Expanding paths");
    TermStudy terms = TermStudy.of(two, data, recipe);
    return new FrameworkResult(
        recipe,
        seed,
        data.corpus(),
        data.tokenizer(),
        models,
        bigrams,
        copying,
        induction,
        composition,
        terms);
  }

  @Override
  public List<String> findings(FrameworkResult result) {
    return FrameworkFindings.of(result);
  }

  @Override
  public List<Section> sections(FrameworkResult result) {
    return List.of(
        ZeroLayerSection.of(result),
        OneLayerSection.of(result),
        CompositionSection.of(result),
        InductionSection.of(result),
        TermSection.of(result));
  }

  @Override
  public List<Claim> claims(FrameworkResult result) {
    return FrameworkClaims.of(result);
  }

  @Override
  public List<List<String>> recipe(FrameworkResult result) {
    return FrameworkRows.of(result);
  }

  @Override
  public JsonObject json(FrameworkResult result) {
    JsonObject json = new JsonObject();
    json.addProperty("corpus", result.corpus().name());
    json.addProperty("corpus_sha256", result.corpus().sha256());
    JsonArray models = new JsonArray();
    result.models().forEach(model -> models.add(model.toJson()));
    json.add("models", models);
    json.add("bigrams", result.bigrams().toJson());
    json.add("copying", result.copying().toJson());
    json.add("induction", result.induction().toJson());
    json.add("composition", result.composition().toJson());
    json.add("terms", result.terms().toJson());
    return json;
  }

  @Override
  public void saveModels(FrameworkResult result, Path directory) throws IOException {
    for (int i = 0; i < DIRECTORIES.size(); i++) {
      ModelFiles.save(
          result.models().get(i).model(),
          result.tokenizer(),
          directory.resolve(DIRECTORIES.get(i)));
    }
  }
}
