package dev.circuitscope.circuits.attribution;

import dev.circuitscope.circuits.algebra.Unembedding;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whose logit to attribute, at every example and position: a token's, or the difference of two.
 *
 * <pre>{@code
 * LogitDirections.token(7)                          // the same everywhere
 * LogitDirections.perExample(correct)               // an answer for each example
 *     .minus(LogitDirections.perExample(wrong))     // its logit less a wrong one's
 * LogitDirections.nextTokens(tokens)                // at each position, the token that follows
 * }</pre>
 */
public final class LogitDirections {

  private final TokenAt correct;
  private final Optional<TokenAt> incorrect;

  private LogitDirections(TokenAt correct, Optional<TokenAt> incorrect) {
    this.correct = correct;
    this.incorrect = incorrect;
  }

  /** Which token is meant. */
  @FunctionalInterface
  public interface TokenAt {
    /**
     * The token.
     *
     * @param example of the run
     * @param position of the run
     * @return its number
     */
    int token(int example, int position);
  }

  /**
   * A token for each example and position.
   *
   * @param rule which one
   * @return the directions
   */
  public static LogitDirections of(TokenAt rule) {
    return new LogitDirections(rule, Optional.empty());
  }

  /**
   * The same token everywhere.
   *
   * @param token its number
   * @return the directions
   */
  public static LogitDirections token(int token) {
    return of((example, position) -> token);
  }

  /**
   * A token for each example.
   *
   * @param tokens [batch]
   * @return the directions
   */
  public static LogitDirections perExample(int... tokens) {
    int[] copy = tokens.clone();
    return of((example, position) -> at(copy, example, "example"));
  }

  /**
   * A token for each position of each example.
   *
   * @param tokens [batch][pos]
   * @return the directions
   */
  public static LogitDirections perPosition(int[][] tokens) {
    int[][] copy = Arrays.stream(tokens).map(int[]::clone).toArray(int[][]::new);
    return of(
        (example, position) -> {
          if (example >= copy.length) {
            throw new IllegalArgumentException(
                "tokens were given for %d examples, not for example %d"
                    .formatted(copy.length, example));
          }
          return at(copy[example], position, "position");
        });
  }

  /**
   * At each position the token that follows it; at the last position, which nothing follows, the
   * last token itself.
   *
   * @param tokens [batch][pos], what the model read
   * @return the directions
   */
  public static LogitDirections nextTokens(int[][] tokens) {
    return perPosition(
        Arrays.stream(tokens)
            .map(
                row -> {
                  int[] next = Arrays.copyOfRange(row, 1, row.length + 1);
                  next[row.length - 1] = row[row.length - 1];
                  return next;
                })
            .toArray(int[][]::new));
  }

  /**
   * The difference of these tokens' logits and others'.
   *
   * @param others whose logits are taken off
   * @return the directions
   * @throws IllegalStateException if one of the two is a difference already
   */
  public LogitDirections minus(LogitDirections others) {
    if (incorrect.isPresent() || others.incorrect.isPresent()) {
      throw new IllegalStateException("only tokens are subtracted, not differences of tokens");
    }
    return new LogitDirections(correct, Optional.of(others.correct));
  }

  /**
   * The token whose logit is meant.
   *
   * @param example of the run
   * @param position of the run
   * @return its number
   */
  public int correct(int example, int position) {
    return correct.token(example, position);
  }

  /**
   * The token whose logit is taken off.
   *
   * @param example of the run
   * @param position of the run
   * @return its number; empty if these are no differences
   */
  public OptionalInt incorrect(int example, int position) {
    return incorrect.isPresent()
        ? OptionalInt.of(incorrect.get().token(example, position))
        : OptionalInt.empty();
  }

  /** u = W_U[:, correct] - W_U[:, incorrect]. */
  void read(Unembedding unembedding, int example, int position, double[] u) {
    float[] plus = unembedding.direction(correct.token(example, position));
    for (int i = 0; i < u.length; i++) {
      u[i] = plus[i];
    }
    if (incorrect.isPresent()) {
      float[] less = unembedding.direction(incorrect.get().token(example, position));
      for (int i = 0; i < u.length; i++) {
        u[i] -= less[i];
      }
    }
  }

  /** b_U[correct] - b_U[incorrect]. */
  double bias(Unembedding unembedding, int example, int position) {
    double bias = unembedding.bias(correct.token(example, position));
    return incorrect.isPresent()
        ? bias - unembedding.bias(incorrect.get().token(example, position))
        : bias;
  }

  private static int at(int[] tokens, int index, String what) {
    if (index >= tokens.length) {
      throw new IllegalArgumentException(
          "tokens were given for %d %ss, not for %s %d"
              .formatted(tokens.length, what, what, index));
    }
    return tokens[index];
  }
}
