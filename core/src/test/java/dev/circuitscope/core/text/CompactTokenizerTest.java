package dev.circuitscope.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CompactTokenizerTest {
  private static final Tokenizer GPT2 = Gpt2Tokenizer.get();

  @Test
  void keeps_the_bytes_and_then_the_most_frequent_tokens_ties_by_id() {
    // " the" three times, " cat" (3797) and " dog" (3290) twice each, " owl" once
    Corpus corpus = Corpus.ofTexts("t", " the cat the dog the", " dog cat owl");
    int letters = (int) " thecadogwl".chars().distinct().count();
    CompactTokenizer tokenizer = CompactTokenizer.of(GPT2, corpus, 2 + letters + 2);
    assertThat(tokenizer.vocabSize()).isEqualTo(2 + letters + 2);
    assertThat(tokenizer.keeps(262)).isTrue();
    assertThat(tokenizer.keeps(3290)).isTrue();
    assertThat(tokenizer.keeps(3797)).isFalse();
    assertThat(tokenizer.encode(" the dog")).containsExactly(2, 3);
    assertThat(tokenizer.tokenTexts(tokenizer.encode(" cat"))).containsExactly(" ", "c", "a", "t");
  }

  @Test
  void splits_a_lost_token_into_as_few_kept_ones_as_possible() {
    Corpus corpus = Corpus.ofTexts("t", "hello");
    int[] ids = {token("h"), token("e"), token("l"), token("o"), token("he"), token("ell")};
    CompactTokenizer tokenizer = CompactTokenizer.ofKept(GPT2, ids);
    // "hello" is one token of GPT-2: h+ell+o has 3 pieces, he+l+l+o, taken greedily, has 4
    assertThat(GPT2.encode("hello")).hasSize(1);
    assertThat(tokenizer.tokenTexts(tokenizer.encode("hello"))).containsExactly("h", "ell", "o");
    assertThat(CompactTokenizer.of(GPT2, corpus, 100).encode("hello")).hasSize(1);
  }

  @Test
  void puts_one_unknown_token_for_bytes_that_the_corpus_lacks() {
    CompactTokenizer tokenizer = CompactTokenizer.of(GPT2, Corpus.ofTexts("t", "abc abc"), 50);
    assertThat(tokenizer.decode(tokenizer.encode("cab"))).isEqualTo("cab");
    int[] tokens = tokenizer.encode("aéb");
    assertThat(tokens).containsOnlyOnce(tokenizer.unknownToken());
    assertThat(tokenizer.decode(tokens)).isEqualTo("a\uFFFDb");
  }

  @Test
  void is_smaller_than_asked_for_when_the_corpus_has_fewer_tokens() {
    CompactTokenizer tokenizer = CompactTokenizer.of(GPT2, Corpus.ofTexts("t", "aa"), 50);
    assertThat(tokenizer.vocabSize()).isEqualTo(2 + 2); // "a" and "aa"
  }

  @Test
  void refuses_a_vocabulary_too_small_for_the_bytes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CompactTokenizer.of(GPT2, Corpus.ofTexts("t", "abcdef"), 7))
        .withMessageContainingAll("7 is too small", "6 one-byte tokens");
  }

  @Nested
  class On_the_sources_of_commons_math {
    @Test
    void loses_nothing_and_keeps_the_most_frequent_tokens() {
      Corpus corpus = MavenText.COMMONS_MATH.filter("part", d -> d.name().contains("/util/"));
      CompactTokenizer tokenizer = CompactTokenizer.of(GPT2, corpus, 1024);
      assertThat(tokenizer.vocabSize()).isEqualTo(1024);
      Map<Integer, Long> counts = new HashMap<>();
      for (Corpus.Document document : corpus.documents()) {
        int[] tokens = tokenizer.encode(document.text());
        assertThat(tokens).doesNotContain(tokenizer.unknownToken());
        assertThat(tokenizer.decode(tokens)).isEqualTo(document.text());
        Arrays.stream(GPT2.encode(document.text())).forEach(t -> counts.merge(t, 1L, Long::sum));
      }
      long leastKept =
          Arrays.stream(tokenizer.kept())
              .filter(t -> GPT2.tokenBytes(t).length > 1)
              .mapToLong(counts::get)
              .min()
              .orElseThrow();
      counts.forEach(
          (token, count) ->
              assertThat(tokenizer.keeps(token) || count <= leastKept).as("%d", token).isTrue());
    }
  }

  /** Splitting by brute force over all cuts, for every string over two letters. */
  @Test
  void splits_as_brute_force_does() {
    Map<TokenPieces.Bytes, Integer> ids = new HashMap<>();
    for (String piece : new String[] {"a", "ab", "bb", "aab", "bab"}) {
      ids.put(new TokenPieces.Bytes(ascii(piece)), 2 + ids.size());
    }
    TokenPieces pieces = new TokenPieces(ids, 1);
    for (int length = 1; length <= 8; length++) {
      for (int bits = 0; bits < 1 << length; bits++) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
          word.append((bits >> i & 1) == 0 ? 'a' : 'b');
        }
        int[] split = pieces.split(ascii(word.toString()));
        int fewest = fewest(word.toString(), ids);
        if (fewest < 100) {
          assertThat(split).as(word.toString()).hasSize(fewest).doesNotContain(1);
        } else {
          assertThat(split).as(word.toString()).contains(1);
        }
      }
    }
  }

  private static int fewest(String word, Map<TokenPieces.Bytes, Integer> ids) {
    int best = word.isEmpty() ? 0 : 100;
    for (int end = 1; end <= word.length(); end++) {
      if (ids.containsKey(new TokenPieces.Bytes(ascii(word.substring(0, end))))) {
        best = Math.min(best, 1 + fewest(word.substring(end), ids));
      }
    }
    return Math.min(best, 100);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static int token(String text) {
    int[] tokens = GPT2.encode(text);
    assertThat(tokens).as(text).hasSize(1);
    return tokens[0];
  }
}
