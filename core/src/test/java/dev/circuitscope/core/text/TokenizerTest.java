package dev.circuitscope.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.io.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
  private static final String TEXT =
      "Größe: 3 µm — naïve café\r\n\t日本語 😀🏳️‍🌈 \u0000\u00a0 end  ";

  static Stream<Tokenizer> tokenizers() {
    return Stream.of(
        Gpt2Tokenizer.get(),
        new ByteTokenizer(),
        CharTokenizer.ofAlphabet(TEXT),
        CompactTokenizer.of(Gpt2Tokenizer.get(), Corpus.ofTexts("t", TEXT), 60),
        CompactTokenizer.of(CharTokenizer.ofAlphabet(TEXT), Corpus.ofTexts("t", TEXT), 60));
  }

  @Nested
  class Every_tokenizer {
    static Stream<Tokenizer> tokenizers() {
      return TokenizerTest.tokenizers();
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void round_trips_the_text_it_was_made_for(Tokenizer tokenizer) {
      assertThat(tokenizer.decode(tokenizer.encode(TEXT))).isEqualTo(TEXT);
      assertThat(tokenizer.encode("")).isEmpty();
      assertThat(tokenizer.decode(new int[0])).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void has_a_label_for_every_token(Tokenizer tokenizer) {
      for (int token = 0; token < tokenizer.vocabSize(); token++) {
        assertThat(tokenizer.tokenText(token)).isNotEmpty();
      }
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void puts_its_start_token_in_front_only_when_asked(Tokenizer tokenizer) {
      int bos = tokenizer.bosToken().getAsInt();
      assertThat(tokenizer.encode(TEXT)).doesNotContain(bos);
      assertThat(tokenizer.encodeWithBos(TEXT)).startsWith(bos).endsWith(tokenizer.encode(TEXT));
      assertThat(tokenizer.tokenBytes(bos)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void names_a_token_outside_its_vocabulary(Tokenizer tokenizer) {
      int size = tokenizer.vocabSize();
      for (int token : new int[] {-1, size, Integer.MAX_VALUE}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> tokenizer.decode(new int[] {0, token}))
            .withMessageContainingAll("decode", "token " + token, "0 to " + (size - 1));
        assertThatIllegalArgumentException().isThrownBy(() -> tokenizer.tokenText(token));
        assertThatIllegalArgumentException().isThrownBy(() -> tokenizer.tokenBytes(token));
      }
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void is_the_same_after_saving_and_loading(Tokenizer tokenizer, @TempDir Path dir)
        throws IOException {
      Path file = dir.resolve("tokenizer.json");
      Tokenizers.save(file, tokenizer);
      Tokenizer loaded = Tokenizers.load(file);
      assertThat(loaded.vocabSize()).isEqualTo(tokenizer.vocabSize());
      assertThat(loaded.bosToken()).isEqualTo(tokenizer.bosToken());
      assertThat(loaded.encode(TEXT + " new")).isEqualTo(tokenizer.encode(TEXT + " new"));
      for (int token = 0; token < loaded.vocabSize(); token++) {
        assertThat(loaded.tokenText(token)).isEqualTo(tokenizer.tokenText(token));
      }
    }
  }

  @Nested
  class Gpt2 {
    private final Tokenizer gpt2 = Gpt2Tokenizer.get();

    /** As OpenAI's encoder gives them, for texts that many tutorials show. */
    @Test
    void encodes_as_published() {
      assertThat(gpt2.encode("Hello world")).containsExactly(15496, 995);
      assertThat(gpt2.encode(" the")).containsExactly(262);
      assertThat(gpt2.encode("\n\n")).containsExactly(628);
      assertThat(gpt2.encode("The quick brown fox jumps over the lazy dog"))
          .containsExactly(464, 2068, 7586, 21831, 18045, 625, 262, 16931, 3290);
      assertThat(gpt2.tokenText(15496)).isEqualTo("Hello");
      assertThat(gpt2.tokenTexts(new int[] {995, 50256}))
          .containsExactly(" world", "<|endoftext|>");
    }

    @Test
    void has_50257_tokens_and_the_end_of_text_as_start_token() {
      assertThat(gpt2.vocabSize()).isEqualTo(50257);
      assertThat(gpt2.bosToken()).isEqualTo(OptionalInt.of(50256));
      assertThat(gpt2.decode(new int[] {50256, 15496})).isEqualTo("<|endoftext|>Hello");
    }

    @Test
    void reads_the_name_of_a_special_token_as_text() {
      int[] tokens = gpt2.encode("<|endoftext|>");
      assertThat(tokens).hasSizeGreaterThan(1).doesNotContain(50256);
      assertThat(gpt2.decode(tokens)).isEqualTo("<|endoftext|>");
    }

    @Test
    void shows_parts_of_characters_in_hexadecimal() {
      int[] tokens = gpt2.encode("日");
      assertThat(tokens).hasSizeGreaterThan(1);
      assertThat(gpt2.tokenText(tokens[0])).startsWith("\\xE6");
      assertThat(gpt2.decode(new int[] {tokens[0]})).contains("\uFFFD");
    }

    @Test
    void agrees_with_byte_pair_encoding_without_shortcuts() throws IOException {
      PlainBytePairEncoding plain = new PlainBytePairEncoding();
      List<String> texts = new ArrayList<>(List.of(TEXT, "", " ", "   a  b\n\n\n c", "don't I'LL"));
      texts.addAll(sample(MavenText.COMMONS_MATH, 200));
      texts.addAll(sample(MavenText.EUROPARL, 200));
      for (String text : texts) {
        assertThat(gpt2.encode(text)).as(text).isEqualTo(plain.encode(text));
      }
    }

    @Test
    void round_trips_both_corpora() {
      List<String> texts = sample(MavenText.COMMONS_MATH, 20);
      texts.addAll(sample(MavenText.EUROPARL, 20));
      for (String text : texts) {
        assertThat(gpt2.decode(gpt2.encode(text))).isEqualTo(text);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "a\ude00", "\ude00\ud83d"})
    void refuses_half_a_surrogate_pair(String text) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> gpt2.encode(text))
          .withMessageContaining("surrogate");
      assertThatIllegalArgumentException().isThrownBy(() -> new ByteTokenizer().encode(text));
    }

    private static List<String> sample(Corpus corpus, int every) {
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < corpus.documents().size(); i += every) {
        texts.add(corpus.documents().get(i).text());
      }
      return texts;
    }
  }

  @Nested
  class Bytes {
    @Test
    void are_their_own_ids() {
      assertThat(new ByteTokenizer().encode("aé")).containsExactly(0x61, 0xc3, 0xa9);
      assertThat(new ByteTokenizer().tokenText(0xc3)).isEqualTo("\\xC3");
      assertThat(new ByteTokenizer().decode(new int[] {256, 0x61})).isEqualTo("<BOS>a");
    }
  }

  @Nested
  class Characters {
    @Test
    void are_code_points_in_order_after_two_special_tokens() {
      CharTokenizer tokenizer = CharTokenizer.of(Corpus.ofTexts("t", "ba", "😀b"));
      assertThat(tokenizer.alphabet()).isEqualTo("ab😀");
      assertThat(tokenizer.vocabSize()).isEqualTo(5);
      assertThat(tokenizer.encode("b😀x")).containsExactly(3, 4, tokenizer.unknownToken());
      assertThat(tokenizer.decode(new int[] {3, 4, 1, 0})).isEqualTo("b😀\uFFFD<BOS>");
      assertThat(tokenizer.tokenText(1)).isEqualTo("<UNK>");
    }

    @Test
    void may_be_none_at_all() {
      CharTokenizer tokenizer = CharTokenizer.ofAlphabet("");
      assertThat(tokenizer.vocabSize()).isEqualTo(2);
      assertThat(tokenizer.encode("a")).containsExactly(1);
    }
  }

  @Nested
  class A_saved_tokenizer {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          "{\"version\":2,\"type\":\"gpt2\"}",
          "{\"version\":1,\"type\":\"words\"}",
          "{\"version\":1,\"type\":\"gpt2\",\"size\":3}",
          "{\"version\":1,\"type\":\"characters\",\"code_points\":[98,97]}",
          "{\"version\":1,\"type\":\"characters\",\"code_points\":[1114112]}",
          "{\"version\":1,\"type\":\"compact\",\"base\":{\"type\":\"bytes\"},\"kept\":[256]}",
          "{\"version\":1,\"type\":\"compact\",\"base\":{\"type\":\"bytes\"},\"kept\":[1,1]}",
          "{\"version\":1,\"type\":\"compact\",\"base\":{\"type\":\"bytes\"},\"kept\":[8589934592]}"
        })
    void is_checked_when_loaded(String json, @TempDir Path dir) throws IOException {
      Path file = Files.writeString(dir.resolve("tokenizer.json"), json);
      assertThatThrownBy(() -> Tokenizers.load(file))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("tokenizer.json");
    }
  }
}
