package dev.circuitscope.circuits.ngrams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.circuitscope.core.text.ByteTokenizer;
import dev.circuitscope.core.text.CompactTokenizer;
import dev.circuitscope.core.text.Corpus;
import dev.circuitscope.core.text.Gpt2Tokenizer;
import dev.circuitscope.core.text.Phrase;
import dev.circuitscope.core.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SkipTrigramCountsTest {

  @Nested
  class Counts {

    @Test
    void are_those_of_looking_at_every_place() {
      SplittableRandom random = new SplittableRandom(3);
      int[][] text = new int[40][];
      Arrays.setAll(text, i -> random.ints(random.nextInt(12), 0, 5).toArray());
      List<Phrase> all = new ArrayList<>();
      for (int i = 0; i < 125; i++) {
        all.add(new Phrase(i % 5, i / 5 % 5, i / 25));
      }
      SkipTrigramCounts counts = SkipTrigramCounts.of(text, all);
      for (Phrase p : all) {
        long expected = 0;
        for (int[] s : text) {
          for (int t = 1; t + 1 < s.length; t++) {
            boolean before = Arrays.stream(s, 0, t).anyMatch(token -> token == p.source());
            expected += before && s[t] == p.destination() && s[t + 1] == p.out() ? 1 : 0;
          }
        }
        assertThat(counts.count(p)).as("%s", p).isEqualTo(expected);
      }
    }

    @Test
    void of_phrases_that_were_not_asked_for_are_refused() {
      SkipTrigramCounts none = SkipTrigramCounts.of(new int[][] {{1, 2, 3}}, List.of());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> none.count(new Phrase(1, 2, 3)))
          .withMessageContaining("1 ... 2 -> 3");
    }
  }

  @Nested
  class Word_parts {

    @Test
    void are_all_splittings_into_two_tokens() {
      Corpus corpus = Corpus.ofTexts("t", "the then them he hem there".repeat(3));
      Tokenizer tokenizer = CompactTokenizer.of(Gpt2Tokenizer.get(), corpus, 24);
      List<Phrase> expected = new ArrayList<>();
      for (int a = 0; a < tokenizer.vocabSize(); a++) {
        for (int b = 0; b < tokenizer.vocabSize(); b++) {
          for (int c = 0; c < tokenizer.vocabSize(); c++) {
            String whole = new String(tokenizer.tokenBytes(a));
            String head = new String(tokenizer.tokenBytes(b));
            String tail = new String(tokenizer.tokenBytes(c));
            if (!head.isEmpty() && !tail.isEmpty() && whole.equals(head + tail)) {
              expected.add(new Phrase(a, b, c));
            }
          }
        }
      }
      assertThat(expected).isNotEmpty();
      assertThat(WordParts.of(tokenizer)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void of_single_bytes_are_none() {
      assertThat(WordParts.of(new ByteTokenizer())).isEmpty();
    }

    @Test
    void of_gpt2_hold_ralph() {
      Tokenizer gpt2 = Gpt2Tokenizer.get();
      int ralph = gpt2.encode(" Ralph")[0];
      assertThat(WordParts.of(gpt2))
          .contains(new Phrase(ralph, gpt2.encode(" R")[0], gpt2.encode("alph")[0]))
          .hasSizeGreaterThan(50_000);
    }
  }
}
