package dev.circuitscope.circuits.ngrams;

import java.util.Objects;
import java.util.function.DoubleBinaryOperator;

/**
 * How a preference and an effect make the strength of a skip-trigram. Strength is 0 unless both are
 * above 0: a source that a destination does not prefer, or that does not raise the out, makes no
 * skip-trigram.
 *
 * <pre>{@code
 * TrigramStrength.PRODUCT.of(2, 3);        // 6
 * TrigramStrength.raise(10).of(2, 3);      // 3 e^2 / (e^2 + 9) = 1.35
 * }</pre>
 *
 * @param name short, for results
 * @param formula of a preference and an effect above 0; it must not fall when either rises, which
 *     the search relies on, and must not be negative
 */
public record TrigramStrength(String name, DoubleBinaryOperator formula) {

  /** Preference times effect. */
  public static final TrigramStrength PRODUCT =
      new TrigramStrength("preference times effect", (p, e) -> p * e);

  /**
   * Checks that both are there.
   *
   * @param name short, for results
   * @param formula of a preference and an effect above 0
   */
  public TrigramStrength {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(formula, "formula");
  }

  /**
   * How far the out's logit rises when the source is one of so many positions that the destination
   * sees, all others being of mean score: effect times e^p / (e^p + n - 1).
   *
   * @param positions n, at least 1
   * @return the measure, in logits
   * @throws IllegalArgumentException if there is no position
   */
  public static TrigramStrength raise(int positions) {
    if (positions < 1) {
      throw new IllegalArgumentException(
          "a destination sees at least 1 position, was " + positions);
    }
    return new TrigramStrength(
        "logits raised by one source among %d positions".formatted(positions),
        (p, e) -> e / (1 + (positions - 1) * Math.exp(-p)));
  }

  /**
   * The strength of a skip-trigram.
   *
   * @param preference of the destination for the source
   * @param effect of the source on the out
   * @return at least 0
   */
  public double of(double preference, double effect) {
    return preference > 0 && effect > 0 ? formula.applyAsDouble(preference, effect) : 0;
  }

  /** The name. */
  @Override
  public String toString() {
    return name;
  }
}
