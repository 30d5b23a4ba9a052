package dev.circuitscope.core.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * GPT-2's way of writing bytes as printable characters: those that are printable in Latin-1 stand
 * for themselves, the others are numbered from U+0100 on.
 */
final class ByteLevel {

  private static final Map<Character, Byte> BYTES = new HashMap<>();

  static {
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
      BYTES.put(printable ? (char) b : next++, (byte) b);
    }
  }

  private ByteLevel() {}

  /** The bytes of a token; characters outside the scheme stand for themselves. */
  static byte[] bytes(String token) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(token.length());
    token
        .codePoints()
        .forEach(
            c -> {
              Byte b = c < 0x10000 ? BYTES.get((char) c) : null;
              if (b != null) {
                bytes.write(b);
              } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
              }
            });
    return bytes.toByteArray();
  }
}
