package dev.circuitscope.toymodels.theory;

import dev.circuitscope.toymodels.superposition.ToyActivation;
import java.util.Locale;

/**
 * A local minimum of the exact expected loss over all weights and biases: where training from the
 * same start would end if every batch held infinitely many samples and nothing decayed.
 *
 * <pre>{@code
 * ExactMinimum pentagon = ExactMinimum.from(AnalyticModel.of(run.model(), importance), 0.05);
 * run.finalLoss() - pentagon.mean();    // what training has left on the table
 * }</pre>
 *
 * @param model the weights and biases of the minimum
 * @param p feature probability
 * @param total its loss, a sum over features
 */
public record ExactMinimum(AnalyticModel model, double p, double total) {

  /** The most features that a descent takes: every step integrates 3^n states many times. */
  public static final int MOST_FEATURES = 6;

  /**
   * Descends from a model. A start on a ridge, such as one whose weights are symmetric or 0, may
   * stay there.
   *
   * @param start where to start; its importances weigh the loss
   * @param p feature probability, in (0, 1]
   * @return the minimum that it leads to
   * @throws IllegalArgumentException if p is out of range, the model is linear, or has more than
   *     {@link #MOST_FEATURES} features
   */
  public static ExactMinimum from(AnalyticModel start, double p) {
    if (!(p > 0 && p <= 1)) {
      throw new IllegalArgumentException(
          "a descent needs a feature probability in (0, 1], was " + p);
    }
    requireDescent(start);
    Descent descent = new Descent(start, model -> SparsityExpansion.serially(model).total(p));
    return new ExactMinimum(descent.model(), p, descent.loss());
  }

  static void requireDescent(AnalyticModel start) {
    if (start.activation() == ToyActivation.LINEAR) {
      throw new IllegalArgumentException("LinearOptimum has the minimum of linear models");
    }
    if (start.features() > MOST_FEATURES) {
      throw new IllegalArgumentException(
          "an exact descent takes at most %d features, was %d; train with ToyTrainer"
              .formatted(MOST_FEATURES, start.features()));
    }
  }

  /**
   * The loss as it is trained and sampled, a mean over features.
   *
   * @return {@link #total} / n
   */
  public double mean() {
    return total / model.features();
  }

  /**
   * One line.
   *
   * @return sizes, p and the loss
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "n = %d, m = %d, p = %.4g: loss %.6g in all, %.6g per feature",
        model.features(),
        model.hidden(),
        p,
        total,
        mean());
  }
}
