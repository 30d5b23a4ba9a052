package dev.circuitscope.circuits.ngrams;

import dev.circuitscope.circuits.algebra.HeadCircuit;
import dev.circuitscope.circuits.algebra.Unembedding;
import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Transformer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The vectors of each token that a head's tables are products of, a slice of the vocabulary at a
 * time.
 */
final class TrigramFactors {

  /** Elements of an embedding that are float64 at a time, for each thread. */
  private static final int SLICE = 1 << 20;

  private TrigramFactors() {}

  static TrigramCircuit of(Transformer model, Head head) {
    HeadCircuit weights = HeadCircuit.of(model, head.layer(), head.head());
    int tokens = model.config().dVocab();
    int e = model.config().dHead();
    EmbeddedTokens read = EmbeddedTokens.alone(model, "blocks." + head.layer() + ".ln1");
    INDArray wQ = weights.qk().a();
    double[] bias = queryBias(model, head, read, wQ);
    double scale = model.config().attention().scale();
    double own = ownShareOfKeys(model, head);
    // q = (x W_Q + b_Q) / sqrt(d_head), k = x W_K, v = x W_V
    INDArray all = Nd4j.hstack(wQ, weights.qk().b().transpose(), weights.ov().a());
    double[] q = new double[tokens * e];
    double[] k = new double[tokens * e];
    double[] v = new double[tokens * e];
    int slice = Math.max(1, SLICE / model.config().dModel());
    Blas.singleThreaded();
    Parallel.forEach(
        (tokens + slice - 1) / slice,
        task -> {
          int from = task * slice;
          int end = Math.min(tokens, from + slice);
          double[] x = elements(read.rows(from, end).mmul(all));
          for (int t = from; t < end; t++) {
            for (int i = 0; i < e; i++) {
              int at = (t - from) * 3 * e + i;
              q[t * e + i] = (x[at] + bias[i]) * scale;
              k[t * e + i] = x[at + e] * own;
              v[t * e + i] = x[at + 2 * e];
            }
          }
        });
    return new TrigramCircuit(
        head,
        new FlatMatrix(q, tokens, e),
        new FlatMatrix(k, tokens, e).centered(),
        new FlatMatrix(v, tokens, e),
        outs(model, weights).centered());
  }

  /** W_O W_U through the final normalisation's centring and weights: d_head for each out. */
  private static FlatMatrix outs(Transformer model, HeadCircuit weights) {
    int d = model.config().dModel();
    int e = model.config().dHead();
    INDArray written = throughFinalNorm(model, weights.ov().b());
    Unembedding unembedding = Unembedding.of(model);
    Matrix w = unembedding.matrix();
    int tokens = unembedding.tokens();
    double[] outs = new double[tokens * e];
    int slice = Math.max(1, SLICE / d);
    Parallel.forEach(
        (tokens + slice - 1) / slice,
        task -> {
          int from = task * slice;
          int end = Math.min(tokens, from + slice);
          INDArray u =
              w.transposed()
                  ? FlatMatrix.doubles(w.rows(from, end))
                  : FlatMatrix.doubles(w.cols(from, end)).transpose();
          double[] product = elements(u.mmul(written.transpose()));
          System.arraycopy(product, 0, outs, from * e, product.length);
        });
    return new FlatMatrix(outs, tokens, e);
  }

  /** Rows less their mean (LayerNorm only), times w. */
  private static INDArray throughFinalNorm(Transformer model, INDArray rows) {
    Normalization kind = model.config().normalization();
    INDArray read = rows;
    if (kind == Normalization.LN || kind == Normalization.LN_PRE) {
      read = read.subColumnVector(read.mean(1));
    }
    if (kind == Normalization.LN || kind == Normalization.RMS) {
      read = read.mulRowVector(model.weights().get("ln_final.w").castTo(DataType.DOUBLE));
    }
    return read;
  }

  /** b W_Q + b_Q, with b the offset of the normalisation. */
  private static double[] queryBias(
      Transformer model, Head head, EmbeddedTokens read, INDArray wQ) {
    int e = model.config().dHead();
    float[] bQ = model.weights().elements("blocks." + head.layer() + ".attn.b_Q");
    double[] offset = read.offset();
    double[] w = elements(wQ);
    double[] bias = new double[e];
    for (int i = 0; i < e; i++) {
      bias[i] = bQ[head.head() * e + i];
      for (int d = 0; d < offset.length; d++) {
        bias[i] += offset[d] * w[d * e + i];
      }
    }
    return bias;
  }

  /** sigmoid(a), the share of a smeared key that is the source's own; 1 if keys are not smeared. */
  private static double ownShareOfKeys(Transformer model, Head head) {
    if (!model.config().attention().smearedKeys()) {
      return 1;
    }
    float[] a = model.weights().elements("blocks." + head.layer() + ".attn.smear");
    return 1 / (1 + Math.exp(-a[head.head() / model.config().attention().group()]));
  }

  private static double[] elements(INDArray m) {
    return FlatMatrix.of(m).values();
  }
}
