package dev.circuitscope.examples.superposition.basic;

import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import dev.circuitscope.toymodels.theory.AnalyticModel;
import dev.circuitscope.toymodels.theory.PhaseLosses;
import dev.circuitscope.toymodels.theory.SparsityExpansion;
import java.util.List;

/**
 * What the basic experiments found.
 *
 * @param recipe what was trained
 * @param seed of weights and data
 * @param ladders models over sparsities
 * @param equal five features of one importance in two dimensions, dense and sparse
 * @param falling the same, dense, of falling importance
 */
public record BasicResult(
    BasicRecipe recipe,
    long seed,
    List<LadderResult> ladders,
    ToyResults equal,
    ToyResults falling) {

  /**
   * Copies the ladders.
   *
   * @param recipe what was trained
   * @param seed of weights and data
   * @param ladders models over sparsities
   * @param equal five features of one importance in two dimensions, dense and sparse
   * @param falling the same, dense, of falling importance
   */
  public BasicResult {
    ladders = List.copyOf(ladders);
  }

  /**
   * The best model of equally important dense features.
   *
   * @return at p = 1
   */
  public ToyRun equalDense() {
    return equal.best(0);
  }

  /**
   * The best model of equally important sparse features.
   *
   * @return at the smallest p
   */
  public ToyRun equalSparse() {
    return equal.best(equal.config().featureProbabilities().size() - 1);
  }

  /**
   * The exact loss of {@link #equalDense}, a mean over features.
   *
   * @return by integration
   */
  public double equalDenseLoss() {
    AnalyticModel model = AnalyticModel.of(equalDense().model(), equal.config().importance());
    return SparsityExpansion.exact(model).mean(equalDense().featureProbability());
  }

  /**
   * The exact loss of keeping m of the equally important features and giving the others the bias
   * 1/2, their mean.
   *
   * @return a mean over features, at p = 1
   */
  public double dedicatedLoss() {
    int n = equal.config().features();
    int ignored = n - equal.config().hidden();
    return ignored * PhaseLosses.ignored(equalDense().featureProbability(), 1) / n;
  }
}
