package dev.circuitscope.core.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What every tokenizer does with bytes, ids and labels. */
final class TokenText {
  static final String BOS = "<BOS>";
  static final String UNKNOWN = "<UNK>";
  static final String REPLACEMENT = "\uFFFD";

  private TokenText() {}

  static void requireInVocabulary(String operation, int token, int vocabSize) {
    if (token < 0 || token >= vocabSize) {
      throw new IllegalArgumentException(
          "%s: token %d is outside the vocabulary, ids 0 to %d"
              .formatted(operation, token, vocabSize - 1));
    }
  }

  /** UTF-8, refusing halves of surrogate pairs, which Java would turn into question marks. */
  static byte[] utf8(String text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] exact = new byte[bytes.remaining()];
      bytes.get(exact);
      return exact;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "encode: the text holds half of a surrogate pair, which UTF-8 cannot express", e);
    }
  }

  /**
   * Concatenates the tokens' bytes, special tokens by their labels (U+FFFD for unknown), and reads
   * them as UTF-8.
   */
  static String decode(Tokenizer tokenizer, int[] tokens) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int token : tokens) {
      requireInVocabulary("decode", token, tokenizer.vocabSize());
      byte[] bytes = tokenizer.tokenBytes(token);
      if (bytes.length == 0) {
        String label = tokenizer.tokenText(token);
        bytes = (label.equals(UNKNOWN) ? REPLACEMENT : label).getBytes(StandardCharsets.UTF_8);
      }
      all.writeBytes(bytes);
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** The bytes as text if they are whole characters, else in hexadecimal. */
  static String label(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException partial) {
      StringBuilder hex = new StringBuilder();
      for (byte b : bytes) {
        hex.append("\\x%02X".formatted(b & 0xff));
      }
      return hex.toString();
    }
  }
}
