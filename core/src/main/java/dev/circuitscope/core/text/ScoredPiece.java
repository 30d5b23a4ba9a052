package dev.circuitscope.core.text;

import dev.circuitscope.core.io.MalformedFileException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One token of a SentencePiece vocabulary. Its bytes are kept as a text of Latin-1, one character
 * per byte, since they need not be UTF-8 and are looked up often.
 */
record ScoredPiece(String latin, float score) {

  static String latin(byte[] bytes, int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
  }

  /** The bytes that are printed: those of the piece, or the one that {@code <0xE2>} names. */
  byte[] spokenBytes() {
    if (latin.length() == 6 && latin.startsWith("<0x") && latin.endsWith(">")) {
      int high = Character.digit(latin.charAt(3), 16);
      int low = Character.digit(latin.charAt(4), 16);
      if (high >= 0 && low >= 0) {
        return new byte[] {(byte) (high << 4 | low)};
      }
    }
    return latin.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The length of the longest piece, then score, length and bytes of each. */
  static List<ScoredPiece> read(byte[] content, String name) throws MalformedFileException {
    ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (content.length < Integer.BYTES) {
      throw new MalformedFileException(name, content.length, "the longest length is cut off");
    }
    int longest = in.getInt();
    if (longest < 0) {
      throw new MalformedFileException(name, 0, "a longest token of " + longest + " bytes");
    }
    List<ScoredPiece> pieces = new ArrayList<>();
    while (in.hasRemaining()) {
      int at = in.position();
      if (in.remaining() < Float.BYTES + Integer.BYTES) {
        throw new MalformedFileException(name, at, "a token is cut off");
      }
      float score = in.getFloat();
      int length = in.getInt();
      if (!Float.isFinite(score) || length < 0 || length > longest || length > in.remaining()) {
        throw new MalformedFileException(
            name,
            at,
            "token %d of score %s and %d bytes; lengths are at most %d, and %d bytes follow"
                .formatted(pieces.size(), score, length, longest, in.remaining()));
      }
      pieces.add(new ScoredPiece(latin(content, in.position(), in.position() + length), score));
      in.position(in.position() + length);
    }
    return pieces;
  }

  static byte[] write(List<ScoredPiece> pieces) {
    int longest = pieces.stream().mapToInt(piece -> piece.latin.length()).max().orElse(0);
    int bytes = pieces.stream().mapToInt(piece -> piece.latin.length()).sum();
    ByteBuffer out =
        ByteBuffer.allocate(Integer.BYTES + pieces.size() * 8 + bytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(longest);
    for (ScoredPiece piece : pieces) {
      out.putFloat(piece.score).putInt(piece.latin.length());
      out.put(piece.latin.getBytes(StandardCharsets.ISO_8859_1));
    }
    return out.array();
  }
}
