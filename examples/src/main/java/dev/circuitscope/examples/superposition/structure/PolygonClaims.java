package dev.circuitscope.examples.superposition.structure;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import dev.circuitscope.examples.superposition.structure.PolygonCell.Shape;
import java.util.List;
import java.util.Locale;

/** What the paper says of a pentagon of which one feature is rarer than the others. */
final class PolygonClaims {

  private static final String PAPER =
      "Toy Models of Superposition (2022), Non-Uniform Superposition";

  /** This near to the crossing of the losses, as a ratio, either shape will do. */
  private static final double BOUNDARY = 1.1;

  private PolygonClaims() {}

  static Claim shapes(StructureResult result) {
    double crossing = result.branches().crossing();
    int wrong = 0;
    int compared = 0;
    for (PolygonCell cell : result.polygons()) {
      if (Math.abs(Math.log(cell.factor() / crossing)) > Math.log(BOUNDARY)) {
        compared++;
        Shape better = cell.factor() < crossing ? Shape.DIGONS : Shape.PENTAGON;
        wrong += cell.shape() == better ? 0 : 1;
      }
    }
    return claim(
        result,
        "switch",
        "As one feature of a pentagon becomes rarer, the model switches to two digons, where their "
            + "loss becomes the lower one",
        Expectation.equalTo(0, 0),
        compared == 0 ? Double.NaN : wrong,
        String.format(
            Locale.ROOT,
            "trained models of another shape than the solution of lower exact loss, out of %d more "
                + "than 10%% away from the crossing at %.3f times the others' probability",
            compared,
            crossing));
  }

  static Claim deformation(StructureResult result) {
    return claim(
        result,
        "deforms",
        "Before it switches, the pentagon deforms: the rare feature's neighbours close in on it",
        Expectation.above(3),
        result.polygons().stream()
            .filter(cell -> cell.shape() == Shape.PENTAGON)
            .mapToDouble(cell -> 72 - cell.angleToNeighbour())
            .findFirst()
            .orElse(Double.NaN),
        "degrees by which the angle to its nearest neighbour falls short of 72, in the pentagon with "
            + "the rarest feature");
  }

  static Claim jump(StructureResult result) {
    double largest = Double.NaN;
    List<PolygonCell> cells = result.polygons();
    for (int i = 1; i < cells.size(); i++) {
      double change = Math.abs(cells.get(i).firstNorm() - cells.get(i - 1).firstNorm());
      largest = Double.isNaN(largest) ? change : Math.max(largest, change);
    }
    return claim(
        result,
        "jump",
        "The switch is a discontinuous change: the rare feature is lost at once",
        Expectation.above(0.8),
        largest,
        "the largest change of its norm ‖W_0‖ between neighbouring probabilities");
  }

  static Claim loss(StructureResult result) {
    double worst = Double.NaN;
    for (PolygonCell cell : result.polygons()) {
      double excess = cell.loss() / result.branches().lowest(cell.factor()) - 1;
      worst = Double.isNaN(worst) ? excess : Math.max(worst, excess);
    }
    return claim(
        result,
        "loss",
        "Trained models reach the loss of the better solution",
        Expectation.below(0.03),
        worst,
        "the largest excess of a trained model's exact loss over the lower of both branches");
  }

  private static Claim claim(
      StructureResult result,
      String id,
      String statement,
      Expectation expected,
      double measured,
      String note) {
    return new Claim(
        "superposition.structure-" + id, PAPER, statement, expected, measured, result.seed(), note);
  }
}
