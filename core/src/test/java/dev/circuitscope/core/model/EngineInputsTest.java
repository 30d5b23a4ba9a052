package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Batches that a model refuses, the engine and the reference alike, and the smallest it takes. */
class EngineInputsTest {

  private static final TransformerConfig CONFIG =
      TestModels.config(1, Normalization.LN, Positions.STANDARD);
  private final Transformer model = Transformer.of(CONFIG, TestModels.weights(CONFIG, 1L));
  private final ReferenceTransformer reference = ReferenceTransformer.of(CONFIG, model.weights());

  private void requireRefusal(int[][] tokens, String... said) {
    List<Consumer<int[][]>> ways =
        List.of(
            model::run,
            model::runWithCache,
            model::loss,
            model::lossPerToken,
            model::runWithGradients,
            batch -> model.lossAndGradients(batch, Weights.zeros(CONFIG)),
            reference::run);
    for (Consumer<int[][]> way : ways) {
      var thrown =
          assertThatThrownBy(() -> way.accept(tokens)).isInstanceOf(IllegalArgumentException.class);
      for (String part : said) {
        thrown.hasMessageContaining(part);
      }
    }
  }

  @Test
  void aTokenOutsideTheVocabularyIsNamedWithTheVocabularysSize() {
    requireRefusal(new int[][] {{1, 2}, {3, 11}}, "token 11", "11");
    requireRefusal(new int[][] {{1, -1}}, "token -1", "vocabulary of 11");
  }

  @Test
  void aSequenceLongerThanTheContextIsRefusedWithBothLengths() {
    requireRefusal(new int[][] {new int[10]}, "10", "9");
  }

  @Test
  void anEmptyBatchAndEmptySequencesAreRefused() {
    requireRefusal(new int[0][]);
    requireRefusal(new int[1][0]);
  }

  @Test
  void sequencesOfDifferentLengthsAreRefusedWithBothLengths() {
    requireRefusal(new int[][] {{1, 2, 3}, {1, 2}}, "3", "2");
  }

  @Test
  void aSequenceOfOneTokenHasLogitsButNoLoss() {
    int[][] one = {{4}};
    TensorAssert.assertThat(model.run(one))
        .isCloseTo(reference.run(one).logits().toArray(), Tolerance.ACTIVATIONS);
    assertThatThrownBy(() -> model.loss(one)).hasMessageContaining("at least 2 tokens");
    assertThatThrownBy(() -> model.runWithGradients(one)).hasMessageContaining("at least 2");
    assertThatThrownBy(() -> reference.loss(one)).hasMessageContaining("at least 2 tokens");
  }

  @Test
  void aSequenceAsLongAsTheContextRuns() {
    int[][] full = TestModels.tokens(CONFIG, 1, 9, 3L);
    assertThat(model.run(full).shape()).containsExactly(1, 9, 11);
  }

  @Test
  void aModelWithoutLayersPredictsFromTheTokenAlone() {
    TransformerConfig config = TestModels.config(0, Normalization.NONE, Positions.NONE);
    Transformer bigrams = Transformer.of(config, TestModels.weights(config, 2L));
    Run run = bigrams.runWithCache(new int[][] {{5, 3, 5}});
    TensorAssert.assertThat(run.logits().get(org.nd4j.linalg.indexing.NDArrayIndex.all()).dup())
        .isCloseTo(
            ReferenceTransformer.of(config, bigrams.weights())
                .run(new int[][] {{5, 3, 5}})
                .logits()
                .toArray(),
            Tolerance.ACTIVATIONS);
    assertThat(run.cache().points()).containsExactly(HookPoint.EMBED);
  }
}
