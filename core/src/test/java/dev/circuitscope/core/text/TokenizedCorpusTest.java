package dev.circuitscope.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TokenizedCorpusTest {
  private static final int BOS = 256;
  private final TokenizedCorpus corpus =
      TokenizedCorpus.of(Corpus.ofTexts("t", "ab", "", "cab"), new ByteTokenizer());

  @Test
  void puts_the_start_token_before_every_document() {
    assertThat(corpus.window(0, corpus.length()))
        .containsExactly(BOS, 'a', 'b', BOS, BOS, 'c', 'a', 'b');
    assertThat(corpus.documentCount()).isEqualTo(3);
    assertThat(corpus.document(0)).containsExactly(BOS, 'a', 'b');
    assertThat(corpus.document(1)).containsExactly(BOS);
    assertThat(corpus.document(2)).containsExactly(BOS, 'c', 'a', 'b');
  }

  @Test
  void is_cut_into_whole_windows() {
    assertThat(corpus.windows(3)).isDeepEqualTo(new int[][] {{BOS, 'a', 'b'}, {BOS, BOS, 'c'}});
    assertThat(corpus.windows(8)).hasDimensions(1, 8);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> corpus.windows(9))
        .withMessageContainingAll("9 tokens", "8 tokens", "'t'");
    assertThatThrownBy(() -> corpus.window(6, 3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void grows_beyond_its_first_buffer() {
    String text = "x".repeat(100_000);
    TokenizedCorpus large =
        TokenizedCorpus.of(Corpus.ofTexts("t", text, text, "y"), new ByteTokenizer());
    assertThat(large.length()).isEqualTo(200_004);
    assertThat(large.token(200_003)).isEqualTo('y');
  }

  @Test
  void needs_text() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TokenizedCorpus.of(Corpus.ofTexts("none"), new ByteTokenizer()))
        .withMessageContaining("'none'");
  }

  @Nested
  class Frequencies {
    @Test
    void count_what_is_written_not_the_start_tokens() {
      TokenFrequencies frequencies = TokenFrequencies.of(corpus);
      assertThat(frequencies.count('a')).isEqualTo(2);
      assertThat(frequencies.count('c')).isEqualTo(1);
      assertThat(frequencies.count(BOS)).isZero();
      assertThat(frequencies.total()).isEqualTo(5);
      assertThat(frequencies.vocabSize()).isEqualTo(257);
      assertThat(frequencies.byFrequency()).containsExactly('a', 'b', 'c');
      assertThatIllegalArgumentException().isThrownBy(() -> frequencies.count(257));
    }

    @Test
    void have_the_entropy_of_their_distribution() {
      long[] counts = {2, 0, 1, 1};
      assertThat(TokenFrequencies.ofCounts(counts).entropy())
          .isCloseTo(1.5 * Math.log(2), within(1e-12));
      assertThat(TokenFrequencies.ofCounts(new long[3]).entropy()).isZero();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TokenFrequencies.ofCounts(new long[] {-1}));
    }
  }
}
