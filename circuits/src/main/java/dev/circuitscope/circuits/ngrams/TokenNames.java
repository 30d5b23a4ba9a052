package dev.circuitscope.circuits.ngrams;

import dev.circuitscope.core.text.Tokenizer;
import java.util.Objects;
import java.util.Optional;

/**
 * How results write tokens: by their text in quotation marks, with line feeds and tabs escaped, or
 * by their ids.
 *
 * <pre>{@code
 * TokenNames.of(tokenizer).name(287);    // ' in'
 * TokenNames.ids().name(287);            // 287
 * }</pre>
 */
public final class TokenNames {

  private static final TokenNames IDS = new TokenNames(Optional.empty());

  private final Optional<Tokenizer> tokenizer;

  private TokenNames(Optional<Tokenizer> tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Names tokens by their numbers.
   *
   * @return the names
   */
  public static TokenNames ids() {
    return IDS;
  }

  /**
   * Names tokens by their text. Ids that the tokenizer does not know, as models padded to a round
   * vocabulary have, keep their numbers.
   *
   * @param tokenizer of the model
   * @return the names
   */
  public static TokenNames of(Tokenizer tokenizer) {
    return new TokenNames(Optional.of(Objects.requireNonNull(tokenizer, "tokenizer")));
  }

  /**
   * The name of a token.
   *
   * @param token its id
   * @return never empty, in one line
   */
  public String name(int token) {
    if (tokenizer.isEmpty() || token >= tokenizer.get().vocabSize()) {
      return Integer.toString(token);
    }
    StringBuilder name = new StringBuilder("'");
    tokenizer.get().tokenText(token).codePoints().forEach(c -> append(name, c));
    return name.append("'").toString();
  }

  private static void append(StringBuilder name, int c) {
    switch (c) {
      case '\n' -> name.append("\\n");
      case '\r' -> name.append("\\r");
      case '\t' -> name.append("\\t");
      default -> {
        if (Character.isISOControl(c)) {
          name.append("\\x%02x".formatted(c));
        } else {
          name.appendCodePoint(c);
        }
      }
    }
  }

  /** The tokenizer, or that it is ids. */
  @Override
  public String toString() {
    return tokenizer.map(Object::toString).orElse("ids");
  }
}
