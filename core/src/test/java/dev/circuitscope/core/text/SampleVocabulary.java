package dev.circuitscope.core.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A vocabulary of llama2.c made by hand: three special tokens, 256 bytes, and a few pieces. */
public final class SampleVocabulary {
  static final List<String> PIECES =
      List.of(
          " ", "h", "e", "l", "o", "w", "r", "d", "ö", "\n", "he", "ll", "lo", "hell", " w", "or",
          "ld", " wor", "hello", " hello", " world", "ell");

  private SampleVocabulary() {}

  static List<ScoredPiece> pieces() {
    List<String> texts = new ArrayList<>(List.of("<unk>", "\n<s>\n", "\n</s>\n"));
    for (int b = 0; b < 256; b++) {
      texts.add("<0x%02X>".formatted(b));
    }
    texts.addAll(PIECES);
    List<ScoredPiece> pieces = new ArrayList<>();
    for (int id = 0; id < texts.size(); id++) {
      byte[] bytes = texts.get(id).getBytes(StandardCharsets.UTF_8);
      float score = id < 259 ? 0 : -(id - 259);
      pieces.add(new ScoredPiece(ScoredPiece.latin(bytes, 0, bytes.length), score));
    }
    return pieces;
  }

  /** The file, written out here rather than by the class under test. */
  public static byte[] bytes() {
    List<ScoredPiece> pieces = pieces();
    ByteBuffer out = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN).putInt(6);
    for (ScoredPiece piece : pieces) {
      byte[] bytes = piece.latin().getBytes(StandardCharsets.ISO_8859_1);
      out.putFloat(piece.score()).putInt(bytes.length).put(bytes);
    }
    byte[] file = new byte[out.position()];
    out.flip().get(file);
    return file;
  }
}
