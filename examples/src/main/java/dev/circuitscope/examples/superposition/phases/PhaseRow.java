package dev.circuitscope.examples.superposition.phases;

import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.superposition.ToyModel;
import dev.circuitscope.toymodels.theory.LastFeature;

/**
 * The best model of a cell.
 *
 * @param outcome what became of the last feature
 * @param norm of the last feature's column of W
 * @param shared the sum of the others' squared projections on its direction
 * @param loss the exact expected loss, a sum over features
 * @param weights W [hidden][features]
 * @param bias b [features]
 */
public record PhaseRow(
    LastFeature outcome, double norm, double shared, double loss, float[][] weights, float[] bias) {

  static PhaseRow of(ToyModel model, double loss) {
    Geometry geometry = model.geometry();
    int last = geometry.features() - 1;
    double polysemanticity = geometry.polysemanticity()[last];
    return new PhaseRow(
        LastFeature.of(geometry),
        geometry.norms()[last],
        polysemanticity * polysemanticity,
        loss,
        model.weights(),
        model.bias());
  }
}
