package dev.circuitscope.toymodels.adversarial;

/**
 * How a model is attacked.
 *
 * @param relativeRadius length of the perturbation, in units of the mean ||x||; positive
 * @param scope whether all samples get the same perturbation
 * @param refinement steps of ascent from each row of W^T W; 0 attacks along the rows themselves, as
 *     the paper does; only for {@link Scope#SHARED}
 */
public record AttackOptions(double relativeRadius, Scope scope, int refinement) {

  /** Who shares a perturbation. */
  public enum Scope {
    /** One perturbation for all samples, the one that raises their mean loss most. */
    SHARED,

    /** Each sample gets the one that raises its own loss most. */
    PER_SAMPLE
  }

  /** The paper's: a tenth of the mean norm, one perturbation for all samples, no refinement. */
  public static final AttackOptions PAPER = new AttackOptions(0.1, Scope.SHARED, 0);

  /**
   * Checks every component.
   *
   * @param relativeRadius positive
   * @param scope whether all samples get the same perturbation
   * @param refinement steps, not negative
   * @throws IllegalArgumentException naming the component and its value, if one is out of range
   */
  public AttackOptions {
    if (!(relativeRadius > 0 && relativeRadius < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "relativeRadius must be positive and finite, was " + relativeRadius);
    }
    if (scope == null) {
      throw new IllegalArgumentException("scope must not be null");
    }
    if (refinement < 0 || (refinement > 0 && scope == Scope.PER_SAMPLE)) {
      throw new IllegalArgumentException(
          "refinement must be 0 steps or more, and 0 for PER_SAMPLE, was %d for %s"
              .formatted(refinement, scope));
    }
  }

  /**
   * With another length.
   *
   * @param radius in units of the mean ||x||
   * @return a copy
   */
  public AttackOptions withRelativeRadius(double radius) {
    return new AttackOptions(radius, scope, refinement);
  }

  /**
   * With another scope.
   *
   * @param who shares a perturbation
   * @return a copy
   */
  public AttackOptions withScope(Scope who) {
    return new AttackOptions(relativeRadius, who, refinement);
  }

  /**
   * With another number of steps of ascent.
   *
   * @param steps 0 or more
   * @return a copy
   */
  public AttackOptions withRefinement(int steps) {
    return new AttackOptions(relativeRadius, scope, steps);
  }
}
