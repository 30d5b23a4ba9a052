package dev.circuitscope.examples.superposition.uniform;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import dev.circuitscope.toymodels.geometry.InterferenceGraph;
import dev.circuitscope.toymodels.geometry.RegularFigure;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What the paper says of features of equal importance. */
final class UniformClaims {

  private static final String GEOMETRY =
      "Toy Models of Superposition (2022), The Geometry of Superposition";

  /** Where D* is near 1/2, whatever the other sparsities. */
  private static final double PLATEAU = 3;

  private UniformClaims() {}

  static List<Claim> of(UniformResult result) {
    return List.of(
        dense(result),
        half(result),
        plateau(result),
        total(result),
        digons(result),
        lines(result),
        figures(result));
  }

  private static Claim dense(UniformResult result) {
    return claim(
        result,
        "dense",
        "With dense features (1 − S = 1) the model has about one dimension per feature",
        Expectation.equalTo(1, 0.05),
        result.rows().get(0).geometry().dimensionsPerFeature(),
        "D* = m / ‖W‖²");
  }

  private static Claim half(UniformResult result) {
    UniformRow row = result.nearest(PLATEAU);
    return claim(
        result,
        "half",
        "Dimensions per feature stick at 1/2, where features are antipodal pairs",
        Expectation.equalTo(0.5, 0.05),
        row.geometry().dimensionsPerFeature(),
        "D* at 1/(1 − S) = " + UniformSection.sparsity(row));
  }

  private static Claim plateau(UniformResult result) {
    double half = result.width(0.5);
    double above = result.width(0.75);
    double below = result.width(0.25);
    return claim(
        result,
        "plateau",
        "D* stays longer near 1/2 than near 3/4 or 1/4: there is a plateau",
        Expectation.above(1.5),
        half / Math.max(above, below),
        String.format(
            Locale.ROOT,
            "D* stays within 10%% of 1/2 while 1/(1 − S) grows %.2f times, of 3/4 %.2f times, of 1/4 "
                + "%.2f times; the ratio of the logarithm for 1/2 to the larger of the others",
            Math.exp(half),
            Math.exp(above),
            Math.exp(below)));
  }

  private static Claim total(UniformResult result) {
    int m = result.recipe().hidden();
    double worst = 0;
    for (UniformRow row : result.rows()) {
      worst = Math.max(worst, Math.abs(row.totalDimensionality() / m - 1));
    }
    return claim(
        result,
        "total",
        "The dimensionalities of all features add up to the number of dimensions",
        Expectation.below(0.01),
        worst,
        "the largest |ΣDᵢ / m − 1| over all sparsities, dense ones included");
  }

  private static Claim digons(UniformResult result) {
    UniformRow row = result.nearest(PLATEAU);
    return claim(
        result,
        "digons",
        "On the plateau the model consists of antipodal pairs, orthogonal to each other",
        Expectation.above(0.9),
        share(2 * row.count(RegularFigure.DIGON), row.learned()),
        "share of the %d learned features at 1/(1 − S) = %s whose component of the graph is a digon"
            .formatted(row.learned(), UniformSection.sparsity(row)));
  }

  private static Claim lines(UniformResult result) {
    int on = 0;
    int all = 0;
    for (UniformRow row : result.rows()) {
      if (isAroundPlateau(row)) {
        on += row.onLines();
        all += row.learned();
      }
    }
    return claim(
        result,
        "lines",
        "Dimensionalities are not spread out, but lie on the lines of the named figures",
        Expectation.above(0.5),
        share(on, all),
        ("share of the %d learned features at 1/(1 − S) from 2 to 4 with Dᵢ within %s of 1, 3/4, "
                + "2/3, 1/2, 2/5 or 3/8; evenly spread out it would be 0.15")
            .formatted(all, UniformRow.TOLERANCE.dimensionality()));
  }

  private static Claim figures(UniformResult result) {
    Set<String> kinds = new TreeSet<>();
    int in = 0;
    int all = 0;
    for (UniformRow row : result.rows()) {
      for (InterferenceGraph.Component component : row.graph().components()) {
        boolean regular = component.figure().filter(f -> f.corners() > 1).isPresent();
        if (regular) {
          kinds.add(component.name());
        }
        if (isAroundPlateau(row)) {
          in += regular ? component.features().size() : 0;
          all += component.features().size();
        }
      }
    }
    return claim(
        result,
        "figures",
        "Models fall apart into regular figures in spaces orthogonal to each other",
        Expectation.above(0.9),
        share(in, all),
        ("share of the %d learned features at 1/(1 − S) from 2 to 4 whose component of the graph is a "
                + "regular figure of two or more; kinds at all sparsities: %s")
            .formatted(all, String.join(", ", kinds)));
  }

  private static boolean isAroundPlateau(UniformRow row) {
    return row.sparsity() >= 2 && row.sparsity() <= 4;
  }

  private static double share(int part, int all) {
    return all == 0 ? Double.NaN : (double) part / all;
  }

  private static Claim claim(
      UniformResult result,
      String id,
      String statement,
      Expectation expected,
      double measured,
      String note) {
    long seed = result.results().config().seed();
    return new Claim(
        "superposition.uniform-" + id, GEOMETRY, statement, expected, measured, seed, note);
  }
}
