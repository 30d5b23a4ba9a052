package dev.circuitscope.toymodels.superposition;

/** A loss that is no longer a finite number. */
public final class ToyDivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ToyDivergedException(ToyConfig config, int instance, int step, double loss) {
    super(
        "the loss of instance "
            + instance
            + " (feature probability "
            + config.featureProbability(instance)
            + ") became "
            + loss
            + " at step "
            + step
            + "; try a learning rate below "
            + config.learningRate()
            + " or smaller importances");
  }
}
