package dev.circuitscope.examples.superposition.structure;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.geometry.SetGeometry;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.List;

/** What the paper says of correlated and anticorrelated features. */
final class StructureClaims {

  private static final String PAPER = "Toy Models of Superposition (2022), ";
  private static final String SETS = PAPER + "Correlated and Anticorrelated Features";

  /** Up to this probability no pair collapses. */
  private static final double SPARSE = 0.05;

  /** From this probability on all pairs do. */
  private static final double DENSE = 0.8;

  private StructureClaims() {}

  static List<Claim> of(StructureResult result) {
    return List.of(
        correlated(result),
        anticorrelated(result),
        sideBySide(result),
        localBases(result),
        apart(result),
        collapsed(result),
        PolygonClaims.shapes(result),
        PolygonClaims.deformation(result),
        PolygonClaims.jump(result),
        PolygonClaims.loss(result));
  }

  private static Claim correlated(StructureResult result) {
    SetGeometry sets = StructureResult.sets(result.correlated().best(0), 2);
    return claim(
        result,
        "correlated",
        "Correlated features prefer to be orthogonal: two pairs in two dimensions",
        Expectation.equalTo(0, 0.05),
        furthest(sets, 0),
        "the cosine within a pair that is furthest from 0, p = " + p(result));
  }

  private static Claim anticorrelated(StructureResult result) {
    SetGeometry sets = StructureResult.sets(result.anticorrelated().best(0), 2);
    return claim(
        result,
        "anticorrelated",
        "Anticorrelated features prefer to be antipodal: two pairs in two dimensions",
        Expectation.equalTo(-1, 0.02),
        furthest(sets, -1),
        "the cosine within a pair that is furthest from −1, p = " + p(result));
  }

  private static Claim sideBySide(StructureResult result) {
    ToyRun run = StructureResult.at(result.pairs(), result.recipe().setProbability());
    return claim(
        result,
        "side-by-side",
        "Where correlated features cannot all be orthogonal, they are side by side: three pairs in "
            + "two dimensions",
        Expectation.equalTo(3, 0),
        StructureResult.sets(run, 2).sideBySide().orElse(-1),
        "pairs without another feature between their members, p = " + p(result));
  }

  private static Claim localBases(StructureResult result) {
    SetGeometry sets = StructureResult.sets(Structure.baseRun(result), Structure.BASE);
    return claim(
        result,
        "local-bases",
        "Two sets of ten correlated features in ten dimensions form two local, almost orthogonal "
            + "bases",
        Expectation.above(4),
        sets.across() / sets.within(),
        "mean |Wᵢ · Wⱼ| across sets %.4f, within sets %.4f, p = %s"
            .formatted(sets.across(), sets.within(), p(result)));
  }

  private static Claim apart(StructureResult result) {
    int most = 0;
    for (ToyRun run : result.pairs().best()) {
      if (run.featureProbability() <= SPARSE) {
        most = Math.max(most, StructureResult.sets(run, 2).collapsed());
      }
    }
    return claim(
        result,
        "apart",
        "Sparse correlated pairs do not collapse: three pairs in two dimensions",
        Expectation.equalTo(0, 0),
        most,
        "the most pairs with a cosine of at least %s at any p up to %s"
            .formatted(SetGeometry.COLLAPSED_COSINE, SPARSE));
  }

  private static Claim collapsed(StructureResult result) {
    ToyRun run = StructureResult.at(result.pairs(), DENSE);
    return claim(
        result,
        "collapsed",
        "Dense correlated pairs collapse into their principal components: three pairs in two "
            + "dimensions",
        Expectation.equalTo(3, 0),
        StructureResult.sets(run, 2).collapsed(),
        "pairs with a cosine of at least %s at p = %s; %s"
            .formatted(SetGeometry.COLLAPSED_COSINE, DENSE, CollapseSection.collapse(result)));
  }

  private static double furthest(SetGeometry sets, double target) {
    double[] cosines = sets.cosines().stream().mapToDouble(Double::doubleValue).toArray();
    return ToyNumbers.furthest(cosines, target);
  }

  private static String p(StructureResult result) {
    return ToyNumbers.p(result.recipe().setProbability());
  }

  private static Claim claim(
      StructureResult result,
      String id,
      String statement,
      Expectation expected,
      double measured,
      String note) {
    return new Claim(
        "superposition.structure-" + id, SETS, statement, expected, measured, result.seed(), note);
  }
}
