package dev.circuitscope.core.reference;

import dev.circuitscope.core.hook.HookPoint;
import java.util.Arrays;

/**
 * Puts something else in place of activations of a {@link ReferenceTransformer}. It is asked at
 * every hook point, in the order in which the forward pass reaches them.
 *
 * <pre>{@code
 * Intervention zeroed = (at, x) -> at.equals(HookPoint.z(0)) ? new double[x.length] : x;
 * }</pre>
 */
@FunctionalInterface
public interface Intervention {

  /**
   * Sees an activation and says what the forward pass goes on with.
   *
   * @param at the point that was reached
   * @param activation what the model computed there, flat and row-major, with the axes of {@link
   *     HookPoint#axes}; not to be modified
   * @return an array of the same length: the given one to change nothing, or a new one
   */
  double[] apply(HookPoint at, double[] activation);

  /**
   * Changes nothing.
   *
   * @return the intervention
   */
  static Intervention none() {
    return (at, activation) -> activation;
  }

  /**
   * Puts fixed values at one point.
   *
   * @param point where
   * @param values as many as the activation has; copied
   * @return the intervention
   */
  static Intervention replace(HookPoint point, double[] values) {
    double[] copy = values.clone();
    return (at, activation) -> at.equals(point) ? copy.clone() : activation;
  }

  /**
   * Adds to one element of one point: what a finite difference needs.
   *
   * @param point where
   * @param index of the element in the flat activation
   * @param amount what to add
   * @return the intervention
   */
  static Intervention nudge(HookPoint point, int index, double amount) {
    return (at, activation) -> {
      if (!at.equals(point)) {
        return activation;
      }
      double[] nudged = Arrays.copyOf(activation, activation.length);
      nudged[index] += amount;
      return nudged;
    };
  }

  /**
   * This intervention, then another one on what it leaves.
   *
   * @param next the other one
   * @return both
   */
  default Intervention then(Intervention next) {
    return (at, activation) -> next.apply(at, apply(at, activation));
  }
}
