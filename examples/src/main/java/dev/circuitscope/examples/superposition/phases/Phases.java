package dev.circuitscope.examples.superposition.phases;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Reproduction;
import dev.circuitscope.toymodels.superposition.ToyTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The phase diagrams of "Toy Models of Superposition" (Elhage et al., 2022). */
public final class Phases implements Reproduction<PhasesResult> {

  private final PhasesRecipe recipe;
  private final long seed;

  /**
   * The experiment.
   *
   * @param recipe what to train
   * @param seed of weights and data
   */
  public Phases(PhasesRecipe recipe, long seed) {
    this.recipe = recipe;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "phases";
  }

  @Override
  public PhasesResult run(Progress progress) throws IOException {
    List<PhaseDiagram> diagrams = new ArrayList<>();
    for (int features : PhasesRecipe.FEATURES) {
      diagrams.add(PhaseTraining.train(features, recipe, seed, progress));
    }
    return new PhasesResult(recipe, seed, diagrams);
  }

  @Override
  public List<String> findings(PhasesResult result) {
    return result.diagrams().stream()
        .map(
            diagram ->
                ("Phase diagram of %d features in %d: training agrees with theory in %s of the %d "
                        + "cells away from boundaries; %d × %d cells, best of %d, trained in %s.")
                    .formatted(
                        diagram.features(),
                        diagram.features() - 1,
                        diagram.agreementText(),
                        diagram.inside(),
                        recipe.cells(),
                        recipe.cells(),
                        recipe.restarts(),
                        seconds(diagram)))
        .toList();
  }

  @Override
  public List<Section> sections(PhasesResult result) {
    return List.of(PhasesSection.of(result));
  }

  @Override
  public List<Claim> claims(PhasesResult result) {
    return PhasesClaims.of(result);
  }

  @Override
  public List<List<String>> recipe(PhasesResult result) {
    ToyTraining training = recipe.training();
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "Phase diagrams",
            String.format(
                Locale.ROOT,
                "n = 2, m = 1 and n = 3, m = 2; %d values of p from 1 to %s, %d of the relative "
                    + "importance from %s to %s; in each cell %,d steps of %,d fresh samples, AdamW "
                    + "at %s (%s), weight decay %s; best of %d restarts by exact loss",
                recipe.cells(),
                recipe.sparsest(),
                recipe.cells(),
                1 / recipe.importance(),
                recipe.importance(),
                training.steps(),
                training.batch(),
                training.learningRate(),
                training.schedule().name().toLowerCase(Locale.ROOT),
                training.weightDecay(),
                recipe.restarts())));
    for (PhaseDiagram diagram : result.diagrams()) {
      rows.add(
          List.of("Phase diagram, n = " + diagram.features() + ", training", seconds(diagram)));
    }
    return rows;
  }

  @Override
  public JsonObject json(PhasesResult result) {
    JsonArray diagrams = new JsonArray();
    result.diagrams().forEach(diagram -> diagrams.add(diagram.toJson()));
    JsonObject json = new JsonObject();
    json.add("diagrams", diagrams);
    return json;
  }

  @Override
  public void saveModels(PhasesResult result, Path directory) throws IOException {
    for (PhaseDiagram diagram : result.diagrams()) {
      String file = "phases-n%d.json".formatted(diagram.features());
      Json.write(directory.resolve(file), diagram.cells().toJson());
    }
  }

  private static String seconds(PhaseDiagram diagram) {
    return String.format(Locale.ROOT, "%.1f s", diagram.seconds());
  }
}
