package dev.circuitscope.toymodels.theory;

import dev.circuitscope.toymodels.superposition.ToyActivation;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Quasi-Newton descent (BFGS) of a model's exact expected loss, with central differences, which
 * suffices for a few dozen smooth parameters.
 */
final class Descent {

  private static final int MOST_STEPS = 300;
  private static final double DIFFERENCE = 1e-5;
  private static final double FLAT = 1e-9;

  private final int hidden;
  private final double[] importance;
  private final ToyActivation activation;
  private final ToDoubleFunction<AnalyticModel> objective;

  private double[] at;
  private double[] gradient;
  private double loss;

  /**
   * Descends from a model; {@link #model} is where it arrives.
   *
   * @param objective the exact loss of a model
   */
  Descent(AnalyticModel start, ToDoubleFunction<AnalyticModel> objective) {
    this.hidden = start.hidden();
    this.importance = start.importance();
    this.activation = start.activation();
    this.objective = objective;
    this.at = parameters(start);
    this.loss = loss(at);
    this.gradient = gradient(at);
    descend();
  }

  private static double[] parameters(AnalyticModel model) {
    int n = model.features();
    double[] flat = new double[(model.hidden() + 1) * n];
    double[][] w = model.weights();
    for (int k = 0; k < w.length; k++) {
      System.arraycopy(w[k], 0, flat, k * n, n);
    }
    System.arraycopy(model.bias(), 0, flat, w.length * n, n);
    return flat;
  }

  AnalyticModel model() {
    return model(at);
  }

  double loss() {
    return loss;
  }

  private AnalyticModel model(double[] flat) {
    int n = importance.length;
    double[][] w = new double[hidden][];
    Arrays.setAll(w, k -> Arrays.copyOfRange(flat, k * n, (k + 1) * n));
    double[] bias = Arrays.copyOfRange(flat, hidden * n, flat.length);
    return new AnalyticModel(w, bias, importance, activation);
  }

  private double loss(double[] flat) {
    return objective.applyAsDouble(model(flat));
  }

  private double[] gradient(double[] flat) {
    double[] slope = new double[flat.length];
    double[] moved = flat.clone();
    for (int i = 0; i < flat.length; i++) {
      moved[i] = flat[i] + DIFFERENCE;
      double above = loss(moved);
      moved[i] = flat[i] - DIFFERENCE;
      slope[i] = (above - loss(moved)) / (2 * DIFFERENCE);
      moved[i] = flat[i];
    }
    return slope;
  }

  private void descend() {
    double[][] inverse = identity(at.length);
    for (int step = 0; step < MOST_STEPS && norm(gradient) > FLAT; step++) {
      double[] direction = new double[at.length];
      for (int i = 0; i < at.length; i++) {
        direction[i] = -dot(inverse[i], gradient);
      }
      double slope = dot(direction, gradient);
      if (slope >= 0 || !move(direction, slope, inverse)) {
        return;
      }
    }
  }

  /** Halves the step until the loss falls by a share of what the slope promises. */
  private boolean move(double[] direction, double slope, double[][] inverse) {
    for (double length = 1; length > 1e-10; length /= 2) {
      double[] next = at.clone();
      for (int i = 0; i < next.length; i++) {
        next[i] += length * direction[i];
      }
      double reached = loss(next);
      if (reached < loss + 1e-4 * length * slope) {
        double[] there = gradient(next);
        update(inverse, difference(next, at), difference(there, gradient));
        at = next;
        gradient = there;
        loss = reached;
        return true;
      }
    }
    return false;
  }

  /** H <- (1 - s y^T / s.y) H (1 - y s^T / s.y) + s s^T / s.y, unless the curvature is negative. */
  private static void update(double[][] h, double[] s, double[] y) {
    double sy = dot(s, y);
    if (sy <= 1e-16) {
      return;
    }
    int n = s.length;
    double[] hy = new double[n];
    for (int i = 0; i < n; i++) {
      hy[i] = dot(h[i], y);
    }
    double yhy = dot(y, hy);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        h[i][j] += (1 + yhy / sy) * s[i] * s[j] / sy - (hy[i] * s[j] + s[i] * hy[j]) / sy;
      }
    }
  }

  private static double[][] identity(int n) {
    double[][] identity = new double[n][n];
    for (int i = 0; i < n; i++) {
      identity[i][i] = 1;
    }
    return identity;
  }

  private static double[] difference(double[] a, double[] b) {
    double[] difference = new double[a.length];
    Arrays.setAll(difference, i -> a[i] - b[i]);
    return difference;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }
}
