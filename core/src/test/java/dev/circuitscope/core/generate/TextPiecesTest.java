package dev.circuitscope.core.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.text.ByteTokenizer;
import dev.circuitscope.core.text.Gpt2Tokenizer;
import dev.circuitscope.core.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Pieces of text")
class TextPiecesTest {

  private static List<String> pieces(Tokenizer tokenizer, int... tokens) {
    TextPieces pieces = new TextPieces(tokenizer);
    List<String> all = new ArrayList<>();
    for (int token : tokens) {
      all.add(pieces.add(token));
    }
    all.add(pieces.end());
    return all;
  }

  @Test
  void waitForTheEndOfACharacter() {
    Tokenizer bytes = new ByteTokenizer();
    assertThat(pieces(bytes, bytes.encode("aé😀b")))
        .containsExactly("a", "", "é", "", "", "", "😀", "b", "");
    Tokenizer gpt2 = Gpt2Tokenizer.get();
    assertThat(pieces(gpt2, gpt2.encode("Hi 🤖!"))).containsExactly("Hi", " ", "", "🤖", "!", "");
  }

  @Test
  void showACharacterThatIsCutShort() {
    Tokenizer bytes = new ByteTokenizer();
    assertThat(pieces(bytes, 0xf0, 0x9f)).containsExactly("", "", "\uFFFD");
    assertThat(String.join("", pieces(bytes, 0xf0, 'a'))).isEqualTo("\uFFFDa");
  }

  @Test
  void makeTheTextThatAllBytesMakeAtOnce() {
    Tokenizer bytes = new ByteTokenizer();
    SplittableRandom random = new SplittableRandom(3L);
    for (int round = 0; round < 200; round++) {
      byte[] noise = new byte[20];
      int[] tokens = new int[20];
      for (int i = 0; i < noise.length; i++) {
        tokens[i] = random.nextInt(10) < 3 ? 0xe0 + random.nextInt(32) : random.nextInt(256);
        noise[i] = (byte) tokens[i];
      }
      assertThat(String.join("", pieces(bytes, tokens)))
          .isEqualTo(new String(noise, StandardCharsets.UTF_8));
    }
  }

  @Test
  void nameSpecialTokens() {
    Tokenizer bytes = new ByteTokenizer();
    int bos = bytes.bosToken().orElseThrow();
    assertThat(pieces(bytes, 'a', 0xc3, bos)).startsWith("a", "").endsWith("");
    assertThat(String.join("", pieces(bytes, 'a', 0xc3, bos)))
        .isEqualTo("a\uFFFD" + bytes.decode(new int[] {bos}));
  }

  @Test
  void showATokenThatOnlyTheModelHas() {
    assertThat(pieces(new ByteTokenizer(), 'a', 300)).containsExactly("a", "\uFFFD", "");
  }
}
