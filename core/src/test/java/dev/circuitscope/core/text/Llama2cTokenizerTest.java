package dev.circuitscope.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circuitscope.core.io.MalformedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Llama2cTokenizerTest {
  private static final Llama2cTokenizer TOKENIZER = tokenizer();

  @Nested
  class Encoding {
    @Test
    void merges_the_best_pair_first() {
      // " hello" is built as he + ll, hell, hello, and at last with its space.
      assertThat(TOKENIZER.encode("hello")).containsExactly(piece(" hello"));
      assertThat(TOKENIZER.tokenTexts(TOKENIZER.encode("hello world")))
          .containsExactly(" hello", " world");
      assertThat(TOKENIZER.tokenTexts(TOKENIZER.encode("lld"))).containsExactly(" ", "ll", "d");
    }

    @Test
    void puts_a_space_in_front_except_of_nothing() {
      assertThat(TOKENIZER.encode("")).isEmpty();
      assertThat(TOKENIZER.encode("d")).containsExactly(piece(" "), piece("d"));
      assertThat(TOKENIZER.encodeWithBos("d")).containsExactly(1, piece(" "), piece("d"));
      assertThat(TOKENIZER.encodeWithBos("")).containsExactly(1);
    }

    @Test
    void falls_back_to_the_bytes_of_a_character() {
      assertThat(TOKENIZER.encode("ö€x"))
          .containsExactly(piece(" "), piece("ö"), 3 + 0xe2, 3 + 0x82, 3 + 0xac, 3 + 'x');
    }

    @Test
    void agrees_with_the_plain_algorithm() {
      SplittableRandom random = new SplittableRandom(4);
      String alphabet = "helloworld  lo\nö€😀x";
      for (int round = 0; round < 2000; round++) {
        StringBuilder text = new StringBuilder();
        int[] codePoints = alphabet.codePoints().toArray();
        for (int i = random.nextInt(30); i > 0; i--) {
          text.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
        }
        assertThat(TOKENIZER.encodeWithBos(text.toString()))
            .as("'%s'", text)
            .isEqualTo(plain(text.toString(), SampleVocabulary.pieces()));
      }
    }

    @Test
    void agrees_with_the_plain_algorithm_when_scores_are_equal() throws IOException {
      SplittableRandom random = new SplittableRandom(5);
      List<ScoredPiece> pieces = new ArrayList<>(SampleVocabulary.pieces());
      for (int i = 259; i < pieces.size(); i++) {
        float score = new float[] {0f, -0f, -1, -2e10f}[random.nextInt(4)];
        pieces.set(i, new ScoredPiece(pieces.get(i).latin(), score));
      }
      Llama2cTokenizer tied = Llama2cTokenizer.read(ScoredPiece.write(pieces), "tied");
      for (int round = 0; round < 500; round++) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
          text.append("helo wrd".charAt(random.nextInt(8)));
        }
        assertThat(tied.encodeWithBos(text.toString()))
            .as("'%s'", text)
            .isEqualTo(plain(text.toString(), pieces));
      }
    }

    @Test
    void of_a_long_text_takes_no_quadratic_time() {
      assertThat(TOKENIZER.encode("hello world ".repeat(50_000))).hasSize(100_001);
    }

    @Test
    void refuses_half_a_surrogate_pair() {
      assertThatIllegalArgumentException().isThrownBy(() -> TOKENIZER.encode("\ud83d"));
    }
  }

  @Nested
  class Decoding {
    @Test
    void drops_the_space_behind_the_start_only() {
      for (String text : List.of("hello world", " hello", "ö€😀\n", "")) {
        assertThat(TOKENIZER.decode(TOKENIZER.encodeWithBos(text))).isEqualTo("<BOS>" + text);
      }
      assertThat(TOKENIZER.decode(TOKENIZER.encode("hello"))).isEqualTo(" hello");
      assertThat(TOKENIZER.decode(new int[] {1, piece("d"), piece(" "), 2, 0}))
          .isEqualTo("<BOS>d <EOS>\uFFFD");
    }

    @Test
    void gives_labels_and_bytes() {
      assertThat(TOKENIZER.tokenTexts(new int[] {0, 1, 2, 3 + 0xe2, 3 + 'x', piece("ö")}))
          .containsExactly("<UNK>", "<BOS>", "<EOS>", "\\xE2", "x", "ö");
      assertThat(TOKENIZER.tokenBytes(1)).isEmpty();
      assertThat(TOKENIZER.tokenBytes(3 + 0xe2)).containsExactly(0xe2);
      assertThat(TOKENIZER.score(piece("e"))).isEqualTo(-2);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TOKENIZER.decode(new int[] {TOKENIZER.vocabSize()}));
    }
  }

  @Nested
  class The_file {
    @TempDir Path dir;

    @Test
    void is_written_as_it_was_read() throws IOException {
      Path file = dir.resolve("tokenizer.bin");
      TOKENIZER.write(file);
      assertThat(Files.readAllBytes(file)).isEqualTo(SampleVocabulary.bytes());
      assertThat(Llama2cTokenizer.read(file, TOKENIZER.vocabSize()).encode("hello world"))
          .isEqualTo(TOKENIZER.encode("hello world"));
      assertThat(
              catchThrowableOfType(
                  MalformedFileException.class, () -> Llama2cTokenizer.read(file, 300)))
          .hasMessageContaining("the model has 300");
    }

    @Test
    void is_refused_when_cut_within_a_token_or_before_the_bytes_are_complete() {
      byte[] whole = SampleVocabulary.bytes();
      int complete = 0;
      for (int size = 0; size < whole.length; size++) {
        complete += failure(Arrays.copyOf(whole, size)) == null ? 1 : 0;
      }
      assertThat(complete).isEqualTo(SampleVocabulary.PIECES.size());
    }

    @Test
    void is_refused_with_impossible_lengths_and_scores() {
      byte[] file = SampleVocabulary.bytes();
      ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      for (int length : new int[] {-1, 9, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        bytes.putInt(8, length);
        assertThat(failure(file)).hasMessageContaining("token 0");
      }
      bytes.putInt(8, 5).putFloat(4, Float.NaN);
      assertThat(failure(file)).hasMessageContaining("score NaN");
      bytes.putFloat(4, 0).putInt(0, -1);
      assertThat(failure(file)).hasMessageContaining("longest");
    }

    private MalformedFileException failure(byte[] file) {
      return catchThrowableOfType(
          MalformedFileException.class, () -> Llama2cTokenizer.read(file, "tokenizer.bin"));
    }
  }

  /** llama2.c's way: look at every pair, merge the best, start over. */
  private static int[] plain(String text, List<ScoredPiece> pieces) {
    List<String> texts = pieces.stream().map(ScoredPiece::latin).toList();
    List<Integer> tokens = new ArrayList<>(List.of(1));
    if (!text.isEmpty()) {
      (" " + text)
          .codePoints()
          .forEach(
              c -> {
                byte[] bytes = Character.toString(c).getBytes(StandardCharsets.UTF_8);
                int id = texts.indexOf(new String(bytes, StandardCharsets.ISO_8859_1));
                if (id >= 0) {
                  tokens.add(id);
                } else {
                  for (byte b : bytes) {
                    tokens.add(3 + (b & 0xff));
                  }
                }
              });
    }
    while (true) {
      float best = -1e10f;
      int at = -1;
      for (int i = 0; i + 1 < tokens.size(); i++) {
        int id = texts.indexOf(texts.get(tokens.get(i)) + texts.get(tokens.get(i + 1)));
        if (id >= 0 && pieces.get(id).score() > best) {
          best = pieces.get(id).score();
          at = i;
        }
      }
      if (at < 0) {
        return tokens.stream().mapToInt(Integer::intValue).toArray();
      }
      int merged = texts.indexOf(texts.get(tokens.get(at)) + texts.get(tokens.remove(at + 1)));
      tokens.set(at, merged);
    }
  }

  private static int piece(String text) {
    return 259 + SampleVocabulary.PIECES.indexOf(text);
  }

  private static Llama2cTokenizer tokenizer() {
    try {
      return Llama2cTokenizer.read(SampleVocabulary.bytes(), "tokenizer.bin");
    } catch (MalformedFileException e) {
      throw new AssertionError(e);
    }
  }
}
