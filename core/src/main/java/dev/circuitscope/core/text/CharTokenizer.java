package dev.circuitscope.core.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One token per Unicode code point of a fixed alphabet. Token 0 is the start token, token 1 stands
 * for every character outside the alphabet, and the alphabet follows in order of code points.
 *
 * <p>Texts over the alphabet round-trip. An unknown character decodes as U+FFFD, the replacement
 * character; that is the only loss.
 */
public final class CharTokenizer implements Tokenizer {
  private static final int BOS = 0;
  private static final int UNKNOWN = 1;
  private static final int FIRST = 2;

  private final int[] alphabet;
  private final Map<Integer, Integer> idOf = new HashMap<>();

  private CharTokenizer(int[] alphabet) {
    this.alphabet = alphabet;
    for (int i = 0; i < alphabet.length; i++) {
      idOf.put(alphabet[i], FIRST + i);
    }
  }

  /**
   * Takes the alphabet from a text.
   *
   * @param text its code points, each counted once, are the alphabet
   * @return the tokenizer
   */
  public static CharTokenizer ofAlphabet(String text) {
    return new CharTokenizer(text.codePoints().distinct().sorted().toArray());
  }

  /**
   * Takes the alphabet from a corpus: every code point that occurs.
   *
   * @param corpus documents
   * @return the tokenizer
   */
  public static CharTokenizer of(Corpus corpus) {
    return new CharTokenizer(
        corpus.documents().stream()
            .flatMapToInt(document -> document.text().codePoints().distinct())
            .distinct()
            .sorted()
            .toArray());
  }

  /** The alphabet must be as {@link #alphabet} gives it, so that ids stay what they were. */
  static CharTokenizer ofCodePoints(int[] alphabet) {
    for (int i = 0; i < alphabet.length; i++) {
      if (!Character.isValidCodePoint(alphabet[i]) || i > 0 && alphabet[i] <= alphabet[i - 1]) {
        throw new IllegalArgumentException(
            "character tokenizer: code point %d at %d is invalid or not in rising order"
                .formatted(alphabet[i], i));
      }
    }
    return new CharTokenizer(alphabet.clone());
  }

  /**
   * Returns the alphabet.
   *
   * @return its characters in order of their ids
   */
  public String alphabet() {
    return new String(alphabet, 0, alphabet.length);
  }

  int[] codePoints() {
    return alphabet.clone();
  }

  /**
   * Returns the token that stands for characters outside the alphabet.
   *
   * @return its id
   */
  public int unknownToken() {
    return UNKNOWN;
  }

  @Override
  public int[] encode(String text) {
    return text.codePoints().map(c -> idOf.getOrDefault(c, UNKNOWN)).toArray();
  }

  @Override
  public String decode(int[] tokens) {
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      TokenText.requireInVocabulary("decode", token, vocabSize());
      text.append(token == UNKNOWN ? TokenText.REPLACEMENT : tokenText(token));
    }
    return text.toString();
  }

  @Override
  public byte[] tokenBytes(int token) {
    TokenText.requireInVocabulary("token bytes", token, vocabSize());
    return token < FIRST ? new byte[0] : tokenText(token).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String tokenText(int token) {
    TokenText.requireInVocabulary("token text", token, vocabSize());
    return switch (token) {
      case BOS -> TokenText.BOS;
      case UNKNOWN -> TokenText.UNKNOWN;
      default -> Character.toString(alphabet[token - FIRST]);
    };
  }

  @Override
  public int vocabSize() {
    return FIRST + alphabet.length;
  }

  @Override
  public OptionalInt bosToken() {
    return OptionalInt.of(BOS);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CharTokenizer that && Arrays.equals(alphabet, that.alphabet);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(alphabet);
  }

  @Override
  public String toString() {
    return "characters (%d tokens)".formatted(vocabSize());
  }
}
