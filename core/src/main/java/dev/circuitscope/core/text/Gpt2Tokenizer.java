package dev.circuitscope.core.text;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.util.OptionalInt;

/**
 * GPT-2's byte-level byte-pair encoding with its 50257 tokens, which work offline. Its start token
 * is {@code <|endoftext|>}, id 50256, as in TransformerLens. Every text round-trips.
 *
 * @see <a
 *     href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">
 *     Radford et al. 2019, section 2.2</a>
 */
public final class Gpt2Tokenizer implements Tokenizer {
  private static final int END_OF_TEXT = 50256;

  private final Encoding encoding;
  private final byte[][] bytes = new byte[END_OF_TEXT][];

  private static final class Holder {
    static final Gpt2Tokenizer INSTANCE = new Gpt2Tokenizer();
  }

  private Gpt2Tokenizer() {
    encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
    IntArrayList single = new IntArrayList(1);
    single.add(0);
    for (int token = 0; token < END_OF_TEXT; token++) {
      single.set(0, token);
      bytes[token] = encoding.decodeBytes(single);
    }
  }

  /**
   * Returns the tokenizer; the vocabulary is loaded once, at the first call.
   *
   * @return the only instance
   */
  public static Gpt2Tokenizer get() {
    return Holder.INSTANCE;
  }

  @Override
  public int[] encode(String text) {
    TokenText.utf8(text);
    return encoding.encodeOrdinary(text).toArray();
  }

  @Override
  public String decode(int[] tokens) {
    return TokenText.decode(this, tokens);
  }

  @Override
  public byte[] tokenBytes(int token) {
    TokenText.requireInVocabulary("token bytes", token, vocabSize());
    return token == END_OF_TEXT ? new byte[0] : bytes[token].clone();
  }

  @Override
  public String tokenText(int token) {
    TokenText.requireInVocabulary("token text", token, vocabSize());
    return token == END_OF_TEXT ? "<|endoftext|>" : TokenText.label(bytes[token]);
  }

  @Override
  public int vocabSize() {
    return END_OF_TEXT + 1;
  }

  @Override
  public OptionalInt bosToken() {
    return OptionalInt.of(END_OF_TEXT);
  }

  @Override
  public String toString() {
    return "GPT-2 byte pairs (50257 tokens)";
  }
}
