package dev.circuitscope.toymodels.adversarial;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.toymodels.superposition.ToyActivation;
import dev.circuitscope.toymodels.theory.AnalyticModel;

/**
 * A model's loss on fixed samples as a function of a perturbation d of all of them: sum_j I_j (x_j
 * - f(z_j + u_j))^2 with z = W^T W x + b, computed once, and u = W^T W d.
 */
final class AttackedLosses {

  private final double[][] gram;
  private final double[] importance;
  private final double floor;
  private final double[][] x;
  private final double[][] z;

  AttackedLosses(AnalyticModel model, double[][] x) {
    int n = model.features();
    this.gram = new double[n][];
    for (int j = 0; j < n; j++) {
      gram[j] = model.gramRow(j);
    }
    this.importance = model.importance();
    this.floor = model.activation() == ToyActivation.LINEAR ? Double.NEGATIVE_INFINITY : 0;
    this.x = x;
    this.z = new double[x.length][];
    double[] bias = model.bias();
    Parallel.forEach(
        x.length,
        s -> {
          z[s] = moved(x[s]);
          for (int j = 0; j < n; j++) {
            z[s][j] += bias[j];
          }
        });
  }

  private AttackedLosses(AttackedLosses all, int sample) {
    this.gram = all.gram;
    this.importance = all.importance;
    this.floor = all.floor;
    this.x = new double[][] {all.x[sample]};
    this.z = new double[][] {all.z[sample]};
  }

  /** The losses on one sample alone. */
  AttackedLosses only(int sample) {
    return new AttackedLosses(this, sample);
  }

  int samples() {
    return x.length;
  }

  /** W^T W d. */
  private double[] moved(double[] d) {
    double[] u = new double[gram.length];
    for (int i = 0; i < u.length; i++) {
      if (d[i] != 0) {
        for (int j = 0; j < u.length; j++) {
          u[j] += gram[i][j] * d[i];
        }
      }
    }
    return u;
  }

  double clean() {
    return mean(new double[gram.length]);
  }

  /** The mean over samples. */
  double mean(double[] d) {
    double[] u = moved(d);
    double sum = 0;
    for (int s = 0; s < x.length; s++) {
      sum += loss(s, u);
    }
    return sum / x.length;
  }

  /** One loss per sample. */
  double[] each(double[] d) {
    double[] u = moved(d);
    double[] losses = new double[x.length];
    for (int s = 0; s < losses.length; s++) {
      losses[s] = loss(s, u);
    }
    return losses;
  }

  private double loss(int s, double[] u) {
    double sum = 0;
    for (int j = 0; j < u.length; j++) {
      double pre = z[s][j] + u[j];
      double error = x[s][j] - (pre > floor ? pre : 0);
      sum += importance[j] * error * error;
    }
    return sum;
  }

  /** The gradient of {@link #mean}: W^T W g with g_j = mean of 2 I_j (y_j - x_j) [y_j on]. */
  double[] gradient(double[] d) {
    double[] u = moved(d);
    double[] g = new double[u.length];
    for (int s = 0; s < x.length; s++) {
      for (int j = 0; j < u.length; j++) {
        double pre = z[s][j] + u[j];
        g[j] += pre > floor ? 2 * importance[j] * (pre - x[s][j]) / x.length : 0;
      }
    }
    return moved(g);
  }
}
