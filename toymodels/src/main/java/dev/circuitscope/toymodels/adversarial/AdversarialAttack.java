package dev.circuitscope.toymodels.adversarial;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.toymodels.kernels.CounterRandom;
import dev.circuitscope.toymodels.theory.AnalyticModel;

/**
 * Small perturbations of the input that raise a model's loss most: section "Relationship to
 * Adversarial Robustness" of "Toy Models of Superposition" (Elhage et al., 2022).
 *
 * <p>To move output i most for its length, a perturbation points along row i of W^T W. The attack
 * tries these n directions, which is how the paper avoids gradients that vanish where the ReLUs are
 * off, and takes the one that does most harm. A model without superposition has rows that are unit
 * vectors: the perturbation moves one output by its own length. In superposition a row also points
 * along all features that share its direction, and moves their outputs with it.
 *
 * <p>The loss as a function of the perturbation is quadratic on exponentially many pieces, so the
 * best direction of all is not known in closed form; {@link AttackOptions#refinement} climbs from
 * the rows, and never ends lower than they are.
 *
 * <pre>{@code
 * double[][] x = AdversarialAttack.samples(100, p, 4096, 1L);
 * Vulnerability v = AdversarialAttack.of(AnalyticModel.of(model, importance), x);
 * v.perSquaredRadius();   // grows with ||W||_F^2 / m; 1 without superposition
 * }</pre>
 */
public final class AdversarialAttack {

  private AdversarialAttack() {}

  /**
   * Attacks as the paper does.
   *
   * @param model what is attacked
   * @param x samples [samples][features], not all 0
   * @return what the worst perturbation does
   * @throws IllegalArgumentException if there are no samples, or they do not fit the model
   */
  public static Vulnerability of(AnalyticModel model, double[][] x) {
    return of(model, x, AttackOptions.PAPER);
  }

  /**
   * Attacks a model.
   *
   * @param model what is attacked
   * @param x samples [samples][features], not all 0
   * @param options how
   * @return what the worst perturbation does
   * @throws IllegalArgumentException if there are no samples, they do not fit the model, or W is 0
   */
  public static Vulnerability of(AnalyticModel model, double[][] x, AttackOptions options) {
    double radius = options.relativeRadius() * meanNorm(x, model.features());
    double[][] rows = new double[model.features()][];
    boolean any = false;
    for (int i = 0; i < rows.length; i++) {
      rows[i] = scaled(model.gramRow(i), radius);
      any |= rows[i] != null;
    }
    if (!any) {
      throw new IllegalArgumentException("there is nothing to attack: all of W is 0");
    }
    AttackedLosses losses = new AttackedLosses(model, x);
    return options.scope() == AttackOptions.Scope.SHARED
        ? shared(losses, rows, radius, options)
        : perSample(losses, rows, radius, options);
  }

  private static Vulnerability shared(
      AttackedLosses losses, double[][] rows, double radius, AttackOptions options) {
    double[] attacked = new double[rows.length];
    Parallel.forEach(
        rows.length,
        i -> {
          attacked[i] = Double.NEGATIVE_INFINITY;
          if (rows[i] != null) {
            rows[i] = Ascent.climb(losses, rows[i], radius, options.refinement());
            attacked[i] = losses.mean(rows[i]);
          }
        });
    int worst = 0;
    for (int i = 1; i < rows.length; i++) {
      worst = attacked[i] > attacked[worst] ? i : worst;
    }
    return Vulnerability.of(
        options, losses.samples(), losses.clean(), attacked[worst], worst, rows[worst]);
  }

  private static Vulnerability perSample(
      AttackedLosses losses, double[][] rows, double radius, AttackOptions options) {
    double[][] attacked = new double[rows.length][];
    Parallel.forEach(rows.length, i -> attacked[i] = rows[i] == null ? null : losses.each(rows[i]));
    int[] worst = new int[losses.samples()];
    double[] harm = new double[losses.samples()];
    Parallel.forEach(
        harm.length,
        s -> {
          worst[s] = worstRow(attacked, s);
          AttackedLosses own = losses.only(s);
          harm[s] = own.mean(Ascent.climb(own, rows[worst[s]], radius, options.refinement()));
        });
    int[] votes = new int[rows.length];
    double sum = 0;
    for (int s = 0; s < harm.length; s++) {
      votes[worst[s]]++;
      sum += harm[s];
    }
    int commonest = 0;
    for (int i = 1; i < votes.length; i++) {
      commonest = votes[i] > votes[commonest] ? i : commonest;
    }
    return Vulnerability.of(
        options,
        losses.samples(),
        losses.clean(),
        sum / losses.samples(),
        commonest,
        rows[commonest]);
  }

  private static int worstRow(double[][] attacked, int s) {
    int worst = -1;
    for (int i = 0; i < attacked.length; i++) {
      if (attacked[i] != null && (worst < 0 || attacked[i][s] > attacked[worst][s])) {
        worst = i;
      }
    }
    return worst;
  }

  private static double meanNorm(double[][] x, int features) {
    double sum = 0;
    for (int s = 0; s < x.length; s++) {
      if (x[s].length != features) {
        throw new IllegalArgumentException(
            "the model has %d features, but sample %d has %d".formatted(features, s, x[s].length));
      }
      sum += norm(x[s]);
    }
    if (!(sum > 0 && sum < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          ("an attack is scaled by the mean norm of the samples, which is %s over %d samples; "
                  + "it needs finite samples that are not all 0")
              .formatted(x.length == 0 ? "undefined" : String.valueOf(sum / x.length), x.length));
    }
    return sum / x.length;
  }

  /** The vector of a given length in a direction; null if the direction is 0. */
  static double[] scaled(double[] direction, double length) {
    double norm = norm(direction);
    if (norm == 0) {
      return null;
    }
    double[] scaled = direction.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= length / norm;
    }
    return scaled;
  }

  private static double norm(double[] x) {
    double square = 0;
    for (double value : x) {
      square += value * value;
    }
    return Math.sqrt(square);
  }

  /**
   * Samples of independent features: x_i is 0 with probability 1 - p, else uniform on [0, 1]. A
   * sample is a function of the seed, its index and the feature.
   *
   * @param features n, at least 1
   * @param p feature probability, in (0, 1]
   * @param samples how many, at least 1
   * @param seed any number
   * @return [samples][features]
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static double[][] samples(int features, double p, int samples, long seed) {
    if (features < 1 || samples < 1 || !(p > 0 && p <= 1)) {
      throw new IllegalArgumentException(
          ("samples need at least one feature and sample and p in (0, 1], "
                  + "was n = %d, p = %s, samples = %d")
              .formatted(features, p, samples));
    }
    double[][] x = new double[samples][features];
    for (int i = 0; i < features; i++) {
      long stream = CounterRandom.key(seed, i);
      for (int s = 0; s < samples; s++) {
        x[s][i] = Math.max(0, 1 - CounterRandom.uniform(stream, s) / p);
      }
    }
    return x;
  }
}
