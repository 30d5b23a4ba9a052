package dev.circuitscope.examples.superposition.structure;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Reproduction;
import dev.circuitscope.examples.superposition.ShownToyTraining;
import dev.circuitscope.toymodels.superposition.AnticorrelatedSets;
import dev.circuitscope.toymodels.superposition.CorrelatedSets;
import dev.circuitscope.toymodels.superposition.FeatureDistribution;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import dev.circuitscope.toymodels.superposition.ToySchedule;
import dev.circuitscope.toymodels.superposition.ToyTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Correlated and anticorrelated features, and superposition of features that differ. */
public final class Structure implements Reproduction<StructureResult> {

  /** Features of the two sets of ten. */
  static final int BASE = 10;

  private static final double LEARNING_RATE = 3e-3;

  private final StructureRecipe recipe;
  private final long seed;

  /**
   * The study.
   *
   * @param recipe what to train
   * @param seed of weights and data
   */
  public Structure(StructureRecipe recipe, long seed) {
    this.recipe = recipe;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "structure";
  }

  @Override
  public StructureResult run(Progress progress) {
    long start = System.nanoTime();
    List<Double> one = List.of(recipe.setProbability());
    var pair = new CorrelatedSets(2);
    ToyResults correlated =
        ShownToyTraining.train(
            config(4, 2, pair, one, recipe.restarts()), "correlated pairs", progress);
    ToyResults anticorrelated =
        ShownToyTraining.train(
            config(4, 2, new AnticorrelatedSets(2), one, recipe.restarts()),
            "anticorrelated pairs",
            progress);
    ToyResults pairs =
        CloseRestarts.measured(
            ShownToyTraining.train(
                config(6, 2, pair, recipe.collapseProbabilities(), recipe.pairRestarts()),
                "collapse of correlated pairs",
                progress));
    ToyResults bases =
        ShownToyTraining.train(
            config(
                2 * BASE,
                BASE,
                new CorrelatedSets(BASE),
                recipe.baseProbabilities(),
                recipe.restarts()),
            "two correlated sets of ten",
            progress);
    List<PolygonCell> polygons = polygons(progress);
    List<Double> factors = recipe.factors();
    PolygonBranches branches =
        PolygonBranches.follow(
            factors.get(0), factors.get(factors.size() - 1), recipe.polygonProbability());
    double seconds = (System.nanoTime() - start) * 1e-9;
    return new StructureResult(
        recipe, correlated, anticorrelated, pairs, bases, polygons, branches, seconds);
  }

  private List<PolygonCell> polygons(Progress progress) {
    List<PolygonCell> cells = new ArrayList<>();
    long units = recipe.factors().size();
    try (Progress.Bar bar = progress.start("one feature rarer than four", units, "models")) {
      for (double factor : recipe.factors()) {
        double p = recipe.polygonProbability();
        FeatureDistribution distribution = PolygonCell.distribution(factor, p);
        ToyConfig config = config(5, 2, distribution, List.of(1.0), recipe.polygonRestarts());
        cells.add(PolygonCell.of(factor, p, ToyTrainer.of(config).train()));
        bar.update(cells.size(), "");
      }
    }
    return cells;
  }

  private ToyConfig config(
      int features,
      int hidden,
      FeatureDistribution distribution,
      List<Double> probabilities,
      int restarts) {
    return ToyConfig.builder(features, hidden)
        .distribution(distribution)
        .featureProbabilities(probabilities)
        .restarts(restarts)
        .steps(recipe.steps())
        .batch(recipe.batch())
        .learningRate(LEARNING_RATE)
        .schedule(ToySchedule.COSINE)
        .seed(seed)
        .build();
  }

  @Override
  public List<String> findings(StructureResult result) {
    var bases = StructureResult.sets(baseRun(result), BASE);
    return List.of(
        String.format(
            Locale.ROOT,
            "Two sets of ten correlated features in ten dimensions interfere %.1f times as much "
                + "across sets as within one. Of five features in a plane, the model leaves out "
                + "one that is rare: exact losses of pentagon and two digons cross where it is "
                + "%.2f times as frequent as the others.",
            bases.across() / bases.within(),
            result.branches().crossing()));
  }

  static ToyRun baseRun(StructureResult result) {
    return StructureResult.at(result.bases(), result.recipe().setProbability());
  }

  @Override
  public List<Section> sections(StructureResult result) {
    return List.of(SetsSection.of(result), CollapseSection.of(result), PolygonSection.of(result));
  }

  @Override
  public List<Claim> claims(StructureResult result) {
    return StructureClaims.of(result);
  }

  @Override
  public List<List<String>> recipe(StructureResult result) {
    return List.of(
        List.of(
            "Structured features",
            String.format(
                Locale.ROOT,
                "n = 4, 6 and 5 features in m = 2 dimensions, n = 20 in m = 10; I = 1; %s steps of %s "
                    + "fresh samples, AdamW from %s down to 0 along a cosine; best of %d restarts "
                    + "(three pairs %d, polygons %d, whose losses are exact) by loss on held-out samples",
                Numbers.count(recipe.steps()),
                Numbers.count(recipe.batch()),
                LEARNING_RATE,
                recipe.restarts(),
                recipe.pairRestarts(),
                recipe.polygonRestarts())),
        List.of(
            "Structured features, training and exact losses",
            String.format(Locale.ROOT, "%.1f s", result.seconds())));
  }

  @Override
  public JsonObject json(StructureResult result) {
    return StructureJson.of(result);
  }

  @Override
  public void saveModels(StructureResult result, Path directory) throws IOException {
    write(directory, "correlated-pairs", result.correlated());
    write(directory, "anticorrelated-pairs", result.anticorrelated());
    write(directory, "three-correlated-pairs", result.pairs());
    write(directory, "correlated-bases", result.bases());
    for (PolygonCell cell : result.polygons()) {
      write(directory, "polygon-" + cell.factor(), cell.results());
    }
  }

  private static void write(Path directory, String name, ToyResults results) throws IOException {
    Json.write(directory.resolve("structure-" + name + ".json"), results.toJson());
  }
}
