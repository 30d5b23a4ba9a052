package dev.circuitscope.examples.induction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.CompactTokenizer;
import dev.circuitscope.core.text.Corpus;
import dev.circuitscope.core.text.Gpt2Tokenizer;
import dev.circuitscope.core.text.TokenizedCorpus;
import dev.circuitscope.examples.training.TextData;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

@DisplayName("An example of attention")
class AttentionExampleTest {

  private static final String ONCE =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,;";
  private static final String AGAIN = "xyxyxyxyxyxyxyxy" + "fox sees a crow, fox sees a crow";
  private static final Corpus CORPUS = Corpus.ofTexts("test", ONCE, AGAIN, ONCE);
  private static final CompactTokenizer TOKENIZER =
      CompactTokenizer.of(Gpt2Tokenizer.get(), CORPUS, 100);
  private static final Transformer MODEL =
      Transformer.create(
          TransformerConfig.attentionOnly(2)
              .heads(2)
              .dModel(8)
              .vocab(TOKENIZER.vocabSize())
              .context(20)
              .build(),
          5L);

  @Test
  void onRepeatsIsAStartTokenAndABlockThatStandsThereTwice() {
    TokenizedCorpus text = TokenizedCorpus.of(CORPUS, TOKENIZER);
    TextData data = new TextData(CORPUS.provenance(), TOKENIZER, text, text);
    var example = AttentionExample.onRepeats(MODEL, new Head(1, 1), data, 3L);
    int block = 9; // (context - 1) / 2
    assertThat(example.tokens()).hasSize(1 + 2 * block);
    assertThat(example.tokens().get(0)).isEqualTo("<BOS>");
    assertThat(example.tokens().subList(1, 1 + block))
        .isEqualTo(example.tokens().subList(1 + block, 1 + 2 * block))
        .doesNotHaveDuplicates();
  }

  @Test
  void onTextTakesTheSnippetWithTheMostPairsThatComeAgain() {
    TokenizedCorpus text = TokenizedCorpus.of(CORPUS, TOKENIZER);
    var example = AttentionExample.onText(MODEL, new Head(0, 0), text);
    assertThat(example.tokens()).hasSize(20);
    assertThat(String.join("", example.tokens())).contains("sees");
  }

  @Test
  void hasThePatternOfItsHead() {
    Head head = new Head(1, 0);
    TokenizedCorpus text = TokenizedCorpus.of(CORPUS, TOKENIZER);
    AttentionExample example = AttentionExample.onText(MODEL, head, text);
    int[] tokens =
        example.tokens().stream()
            .mapToInt(
                t ->
                    IntStream.range(0, TOKENIZER.vocabSize())
                        .filter(id -> TOKENIZER.tokenText(id).equals(t))
                        .findFirst()
                        .orElseThrow())
            .toArray();
    INDArray pattern =
        MODEL.runWithCache(new int[][] {tokens}).cache().get(HookPoint.pattern(head.layer()));
    for (int dest = 0; dest < tokens.length; dest++) {
      double sum = 0;
      for (int src = 0; src < tokens.length; src++) {
        double expected = pattern.getDouble(0, head.head(), dest, src);
        assertThat(example.pattern()[dest][src]).isCloseTo(expected, within(1e-6));
        sum += example.pattern()[dest][src];
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
  }
}
