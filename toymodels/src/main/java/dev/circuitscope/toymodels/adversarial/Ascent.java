package dev.circuitscope.toymodels.adversarial;

/**
 * Climbs on the sphere of perturbations of one length. On the quadratic pieces the loss is convex,
 * and there d <- radius * gradient / ||gradient|| never loses (the power method); between pieces
 * the step is shortened until it gains.
 */
final class Ascent {

  private static final int SHORTEST = 20;

  private Ascent() {}

  /** A perturbation at least as harmful as {@code start}, which has length {@code radius}. */
  static double[] climb(AttackedLosses losses, double[] start, double radius, int steps) {
    double[] at = start;
    double height = steps > 0 ? losses.mean(at) : 0;
    for (int step = 0; step < steps; step++) {
      double[] uphill = AdversarialAttack.scaled(losses.gradient(at), radius);
      double[] next = null;
      double share = 1;
      for (int half = 0; uphill != null && next == null && half < SHORTEST; half++, share /= 2) {
        double[] tried = AdversarialAttack.scaled(mix(at, uphill, share), radius);
        double reached = tried == null ? height : losses.mean(tried);
        if (reached > height) {
          next = tried;
          height = reached;
        }
      }
      if (next == null) {
        return at;
      }
      at = next;
    }
    return at;
  }

  private static double[] mix(double[] from, double[] to, double share) {
    double[] mixed = new double[from.length];
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] = (1 - share) * from[i] + share * to[i];
    }
    return mixed;
  }
}
