package dev.circuitscope.core.text;

import java.util.OptionalInt;

/** One token per byte of UTF-8, ids 0 to 255, and a start token 256. Every text round-trips. */
public final class ByteTokenizer implements Tokenizer {
  private static final int BYTES = 256;

  /** Creates the tokenizer; all are alike. */
  public ByteTokenizer() {}

  @Override
  public int[] encode(String text) {
    byte[] bytes = TokenText.utf8(text);
    int[] tokens = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      tokens[i] = bytes[i] & 0xff;
    }
    return tokens;
  }

  @Override
  public String decode(int[] tokens) {
    return TokenText.decode(this, tokens);
  }

  @Override
  public byte[] tokenBytes(int token) {
    TokenText.requireInVocabulary("token bytes", token, vocabSize());
    return token == BYTES ? new byte[0] : new byte[] {(byte) token};
  }

  @Override
  public String tokenText(int token) {
    TokenText.requireInVocabulary("token text", token, vocabSize());
    return token == BYTES ? TokenText.BOS : TokenText.label(tokenBytes(token));
  }

  @Override
  public int vocabSize() {
    return BYTES + 1;
  }

  @Override
  public OptionalInt bosToken() {
    return OptionalInt.of(BYTES);
  }

  @Override
  public String toString() {
    return "bytes (257 tokens)";
  }
}
