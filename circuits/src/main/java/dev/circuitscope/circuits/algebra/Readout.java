package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Transformer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
  private final double[] w;
  private final INDArray b;

  private Readout(boolean centres, double[] w, INDArray b) {
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
        scales ? Doubles.toArray(vector(model, norm + ".w")) : null,
        kind == Normalization.LN ? vector(model, norm + ".b") : null);
  }

  /** C diag(w) W for W [d_model, k]; W itself if there is nothing to do. */
  INDArray weight(INDArray weight) {
    return changed(
            weight.transpose(),
            row -> {
              scale(row);
              centre(row);
            })
        .transpose();
  }

  /** x C diag(w) for rows x [k, d_model]: what a weight that reads through this makes of them. */
  INDArray rows(INDArray x) {
    return changed(
        x,
        row -> {
          centre(row);
          scale(row);
        });
  }

  /** b W + c for c [1, k]. */
  INDArray bias(INDArray weight, INDArray c) {
    return b == null ? c : b.reshape(1, b.length()).mmul(weight).addi(c);
  }

  private static INDArray vector(Transformer model, String name) {
    return Doubles.of(model.weights().elements(name));
  }

  private INDArray changed(INDArray x, Consumer<double[]> change) {
    if (w == null && !centres) {
      return x;
    }
    double[] all = Doubles.toArray(x);
    double[] row = new double[(int) x.size(1)];
    for (int from = 0; from < all.length; from += row.length) {
      System.arraycopy(all, from, row, 0, row.length);
      change.accept(row);
      System.arraycopy(row, 0, all, from, row.length);
    }
    return Nd4j.createFromArray(all).reshape('c', x.shape());
  }

  private void scale(double[] row) {
    for (int i = 0; i < row.length && w != null; i++) {
      row[i] *= w[i];
    }
  }

  private void centre(double[] row) {
    double mean = centres ? Arrays.stream(row).sum() / row.length : 0;
    for (int i = 0; i < row.length; i++) {
      row[i] -= mean;
    }
  }
}
