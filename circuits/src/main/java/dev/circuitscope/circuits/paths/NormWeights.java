package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.reference.ReferenceTransformer;

/**
 * What a normalisation does besides dividing by its scale.
 *
 * @param w its weights, or null
 * @param b its offset, or null
 * @param centres whether it takes the mean off first
 */
record NormWeights(double[] w, double[] b, boolean centres) {

  static NormWeights of(ReferenceTransformer model, String name) {
    Normalization kind = model.config().normalization();
    boolean offset = kind == Normalization.LN;
    return new NormWeights(
        offset || kind == Normalization.RMS ? model.weight(name + ".w") : null,
        offset ? model.weight(name + ".b") : null,
        offset || kind == Normalization.LN_PRE);
  }

  double weight(int i) {
    return w == null ? 1 : w[i];
  }

  double offset(int i) {
    return b == null ? 0 : b[i];
  }
}
