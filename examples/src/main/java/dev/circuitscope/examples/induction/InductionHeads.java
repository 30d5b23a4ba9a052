package dev.circuitscope.examples.induction;

import com.google.gson.JsonObject;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Recipe;
import dev.circuitscope.examples.reproduction.Reproduction;
import dev.circuitscope.examples.training.ModelFiles;
import dev.circuitscope.examples.training.PlainTextPlan;
import dev.circuitscope.examples.training.TextData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Induction heads form in two layers and not in one. */
public final class InductionHeads implements Reproduction<InductionResult> {

  private final Recipe recipe;
  private final long seed;
  private final Optional<PlainTextPlan> plainText;

  /**
   * The experiment.
   *
   * @param recipe of data, models and training
   * @param seed of weights and batches
   * @param plainText how long to train on plain text alone as well; empty for not at all
   */
  public InductionHeads(Recipe recipe, long seed, Optional<PlainTextPlan> plainText) {
    this.recipe = recipe;
    this.seed = seed;
    this.plainText = plainText;
  }

  @Override
  public String name() {
    return "induction";
  }

  @Override
  public InductionResult run(Progress progress) throws IOException {
    progress.say("Reading and tokenizing text");
    TextData data = TextData.load(recipe.data());
    progress.say("Training on " + data.train());
    MeasuredTraining training = new MeasuredTraining(recipe, data, seed, progress);
    ModelRun one = training.mixed(1);
    ModelRun two = training.mixed(2);
    Optional<ModelRun> plain = plainText.map(plan -> training.plain(2, plan));
    return new InductionResult(
        recipe,
        seed,
        data.corpus(),
        data.tokenizer(),
        one,
        two,
        plain,
        AttentionExample.onRepeats(two.model(), two.bestHead(), data, recipe.measures().seed()),
        AttentionExample.onText(two.model(), two.bestHead(), data.validation()));
  }

  @Override
  public List<String> findings(InductionResult result) {
    return InductionFindings.of(result);
  }

  @Override
  public List<Section> sections(InductionResult result) {
    return List.of(InductionSection.of(result));
  }

  @Override
  public List<Claim> claims(InductionResult result) {
    return InductionClaims.of(result);
  }

  @Override
  public List<List<String>> recipe(InductionResult result) {
    return InductionRecipe.of(result);
  }

  @Override
  public JsonObject json(InductionResult result) {
    JsonObject json = new JsonObject();
    json.addProperty("corpus", result.corpus().name());
    json.addProperty("corpus_sha256", result.corpus().sha256());
    json.add("one_layer", result.oneLayer().toJson());
    json.add("two_layers", result.twoLayers().toJson());
    result.plainText().ifPresent(run -> json.add("plain_text", run.toJson()));
    return json;
  }

  @Override
  public void saveModels(InductionResult result, Path directory) throws IOException {
    ModelFiles.save(result.oneLayer().model(), result.tokenizer(), directory.resolve("one-layer"));
    ModelFiles.save(
        result.twoLayers().model(), result.tokenizer(), directory.resolve("two-layers"));
    if (result.plainText().isPresent()) {
      ModelFiles.save(
          result.plainText().get().model(),
          result.tokenizer(),
          directory.resolve("two-layers-plain-text"));
    }
  }
}
