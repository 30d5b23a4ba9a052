package dev.circuitscope.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BigramCountsTest {

  private static int[][] random(int sequences, int length, int vocabSize, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] tokens = new int[sequences][length];
    for (int[] row : tokens) {
      // squares, so that some tokens are rare
      Arrays.setAll(row, i -> (int) (vocabSize * Math.pow(random.nextDouble(), 2)));
    }
    return tokens;
  }

  private static long[][] dense(int[][] sequences, int vocabSize) {
    long[][] counts = new long[vocabSize][vocabSize];
    for (int[] s : sequences) {
      for (int t = 0; t + 1 < s.length; t++) {
        counts[s[t]][s[t + 1]]++;
      }
    }
    return counts;
  }

  @Nested
  class Counts {

    @Test
    void are_those_of_a_dense_table() {
      int[][] text = random(7, 50, 12, 1L);
      long[][] expected = dense(text, 12);
      BigramCounts counts = BigramCounts.ofSequences(text, 12);
      assertThat(counts.total()).isEqualTo(7 * 49);
      int distinct = 0;
      for (int a = 0; a < 12; a++) {
        assertThat(counts.count(a)).isEqualTo(Arrays.stream(expected[a]).sum());
        for (int b = 0; b < 12; b++) {
          assertThat(counts.count(a, b)).isEqualTo((int) expected[a][b]);
          distinct += expected[a][b] > 0 ? 1 : 0;
        }
      }
      assertThat(counts.distinct()).isEqualTo(distinct);
    }

    @Test
    void of_a_corpus_stay_within_documents_and_include_what_starts_them() {
      CharTokenizer letters = CharTokenizer.ofAlphabet("ab");
      int bos = letters.bosToken().getAsInt();
      BigramCounts counts =
          BigramCounts.of(TokenizedCorpus.of(Corpus.ofTexts("t", "aab", "b"), letters));
      int a = letters.encode("a")[0];
      int b = letters.encode("b")[0];
      assertThat(counts.total()).isEqualTo(4);
      assertThat(counts.count(bos, a)).isEqualTo(1);
      assertThat(counts.count(bos, b)).isEqualTo(1);
      assertThat(counts.count(a, a)).isEqualTo(1);
      assertThat(counts.count(a, b)).isEqualTo(1);
      assertThat(counts.count(b, bos)).isZero();
    }

    @Test
    void list_continuations_by_frequency_and_ties_by_id() {
      BigramCounts counts = BigramCounts.ofSequences(new int[][] {{0, 3, 0, 1, 0, 2, 0, 2}}, 4);
      assertThat(counts.continuations(0)).containsExactly(2, 1, 3);
      assertThat(counts.byFrequency()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void of_nothing_or_single_tokens_are_none() {
      for (int[][] none : new int[][][] {{}, {{}}, {{2}, {1}}}) {
        BigramCounts counts = BigramCounts.ofSequences(none, 3);
        assertThat(counts.total()).isZero();
        assertThat(counts.entropy()).isZero();
        assertThat(counts.continuations(1)).isEmpty();
      }
    }

    @Test
    void refuse_tokens_outside_the_vocabulary() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> BigramCounts.ofSequences(new int[][] {{0, 3}}, 3))
          .withMessageContaining("token 3")
          .withMessageContaining("0 to 2");
      BigramCounts counts = BigramCounts.ofSequences(new int[][] {{0, 1}}, 3);
      assertThatIllegalArgumentException().isThrownBy(() -> counts.count(0, 3));
      assertThatIllegalArgumentException().isThrownBy(() -> counts.count(-1));
    }
  }

  @Nested
  class Entropy {

    @Test
    void is_that_of_the_conditional_distribution() {
      // 0 is followed by 1 and 2 equally often, 1 and 2 always by 0
      BigramCounts counts = BigramCounts.ofSequences(new int[][] {{0, 1, 0, 2, 0}}, 3);
      assertThat(counts.entropy()).isCloseTo(0.5 * Math.log(2), within(1e-15));
    }

    @Test
    void is_what_smoothing_tends_to_as_the_prior_vanishes() {
      BigramCounts counts = BigramCounts.ofSequences(random(20, 100, 9, 3L), 9);
      assertThat(BigramModel.of(counts, 1e-9).crossEntropy(counts))
          .isCloseTo(counts.entropy(), within(1e-8));
    }
  }

  @Nested
  class Smoothed_probabilities {

    private final int[][] text = random(6, 40, 10, 5L);
    private final BigramCounts counts = BigramCounts.ofSequences(text, 10);

    @Test
    void are_counts_beside_a_share_of_all_frequencies() {
      long[][] c = dense(text, 10);
      BigramModel model = BigramModel.of(counts, 2.5);
      for (int a = 0; a < 10; a++) {
        long context = Arrays.stream(c[a]).sum();
        for (int b = 0; b < 10; b++) {
          int column = b;
          long following = Arrays.stream(c).mapToLong(row -> row[column]).sum();
          double unigram = (following + 0.5) / (counts.total() + 5.0);
          double expected = (c[a][b] + 2.5 * unigram) / (context + 2.5);
          assertThat(model.probability(a, b)).isCloseTo(expected, within(1e-15));
          assertThat(model.row(a)[b]).isCloseTo(expected, within(1e-15));
        }
        assertThat(Arrays.stream(model.row(a)).sum()).isCloseTo(1, within(1e-12));
      }
    }

    @Test
    void left_one_out_are_those_of_the_other_pairs() {
      BigramModel model = BigramModel.of(counts, 4);
      double sum = 0;
      for (int[] s : text) {
        for (int t = 0; t + 1 < s.length; t++) {
          int a = s[t];
          int b = s[t + 1];
          double base = model.probability(a, b) * (counts.count(a) + 4) - counts.count(a, b);
          sum -= Math.log((counts.count(a, b) - 1 + base) / (counts.count(a) - 1 + 4));
        }
      }
      assertThat(model.leaveOneOutEntropy()).isCloseTo(sum / counts.total(), within(1e-12));
    }

    @Test
    void of_a_prior_chosen_by_leaving_one_out_do_well_on_new_text() {
      MarkovChain chain = MarkovChain.random(40, 0.5, 2L);
      BigramCounts seen =
          BigramCounts.ofSequences(MarkovBatches.of(chain, 10, 100, 1L).batch(0), 40);
      BigramCounts fresh =
          BigramCounts.ofSequences(MarkovBatches.of(chain, 100, 100, 2L).batch(0), 40);
      BigramModel chosen = BigramModel.of(seen);
      double loss = chosen.crossEntropy(fresh);
      assertThat(loss).isGreaterThan(chain.entropyRate());
      assertThat(loss).isCloseTo(chosen.leaveOneOutEntropy(), within(0.1));
      for (double strength : new double[] {0.01, 0.5, 500, 50_000}) {
        assertThat(BigramModel.of(seen, strength).crossEntropy(fresh)).isGreaterThan(loss - 0.02);
      }
    }

    @Test
    void refuse_other_vocabularies_and_impossible_priors() {
      BigramCounts other = BigramCounts.ofSequences(new int[][] {{0, 1}}, 3);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> BigramModel.of(counts).crossEntropy(other))
          .withMessageContaining("3")
          .withMessageContaining("10");
      assertThatIllegalArgumentException().isThrownBy(() -> BigramModel.of(counts, 0));
    }

    @Test
    void of_no_pairs_are_all_alike() {
      BigramModel empty = BigramModel.of(BigramCounts.ofSequences(new int[0][], 4));
      assertThat(empty.probability(1, 2)).isEqualTo(0.25);
      assertThat(empty.leaveOneOutEntropy()).isZero();
    }
  }
}
