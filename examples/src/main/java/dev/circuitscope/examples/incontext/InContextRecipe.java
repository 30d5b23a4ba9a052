package dev.circuitscope.examples.incontext;

import dev.circuitscope.circuits.learning.LossPositions;
import dev.circuitscope.core.text.IntRange;
import dev.circuitscope.examples.reproduction.Recipe;

/**
 * Every number that decides a run, but the seed.
 *
 * @param data what is read
 * @param shape of the models, but for layers and keys
 * @param training of all models
 * @param samples what is measured on
 * @param readings what is read off the curves
 */
public record InContextRecipe(
    Recipe.Data data,
    Recipe.Shape shape,
    Recipe.Training training,
    Samples samples,
    Readings readings) {

  /**
   * What is measured on, the same tokens for every snapshot of every model.
   *
   * @param block different random tokens in a block
   * @param times it stands there, after a start token
   * @param repeats such sequences, for scores of heads
   * @param windows of held-out text, and as many like those in training, for losses
   * @param probes windows like those in training, of which one token each is in the vector of
   *     per-token losses
   * @param ablation windows like those in training, on which heads are ablated
   * @param seed of all of them, not the run's, so that all runs are measured on the same tokens
   */
  public record Samples(
      int block, int times, int repeats, int windows, int probes, int ablation, long seed) {}

  /**
   * What is read off the curves.
   *
   * @param positions whose losses the in-context learning score compares
   * @param slope token indices over which the derivative of the loss is taken
   * @param inductionHead the prefix-matching score from which on a head is called an induction head
   * @param leastRise of the best prefix-matching score that counts as a change
   * @param leastBump height of a loss curve above its convex hull that counts as a bump, in nats
   * @param pivotRadius how far around a point of a trajectory its turn is taken, as a share of the
   *     trajectory's extent
   */
  public record Readings(
      LossPositions positions,
      IntRange slope,
      double inductionHead,
      double leastRise,
      double leastBump,
      double pivotRadius) {}

  /**
   * What forms induction heads within minutes on two cores.
   *
   * @return the recipe of {@code circuitscope reproduce induction}
   */
  public static InContextRecipe standard() {
    Recipe common = Recipe.standard();
    return new InContextRecipe(
        common.data(),
        common.shape(),
        common.training(),
        new Samples(15, 4, 20, 256, 2_000, 512, common.measures().seed()),
        new Readings(
            common.measures().positions(),
            new IntRange(8, 62),
            common.measures().inductionHead(),
            0.2,
            0.1,
            0.2));
  }

  /**
   * A run of seconds, which shows that everything works and finds nothing.
   *
   * @return a recipe for tests
   */
  public static InContextRecipe quick() {
    Recipe few = Recipe.quick();
    return new InContextRecipe(
        few.data(),
        few.shape(),
        few.training(),
        new Samples(5, 3, 4, 16, 20, 16, few.measures().seed()),
        new Readings(
            new LossPositions(4, 20),
            new IntRange(4, 20),
            few.measures().inductionHead(),
            0.2,
            0.1,
            0.2));
  }
}
