package dev.circuitscope.examples.induction;

import dev.circuitscope.core.text.CorpusProvenance;
import dev.circuitscope.core.text.Tokenizer;
import dev.circuitscope.examples.reproduction.Recipe;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Models of one and of two layers, trained on the same batches.
 *
 * @param recipe they were trained with
 * @param seed of weights and batches
 * @param corpus they were trained on
 * @param tokenizer of that text
 * @param oneLayer the model that cannot form induction heads
 * @param twoLayers the model that can
 * @param plainText two layers on text without repeated blocks, if asked for
 * @param onRepeats the best induction head on random tokens
 * @param onText the same head on text
 */
public record InductionResult(
    Recipe recipe,
    long seed,
    CorpusProvenance corpus,
    Tokenizer tokenizer,
    ModelRun oneLayer,
    ModelRun twoLayers,
    Optional<ModelRun> plainText,
    AttentionExample onRepeats,
    AttentionExample onText) {

  /**
   * All models.
   *
   * @return one layer, two layers, and the one on plain text if there is one
   */
  public List<ModelRun> runs() {
    return Stream.concat(Stream.of(oneLayer, twoLayers), plainText.stream()).toList();
  }
}
