package dev.circuitscope.core.text;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Turns text into token ids 0 to {@link #vocabSize()} - 1 and back.
 *
 * <p>{@link #encode} adds no start token and treats the names of special tokens as ordinary text.
 * {@link #decode} writes special tokens by their names, the unknown token as U+FFFD. A tokenizer is
 * immutable and may be shared between threads. {@link Tokenizers} saves and loads those of this
 * package.
 *
 * <pre>{@code
 * Tokenizer gpt2 = Gpt2Tokenizer.get();
 * int[] ids = gpt2.encode("Hello world");         // [15496, 995]
 * gpt2.tokenTexts(ids);                           // ["Hello", " world"]
 * }</pre>
 */
public interface Tokenizer {
  /**
   * Encodes a text.
   *
   * @param text any text
   * @return token ids; empty for the empty text
   * @throws IllegalArgumentException if the text holds half of a surrogate pair and the tokenizer
   *     works on UTF-8, which cannot express it
   */
  int[] encode(String text);

  /**
   * Decodes tokens. A sequence that starts or ends within a character shows U+FFFD there.
   *
   * @param tokens token ids
   * @return the text
   * @throws IllegalArgumentException if an id is outside the vocabulary
   */
  String decode(int[] tokens);

  /**
   * Returns the bytes that a token stands for.
   *
   * @param token token id
   * @return a fresh array of UTF-8, possibly part of a character; empty for special tokens
   * @throws IllegalArgumentException if the id is outside the vocabulary
   */
  byte[] tokenBytes(int token);

  /**
   * Returns one token as a label: its text, or the name of a special token. Bytes that are part of
   * a character only read {@code \xE2}.
   *
   * @param token token id
   * @return its label, never empty
   * @throws IllegalArgumentException if the id is outside the vocabulary
   */
  String tokenText(int token);

  /**
   * Returns the number of tokens, special ones included.
   *
   * @return size of the vocabulary
   */
  int vocabSize();

  /**
   * Returns the token that stands before the first one of a text, if the vocabulary has one.
   *
   * @return id of the start token
   */
  OptionalInt bosToken();

  /**
   * Encodes a text and puts the start token, if there is one, before it.
   *
   * @param text any text
   * @return token ids
   */
  default int[] encodeWithBos(String text) {
    int[] tokens = encode(text);
    if (bosToken().isEmpty()) {
      return tokens;
    }
    int[] all = new int[tokens.length + 1];
    all[0] = bosToken().getAsInt();
    System.arraycopy(tokens, 0, all, 1, tokens.length);
    return all;
  }

  /**
   * Returns the labels of several tokens.
   *
   * @param tokens token ids
   * @return {@link #tokenText} of each
   */
  default List<String> tokenTexts(int[] tokens) {
    return Arrays.stream(tokens).mapToObj(this::tokenText).toList();
  }
}
