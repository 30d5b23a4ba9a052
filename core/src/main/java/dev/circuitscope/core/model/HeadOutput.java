package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.array.SteadyProduct;
import dev.circuitscope.core.hook.HookPoint;

/**
 * From z to the residual stream: attn_out = sum over heads of z_h W_O^h, plus b_O.
 *
 * <p>Each head's own term, {@code hook_result}, is computed for runs that ask for it; the sum goes
 * through it only when a hook may change it.
 */
final class HeadOutput {

  private final TransformerConfig config;
  private final Tape acts;
  private final HookPoint result;
  private final String name;
  private final Matrix w;
  private final float[] b;
  private final FloatBlock z;

  HeadOutput(TransformerConfig config, Weights weights, Tape acts, int layer) {
    this.config = config;
    this.acts = acts;
    this.result = HookPoint.result(layer);
    this.name = "blocks." + layer + ".attn.";
    this.w = weights.matrix(name + "W_O");
    this.b = weights.vector(name + "b_O");
    this.z = acts.at(HookPoint.z(layer));
  }

  /** Computes each head's term, if it is wanted. */
  void results() {
    if (acts.wanted(result)) {
      FloatBlock terms = acts.create(result);
      acts.forEach(
          (first, n) -> {
            for (int h = 0; h < config.nHeads(); h++) {
              SteadyProduct.gemm(1, zOf(h, first, n), wOf(w, h), 0, termOf(terms, h, first, n));
            }
          });
      acts.reached(result);
    }
  }

  /** attn_out for n rows. */
  void forward(FloatBlock attnOut, int first, int n) {
    int d = config.dModel();
    if (!acts.hooked(result)) {
      Linear.forward(zRows(z, first, n), w, b, attnOut.matrix(first * d, n, d));
      return;
    }
    for (int r = first; r < first + n; r++) {
      attnOut.write(r * d, b, 0, d);
    }
    Elementwise.addCopies(acts.at(result), attnOut, d, config.nHeads(), first, n);
  }

  /** dz from the gradient of attn_out; the weights' gradients are left to {@code jobs}. */
  void backward(Tape grads, FloatBlock dAttnOut, FloatBlock dz, Weights dWeights, Jobs jobs) {
    int d = config.dModel();
    int heads = config.nHeads();
    int count = grads.rows().count();
    FloatBlock dTerms = null;
    if (grads.wanted(result)) {
      dTerms = grads.create(result);
      FloatBlock copies = dTerms;
      grads.forEach((first, n) -> Elementwise.repeat(dAttnOut, copies, d, heads, first, n));
      grads.reached(result);
    }
    Matrix dw = dWeights.matrix(name + "W_O");
    Matrix db = dWeights.row(name + "b_O");
    Matrix dOut = dAttnOut.matrix(0, count, d);
    if (!grads.hooked(result)) {
      grads.forEach(
          (first, n) ->
              Linear.inputGradient(dOut.rows(first, first + n), w, 0, zRows(dz, first, n)));
      Linear.weightGradient(zRows(z, 0, count), dOut, dw, db, jobs);
      return;
    }
    FloatBlock terms = dTerms;
    grads.forEach(
        (first, n) -> {
          for (int h = 0; h < heads; h++) {
            Linear.inputGradient(
                termOf(terms, h, first, n), wOf(w, h), 0, headOf(zRows(dz, first, n), h));
          }
        });
    for (int h = 0; h < heads; h++) {
      int head = h;
      jobs.add(
          () ->
              Blas.gemm(
                  1, zOf(head, 0, count).t(), termOf(terms, head, 0, count), 0, wOf(dw, head)));
    }
    Linear.biasGradient(dOut, db, jobs);
  }

  private Matrix zRows(FloatBlock block, int first, int n) {
    return block.matrix(first * config.width(), n, config.width());
  }

  private Matrix zOf(int head, int first, int n) {
    return headOf(zRows(z, first, n), head);
  }

  private Matrix headOf(Matrix rows, int head) {
    return rows.cols(head * config.dHead(), (head + 1) * config.dHead());
  }

  private Matrix wOf(Matrix m, int head) {
    return m.rows(head * config.dHead(), (head + 1) * config.dHead());
  }

  private Matrix termOf(FloatBlock terms, int head, int first, int n) {
    int d = config.dModel();
    return terms.matrix((first * config.nHeads() + head) * d, n, d, config.nHeads() * d);
  }
}
