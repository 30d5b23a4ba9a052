package dev.circuitscope.core.generate;

import dev.circuitscope.core.text.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns tokens into text as they come, whole characters only: bytes that start a character wait for
 * those that end it. Bytes that are no character become U+FFFD.
 */
final class TextPieces {

  private static final String REPLACEMENT = "\uFFFD";

  private final Tokenizer tokenizer;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] waiting = {};

  TextPieces(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** The characters that a token completes. */
  String add(int token) {
    if (token >= tokenizer.vocabSize()) {
      // Vocabularies of models are often padded to a round number.
      return REPLACEMENT;
    }
    byte[] bytes = tokenizer.tokenBytes(token);
    return bytes.length == 0 ? end() + tokenizer.decode(new int[] {token}) : decode(bytes, false);
  }

  /** What is left at the end of the text. */
  String end() {
    String rest = decode(new byte[0], true);
    decoder.reset();
    return rest;
  }

  private String decode(byte[] bytes, boolean end) {
    byte[] all = Arrays.copyOf(waiting, waiting.length + bytes.length);
    System.arraycopy(bytes, 0, all, waiting.length, bytes.length);
    ByteBuffer in = ByteBuffer.wrap(all);
    CharBuffer out = CharBuffer.allocate(all.length + 1);
    decoder.decode(in, out, end);
    if (end) {
      decoder.flush(out);
    }
    waiting = Arrays.copyOfRange(all, in.position(), all.length);
    return out.flip().toString();
  }
}
