package dev.circuitscope.examples.reproduction;

import dev.circuitscope.circuits.learning.LossPositions;
import dev.circuitscope.core.model.Initialization;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.IntRange;
import dev.circuitscope.core.train.AdamWConfig;
import dev.circuitscope.core.train.Schedule;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import java.util.List;

/**
 * Every number that decides a run, but the seed.
 *
 * @param data what is read
 * @param shape of the transformers, but for the number of layers
 * @param training of the transformers
 * @param measures taken at every snapshot
 * @param toy models of superposition
 */
public record Recipe(Data data, Shape shape, Training training, Measures measures, Toy toy) {

  /**
   * What is read.
   *
   * @param vocabulary tokens that are kept of GPT-2's
   * @param validationShare of the documents that are not trained on
   * @param splitSeed decides which; not the run's seed, so that all runs are measured on one text
   * @param repeatedShare of the training windows that are a block of scattered tokens repeated
   * @param periods tokens in such a block
   */
  public record Data(
      int vocabulary,
      double validationShare,
      long splitSeed,
      double repeatedShare,
      IntRange periods) {}

  /**
   * What all transformers have in common.
   *
   * @param heads in a layer
   * @param dModel width of the residual stream
   * @param context tokens in a window
   * @param initialization scales of new weights
   */
  public record Shape(int heads, int dModel, int context, Initialization initialization) {

    /**
     * The configuration of a model with this shape.
     *
     * @param layers of attention
     * @param vocabulary tokens
     * @return attention only, LayerNorm, learned positions
     */
    public TransformerConfig layers(int layers, int vocabulary) {
      return TransformerConfig.attentionOnly(layers)
          .heads(heads)
          .dModel(dModel)
          .vocab(vocabulary)
          .context(context)
          .initialization(initialization)
          .build();
    }
  }

  /**
   * How transformers are trained.
   *
   * @param steps updates
   * @param batch windows in each
   * @param optimizer its constants
   * @param schedule of the learning rate
   * @param snapshotEvery updates between two measurements
   */
  public record Training(
      long steps, int batch, AdamWConfig optimizer, Schedule schedule, long snapshotEvery) {}

  /**
   * What is measured at every snapshot.
   *
   * @param repeats sequences of repeated random tokens
   * @param heldOut windows of held-out text
   * @param positions whose losses the in-context learning score compares
   * @param seed of both, so that all runs are measured on the same tokens
   * @param inductionHead the induction score from which on a head is called one
   */
  public record Measures(
      int repeats, int heldOut, LossPositions positions, long seed, double inductionHead) {}

  /**
   * The toy models: features of falling importance in a small space, at many sparsities.
   *
   * @param features n
   * @param hidden m
   * @param importanceRatio I_i = ratio^i
   * @param probabilities p = 1 - S, falling
   * @param restarts initialisations at each p, of which the best is shown
   * @param steps updates
   * @param batch samples in each
   */
  public record Toy(
      int features,
      int hidden,
      double importanceRatio,
      List<Double> probabilities,
      int restarts,
      int steps,
      int batch) {

    /**
     * Copies the probabilities.
     *
     * @param features n
     * @param hidden m
     * @param importanceRatio I_i = ratio^i
     * @param probabilities p = 1 - S, falling
     * @param restarts initialisations at each p, of which the best is shown
     * @param steps updates
     * @param batch samples in each
     */
    public Toy {
      probabilities = List.copyOf(probabilities);
    }
  }

  /**
   * What forms induction heads within minutes on two cores.
   *
   * @return the recipe of {@code circuitscope reproduce}
   */
  public static Recipe standard() {
    return new Recipe(
        new Data(1024, 0.1, 0, 0.5, new IntRange(8, 32)),
        new Shape(4, 64, 64, Initialization.DEFAULT),
        new Training(
            2_400,
            64,
            AdamWConfig.of(2e-3).withBetas(0.9, 0.99),
            Schedule.constant().withWarmup(100),
            50),
        new Measures(32, 1024, new LossPositions(6, 62), 1_000_003, 0.4),
        new Toy(5, 2, 0.9, ToyConfig.logSpaced(1, 1 / 20.0, 10), 4, 10_000, 1024));
  }

  /**
   * A run of seconds, which shows that everything works and finds nothing.
   *
   * @return a recipe for tests
   */
  public static Recipe quick() {
    Recipe full = standard();
    return new Recipe(
        new Data(512, 0.05, 0, 0.3, new IntRange(4, 8)),
        new Shape(2, 16, 24, Initialization.DEFAULT),
        new Training(20, 8, full.training.optimizer, Schedule.constant().withWarmup(5), 5),
        new Measures(
            4, 16, new LossPositions(4, 20), full.measures.seed, full.measures.inductionHead),
        new Toy(5, 2, 0.9, full.toy.probabilities, 1, 200, 64));
  }
}
