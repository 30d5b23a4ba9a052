package dev.circuitscope.examples.superposition.basic;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Reproduction;
import dev.circuitscope.examples.superposition.ShownToyTraining;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.superposition.ToyArchitecture;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyResults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which features toy models keep, from dense to sparse, with and without a ReLU. */
public final class BasicResults implements Reproduction<BasicResult> {

  private final BasicRecipe recipe;
  private final long seed;

  /**
   * The experiment.
   *
   * @param recipe what to train
   * @param seed of weights and data
   */
  public BasicResults(BasicRecipe recipe, long seed) {
    this.recipe = recipe;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "basic";
  }

  @Override
  public BasicResult run(Progress progress) {
    List<LadderResult> ladders = new ArrayList<>();
    for (BasicRecipe.Ladder ladder : recipe.ladders()) {
      ladders.add(
          new LadderResult(
              ladder,
              train(ladder, ToyArchitecture.RELU_OUTPUT, progress),
              train(ladder, ToyArchitecture.LINEAR, progress)));
    }
    ToyResults equal = train(recipe.equal(), ToyArchitecture.RELU_OUTPUT, progress);
    ToyResults falling = train(recipe.falling(), ToyArchitecture.RELU_OUTPUT, progress);
    return new BasicResult(recipe, seed, ladders, equal, falling);
  }

  private ToyResults train(
      BasicRecipe.Ladder ladder, ToyArchitecture architecture, Progress progress) {
    String task = ladder.label() + (architecture == ToyArchitecture.LINEAR ? ", linear" : "");
    return ShownToyTraining.train(ladder.config(architecture, seed), task, progress);
  }

  @Override
  public List<String> findings(BasicResult result) {
    LadderResult first = result.ladders().get(0);
    return List.of(
        String.format(
            Locale.ROOT,
            "With %s, the linear model keeps the %d most important features at %d of %d sparsities; "
                + "with a ReLU at the output, ‖W‖² grows from %.1f at p = %s to %.1f at p = %s.",
            first.ladder().label(),
            first.ladder().hidden(),
            first.linear().best().stream().filter(run -> first.outOfOrder(run) == 0).count(),
            first.linear().best().size(),
            first.relu().best().get(0).geometry().squaredNorm(),
            ToyNumbers.p(first.relu().best().get(0).featureProbability()),
            LadderResult.at(first.relu().best(), 0.01).geometry().squaredNorm(),
            ToyNumbers.p(LadderResult.at(first.relu().best(), 0.01).featureProbability())));
  }

  @Override
  public List<Section> sections(BasicResult result) {
    return List.of(LadderSection.of(result), EqualSection.of(result));
  }

  @Override
  public List<Claim> claims(BasicResult result) {
    return BasicClaims.of(result);
  }

  @Override
  public List<List<String>> recipe(BasicResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (BasicRecipe.Ladder ladder : recipe.ladders()) {
      rows.add(row("Basic results, " + ladder.label(), ladder));
    }
    rows.add(row("Equal importance, " + recipe.equal().label(), recipe.equal()));
    rows.add(row("Falling importance, " + recipe.falling().label(), recipe.falling()));
    return rows;
  }

  private List<String> row(String name, BasicRecipe.Ladder ladder) {
    ToyConfig config = ladder.config(ToyArchitecture.RELU_OUTPUT, seed);
    return List.of(
        name,
        String.format(
            Locale.ROOT,
            "importance %s^i, p = %s; %,d steps of %,d fresh samples, AdamW at a constant %s, "
                + "best of %d",
            String.format(Locale.ROOT, "%.3f", ladder.importanceRatio())
                .replaceFirst("\\.?0+$", ""),
            String.join(", ", ladder.probabilities().stream().map(ToyNumbers::p).toList()),
            ladder.steps(),
            ladder.batch(),
            config.learningRate(),
            ladder.restarts()));
  }

  @Override
  public JsonObject json(BasicResult result) {
    JsonArray ladders = new JsonArray();
    for (LadderResult ladder : result.ladders()) {
      JsonObject one = new JsonObject();
      one.add("relu", ladder.relu().toJson());
      one.add("linear", ladder.linear().toJson());
      ladders.add(one);
    }
    JsonObject json = new JsonObject();
    json.add("ladders", ladders);
    json.add("equal", result.equal().toJson());
    json.add("falling", result.falling().toJson());
    json.addProperty("equal_dense_exact_loss", result.equalDenseLoss());
    json.addProperty("equal_dense_dedicated_loss", result.dedicatedLoss());
    return json;
  }

  @Override
  public void saveModels(BasicResult result, Path directory) throws IOException {
    for (LadderResult ladder : result.ladders()) {
      String name = "basic-" + ladder.ladder().features() + "-" + ladder.ladder().hidden();
      Json.write(directory.resolve(name + ".json"), ladder.relu().toJson());
      Json.write(directory.resolve(name + "-linear.json"), ladder.linear().toJson());
    }
    Json.write(directory.resolve("basic-equal.json"), result.equal().toJson());
    Json.write(directory.resolve("basic-falling.json"), result.falling().toJson());
  }
}
