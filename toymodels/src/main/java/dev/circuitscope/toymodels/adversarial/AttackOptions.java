package dev.circuitscope.toymodels.adversarial;

/**
 * How a model is attacked.
 *
 * @param relativeRadius length of the perturbation, in units of the mean ||x||; positive
 * @param scope whether all samples get the same perturbation
 * @param refinement steps of ascent, from every row of W^T W for a shared perturbation and from the
 *     worst row for one of a sample; 0 attacks along the rows themselves, as the paper does
 */
public record AttackOptions(double relativeRadius, Scope scope, int refinement) {

  /** Who shares a perturbation. */
  public enum Scope {
    /** One perturbation for all samples, the one that raises their mean loss most. */
    SHARED,

    /** Each sample gets the one that raises its own loss most. */
    PER_SAMPLE
  }

  /**
   * The paper's: a tenth of the mean norm, along the row of W^T W that does most harm. The paper
   * leaves open whether to the sample or to all of them; here it is to the sample, as is usual for
   * adversarial examples.
   */
  public static final AttackOptions PAPER = new AttackOptions(0.1, Scope.PER_SAMPLE, 0);

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
    if (refinement < 0) {
      throw new IllegalArgumentException("refinement must not be negative, was " + refinement);
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
