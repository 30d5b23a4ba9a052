package dev.circuitscope.examples.framework;

import dev.circuitscope.core.text.CorpusProvenance;
import dev.circuitscope.core.text.Tokenizer;
import java.util.List;

/**
 * Models of no, one and two layers, and their circuits.
 *
 * @param recipe they were trained with
 * @param seed of weights and batches
 * @param corpus they were trained on
 * @param tokenizer of that text
 * @param models with 0, 1 and 2 layers
 * @param bigrams of the first
 * @param copying and skip-trigrams of the second
 * @param induction heads of the third
 * @param composition of the third's heads
 * @param terms of the third's path expansion
 */
public record FrameworkResult(
    FrameworkRecipe recipe,
    long seed,
    CorpusProvenance corpus,
    Tokenizer tokenizer,
    List<TrainedModel> models,
    ZeroLayerStudy bigrams,
    OneLayerStudy copying,
    InductionStudy induction,
    CompositionStudy composition,
    TermStudy terms) {

  /**
   * Copies the list.
   *
   * @param recipe they were trained with
   * @param seed of weights and batches
   * @param corpus they were trained on
   * @param tokenizer of that text
   * @param models with 0, 1 and 2 layers
   * @param bigrams of the first
   * @param copying and skip-trigrams of the second
   * @param induction heads of the third
   * @param composition of the third's heads
   * @param terms of the third's path expansion
   */
  public FrameworkResult {
    models = List.copyOf(models);
  }
}
