package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Transformer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A normalisation, without its scale, as a part of the weights that read through it. With x the
 * residual stream and s its scale, a weight W and bias c after LayerNorm read
 *
 * <pre>
 * (x C / s * w + b) W + c = x (C diag(w) W) / s + (b W + c)      C = I - 1 1^T / d_model
 * </pre>
 *
 * where RMSNorm has neither C nor b. In float64, so that nothing is rounded; and it can be done for
 * what reads the stream alone, where other readers add positions that the normalisation does not
 * see.
 */
final class Readout {

  private final boolean centres;
  private final INDArray w;
  private final INDArray b;

  private Readout(boolean centres, INDArray w, INDArray b) {
    this.centres = centres;
    this.w = w;
    this.b = b;
  }

  /** Of weights as they are. */
  static Readout plain() {
    return new Readout(false, null, null);
  }

  /** Through a normalisation of a model, such as {@code blocks.0.ln1}. */
  static Readout through(Transformer model, String norm) {
    Normalization kind = model.config().normalization();
    boolean scales = kind == Normalization.LN || kind == Normalization.RMS;
    return new Readout(
        kind == Normalization.LN || kind == Normalization.LN_PRE,
        scales ? vector(model, norm + ".w") : null,
        kind == Normalization.LN ? vector(model, norm + ".b") : null);
  }

  /** C diag(w) W for W [d_model, k]; W itself if there is nothing to do. */
  INDArray weight(INDArray weight) {
    INDArray scaled = w == null ? weight : weight.mulColumnVector(w);
    return centres ? scaled.subRowVector(scaled.mean(0)) : scaled;
  }

  /** x C diag(w) for rows x [k, d_model]: what a weight that reads through this makes of them. */
  INDArray rows(INDArray x) {
    INDArray centred = centres ? x.subColumnVector(x.mean(1)) : x;
    return w == null ? centred : centred.mulRowVector(w);
  }

  /** b W + c for c [1, k]. */
  INDArray bias(INDArray weight, INDArray c) {
    return b == null ? c : b.reshape(1, b.length()).mmul(weight).addi(c);
  }

  private static INDArray vector(Transformer model, String name) {
    return Doubles.of(model.weights().elements(name));
  }
}
