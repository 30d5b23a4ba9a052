package dev.circuitscope.examples.induction;

import dev.circuitscope.circuits.sampling.BatchedRuns;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.TokenizedCorpus;
import dev.circuitscope.core.text.Tokenizer;
import dev.circuitscope.examples.training.TextData;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A head's attention on one sequence.
 *
 * @param head of the model
 * @param tokens their texts
 * @param pattern [dest][src]
 */
public record AttentionExample(Head head, List<String> tokens, double[][] pattern) {

  private static final int BLOCK = 12;
  private static final int SNIPPET = 32;

  /**
   * Copies the texts.
   *
   * @param head of the model
   * @param tokens their texts
   * @param pattern [dest][src]
   */
  public AttentionExample {
    tokens = List.copyOf(tokens);
  }

  /** On a start token and a block of random tokens that stands there twice. */
  static AttentionExample onRepeats(Transformer model, Head head, TextData data, long seed) {
    int block = Math.min(BLOCK, (model.config().nCtx() - 1) / 2);
    int[] tokens = data.repeats(block, 2).generate(1, seed).tokens()[0];
    return of(model, head, data.tokenizer(), tokens);
  }

  /** On the snippet of held-out text in which most different pairs of tokens come again. */
  static AttentionExample onText(Transformer model, Head head, TokenizedCorpus text) {
    int length = Math.min(SNIPPET, model.config().nCtx());
    int[] best = null;
    int most = -1;
    for (int[] snippet : text.windows(length)) {
      int pairs = repeatedPairs(snippet);
      if (pairs > most) {
        best = snippet;
        most = pairs;
      }
    }
    best[0] = text.tokenizer().bosToken().orElse(best[0]);
    return of(model, head, text.tokenizer(), best);
  }

  /** How many different pairs of neighbouring, different tokens occur more than once. */
  private static int repeatedPairs(int[] tokens) {
    Set<List<Integer>> seen = new HashSet<>();
    Set<List<Integer>> again = new HashSet<>();
    for (int i = 2; i < tokens.length; i++) {
      List<Integer> pair = List.of(tokens[i - 1], tokens[i]);
      if (tokens[i - 1] != tokens[i] && !seen.add(pair)) {
        again.add(pair);
      }
    }
    return again.size();
  }

  private static AttentionExample of(
      Transformer model, Head head, Tokenizer tokenizer, int[] tokens) {
    double[][] pattern = new double[tokens.length][tokens.length];
    BatchedRuns.patterns(
        model,
        new int[][] {tokens},
        RunSettings.plain(),
        (sequence, layer, number, attention) -> {
          if (layer == head.layer() && number == head.head()) {
            for (int dest = 0; dest < tokens.length; dest++) {
              for (int src = 0; src <= dest; src++) {
                pattern[dest][src] = attention.at(dest, src);
              }
            }
          }
        });
    return new AttentionExample(head, tokenizer.tokenTexts(tokens), pattern);
  }
}
