package dev.circuitscope.examples.framework;

import dev.circuitscope.core.model.Initialization;
import dev.circuitscope.core.text.IntRange;
import dev.circuitscope.core.train.AdamWConfig;
import dev.circuitscope.core.train.Schedule;
import dev.circuitscope.examples.reproduction.Recipe;

/**
 * Every number that decides a run, but the seed.
 *
 * @param data what is read
 * @param shape of the models, but for the number of layers
 * @param zeroLayers training of the model without layers, on text
 * @param oneLayer training of the model with one layer, on text
 * @param twoLayers training of the model with two layers, on text and repeated blocks
 * @param measures what is measured on the trained models
 */
public record FrameworkRecipe(
    Recipe.Data data,
    Recipe.Shape shape,
    Recipe.Training zeroLayers,
    Recipe.Training oneLayer,
    Recipe.Training twoLayers,
    Measures measures) {

  /**
   * What is measured on the trained models.
   *
   * @param heldOut windows of held-out text that losses are measured on
   * @param sequences windows of held-out text on which paths are expanded in float64
   * @param block tokens in a random block
   * @param times it stands there, after a start token
   * @param repeats such sequences
   * @param chance random matrices that copying and composition are compared with
   * @param level how often random matrices may come as high as what is called beyond chance
   * @param inductionHead the induction score from which on a head is called one
   * @param rows of tables of tokens
   * @param seed of tokens and random matrices, so that all runs are measured on the same ones
   */
  public record Measures(
      int heldOut,
      int sequences,
      int block,
      int times,
      int repeats,
      int chance,
      double level,
      double inductionHead,
      int rows,
      long seed) {}

  /**
   * What forms induction heads within minutes on two cores.
   *
   * @return the recipe of {@code circuitscope reproduce framework}
   */
  public static FrameworkRecipe standard() {
    AdamWConfig adam = AdamWConfig.of(2e-3).withBetas(0.9, 0.99);
    Schedule schedule = Schedule.cosine(0.1).withWarmup(100);
    return new FrameworkRecipe(
        new Recipe.Data(1024, 0.1, 0, 0.5, new IntRange(8, 32)),
        new Recipe.Shape(8, 128, 64, Initialization.DEFAULT),
        new Recipe.Training(1_600, 64, adam, schedule, 100),
        new Recipe.Training(1_800, 64, adam, schedule, 100),
        new Recipe.Training(2_000, 64, adam, Schedule.constant().withWarmup(100), 100),
        new Measures(1024, 64, 20, 3, 32, 1_000, 0.05, 0.4, 12, 1_000_003));
  }

  /**
   * A run of seconds, which shows that everything works and finds nothing.
   *
   * @return a recipe for tests
   */
  public static FrameworkRecipe quick() {
    FrameworkRecipe full = standard();
    Recipe.Training few =
        new Recipe.Training(
            20, 8, full.oneLayer.optimizer(), Schedule.cosine(0.1).withWarmup(5), 10);
    return new FrameworkRecipe(
        new Recipe.Data(512, 0.05, 0, 0.5, new IntRange(4, 8)),
        new Recipe.Shape(2, 16, 24, Initialization.DEFAULT),
        few,
        few,
        few,
        new Measures(16, 3, 7, 3, 4, 20, 0.05, 0.4, 3, full.measures.seed));
  }
}
