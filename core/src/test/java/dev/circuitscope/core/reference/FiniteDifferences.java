package dev.circuitscope.core.reference;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.HookPoint;

/**
 * Gradients of the loss by central differences of the float64 forward pass: (L(x + h) - L(x - h)) /
 * 2h, with an error of order h^2 and of the rounding of L over h, about 1e-10 together.
 */
public final class FiniteDifferences {

  private static final double H = 1e-5;

  private FiniteDifferences() {}

  /** With respect to one parameter, row-major. */
  public static double[] ofWeight(ReferenceTransformer model, int[][] tokens, String name) {
    double[] values = model.weight(name);
    return gradient(
        values.length,
        (i, amount) -> {
          double[] nudged = values.clone();
          nudged[i] += amount;
          return model.with(name, nudged).loss(tokens);
        });
  }

  /**
   * With respect to the activation at one point, row-major. Masked scores have gradient 0: nudging
   * negative infinity changes nothing.
   */
  public static double[] ofActivation(ReferenceTransformer model, int[][] tokens, HookPoint point) {
    return ofActivation(model, tokens, point, Intervention.none());
  }

  /** The same, in a run whose activations are changed; the nudge comes after the change. */
  public static double[] ofActivation(
      ReferenceTransformer model, int[][] tokens, HookPoint point, Intervention intervention) {
    int length = model.run(tokens).get(point).values().length;
    return gradient(
        length,
        (i, amount) -> model.loss(tokens, intervention.then(Intervention.nudge(point, i, amount))));
  }

  private interface NudgedLoss {
    double at(int index, double amount);
  }

  private static double[] gradient(int length, NudgedLoss loss) {
    double[] gradient = new double[length];
    Parallel.forEach(length, i -> gradient[i] = (loss.at(i, H) - loss.at(i, -H)) / (2 * H));
    return gradient;
  }
}
