package dev.circuitscope.examples.report;

import dev.circuitscope.examples.claims.Claim;
import java.util.List;
import java.util.Locale;

/** Claims as a table, whether they hold or not. */
public final class ClaimsTable {

  static final String HOLDS = "✓ holds";
  static final String FAILS = "✗ does not hold";

  private ClaimsTable() {}

  /**
   * The table.
   *
   * @param claims all of them
   * @return a row each
   */
  public static Table of(List<Claim> claims) {
    return new Table(
        "What the papers say, and what was measured here",
        List.of("Claim", "Expected", "Measured", "Outcome", "Paper", "How it was measured"),
        claims.stream().map(ClaimsTable::row).toList());
  }

  private static List<String> row(Claim claim) {
    return List.of(
        claim.statement(),
        claim.expected().toString(),
        Double.isNaN(claim.measured())
            ? "nothing to measure"
            : String.format(Locale.ROOT, "%.3f", claim.measured()).replaceFirst("\\.?0+$", ""),
        claim.holds() ? HOLDS : FAILS,
        claim.paper(),
        claim.note());
  }
}
