package dev.circuitscope.examples.claims;

import java.util.Objects;

/**
 * Something a paper says, and what was measured about it. Whether it holds is computed from the
 * numbers, and a claim that does not hold stays in every report.
 *
 * <pre>{@code
 * Claim claim = new Claim("induction.two-layer", paper, "...", Expectation.above(0.4), 0.83, 0, "");
 * claim.holds();   // true
 * }</pre>
 *
 * @param id short, unique, with dots: {@code induction.two-layer}
 * @param paper title and section
 * @param statement one sentence
 * @param expected what the number should be
 * @param measured the number; NaN if there was nothing to measure
 * @param seed of the run
 * @param note how it was measured, or why it could not be; may be empty
 */
public record Claim(
    String id,
    String paper,
    String statement,
    Expectation expected,
    double measured,
    long seed,
    String note) {

  /**
   * Checks that all texts are there.
   *
   * @param id short, unique, with dots: {@code induction.two-layer}
   * @param paper title and section
   * @param statement one sentence
   * @param expected what the number should be
   * @param measured the number; NaN if there was nothing to measure
   * @param seed of the run
   * @param note how it was measured, or why it could not be; may be empty
   */
  public Claim {
    Objects.requireNonNull(expected, "expected");
    Objects.requireNonNull(note, "note");
    if (id.isBlank() || paper.isBlank() || statement.isBlank()) {
      throw new IllegalArgumentException(
          "a claim needs an id, a paper and a statement, was '%s', '%s', '%s'"
              .formatted(id, paper, statement));
    }
  }

  /**
   * Whether the measured number is as expected.
   *
   * @return whether it is; never for NaN
   */
  public boolean holds() {
    return expected.holds(measured);
  }
}
