package dev.circuitscope.core.model;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.training.GradientCollector;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The peer: the same attention-only model on libtorch, with the same weights, trained by its
 * autograd and an AdamW that updates in place. Every call runs in a scope that frees its arrays.
 */
final class LibtorchTransformer implements AutoCloseable {

  private static final float B1 = 0.9f;
  private static final float B2 = 0.999f;
  private static final double RATE = 1e-3;

  private final TransformerConfig config;
  private final NDManager manager;
  private final Map<String, NDArray> weights = new LinkedHashMap<>();
  private final Map<String, NDArray[]> moments = new LinkedHashMap<>();
  private final NDArray mask;
  private final NDArray tokens;
  private final NDArray next;
  private int step;

  /** A model with standard positions and LayerNorm, and one batch for it. */
  LibtorchTransformer(Transformer model, int[][] batch) {
    this.config = model.config();
    this.manager = Engine.getEngine("PyTorch").newBaseManager();
    for (Parameter p : model.weights().layout().parameters()) {
      float[] values = new float[p.length()];
      model.weights().block().read(p.offset(), values, 0, values.length);
      NDArray array = manager.create(values, shape(p));
      weights.put(p.name(), array);
      moments.put(p.name(), new NDArray[] {array.zerosLike(), array.zerosLike()});
      array.setRequiresGradient(true);
    }
    int pos = batch[0].length;
    float[] upper = new float[pos * pos];
    for (int i = 0; i < pos; i++) {
      for (int j = i + 1; j < pos; j++) {
        upper[i * pos + j] = Float.NEGATIVE_INFINITY;
      }
    }
    this.mask = manager.create(upper, new Shape(pos, pos));
    long[] flat = new long[batch.length * pos];
    long[] shifted = new long[batch.length * (pos - 1)];
    for (int b = 0; b < batch.length; b++) {
      for (int t = 0; t < pos; t++) {
        flat[b * pos + t] = batch[b][t];
        if (t > 0) {
          shifted[b * (pos - 1) + t - 1] = batch[b][t];
        }
      }
    }
    this.tokens = manager.create(flat, new Shape(batch.length, pos));
    this.next = manager.create(shifted, new Shape(batch.length, pos - 1, 1));
  }

  /** The loss, without gradients. */
  float loss() {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return loss(logits(new NDList())).getFloat();
    }
  }

  /** A forward pass that keeps every activation until it ends. */
  long forwardWithCache() {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDList cache = new NDList();
      logits(cache);
      return cache.size();
    }
  }

  /** Loss, gradients and an AdamW step. */
  void trainingStep() {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      try (GradientCollector tape = Engine.getEngine("PyTorch").newGradientCollector()) {
        tape.backward(loss(logits(new NDList())));
      }
      step++;
      weights.forEach(this::adamW);
    }
  }

  private NDArray logits(NDList cache) {
    NDArray embed = embedding(tokens, weight("embed.W_E"));
    NDArray positions = weight("pos_embed.W_pos").get("0:" + tokens.getShape().get(1));
    NDArray resid = embed.add(positions);
    cache.add(embed);
    cache.add(resid);
    for (int layer = 0; layer < config.nLayers(); layer++) {
      resid = block(layer, resid, cache);
    }
    NDArray normalized = layerNorm(resid, "ln_final");
    cache.add(normalized);
    return normalized.matMul(weight("unembed.W_U")).add(weight("unembed.b_U"));
  }

  private NDArray block(int layer, NDArray resid, NDList cache) {
    String name = "blocks." + layer + ".";
    NDArray x = layerNorm(resid, name + "ln1");
    NDArray q = heads(x, name + "attn.%s_Q");
    NDArray k = heads(x, name + "attn.%s_K");
    NDArray v = heads(x, name + "attn.%s_V");
    NDArray scores = q.matMul(k.swapAxes(2, 3)).mul(1 / Math.sqrt(config.dHead())).add(mask);
    NDArray pattern = scores.softmax(-1);
    NDArray z = pattern.matMul(v).transpose(0, 2, 1, 3);
    Shape wide = new Shape(z.getShape().get(0), z.getShape().get(1), config.width());
    NDArray out = z.reshape(wide).matMul(weight(name + "attn.W_O")).add(weight(name + "attn.b_O"));
    NDArray after = resid.add(out);
    for (NDArray kept : new NDArray[] {x, q, k, v, scores, pattern, z, out, after}) {
      cache.add(kept);
    }
    return after;
  }

  /** [batch, head, pos, d_head]. */
  private NDArray heads(NDArray x, String name) {
    Shape split =
        new Shape(x.getShape().get(0), x.getShape().get(1), config.nHeads(), config.dHead());
    return x.matMul(weight(name.formatted("W")))
        .add(weight(name.formatted("b")))
        .reshape(split)
        .transpose(0, 2, 1, 3);
  }

  private NDArray loss(NDArray logits) {
    long pos = tokens.getShape().get(1);
    return logits.get(":, 0:" + (pos - 1)).logSoftmax(-1).gather(next, -1).neg().mean();
  }

  private static NDArray embedding(NDArray indices, NDArray table) {
    return indices
        .getNDArrayInternal()
        .embedding(indices, table, SparseFormat.DENSE)
        .singletonOrThrow();
  }

  private NDArray layerNorm(NDArray x, String name) {
    return x.getNDArrayInternal()
        .layerNorm(
            x,
            new Shape(config.dModel()),
            weight(name + ".w"),
            weight(name + ".b"),
            (float) config.eps())
        .singletonOrThrow();
  }

  private void adamW(String name, NDArray theta) {
    NDArray g = theta.getGradient();
    NDArray[] moment = moments.get(name);
    double unbias = Math.sqrt(1 - Math.pow(B2, step));
    moment[0].muli(B1).addi(g.mul(1 - B1));
    moment[1].muli(B2).addi(g.square().muli(1 - B2));
    NDArray root = moment[1].sqrt().divi(unbias).addi(1e-8);
    theta.subi(moment[0].div(root).muli(RATE / (1 - Math.pow(B1, step))));
    g.muli(0);
  }

  private NDArray weight(String name) {
    return weights.get(name);
  }

  /** As our products see it: W_Q is [d_model, heads * d_head]. */
  private Shape shape(Parameter p) {
    boolean attention = p.name().contains(".attn.");
    if (attention && p.name().contains(".b_")) {
      return new Shape(p.length());
    }
    if (attention) {
      return p.name().endsWith("W_O")
          ? new Shape(config.width(), config.dModel())
          : new Shape(config.dModel(), config.width());
    }
    return new Shape(p.shape());
  }

  @Override
  public void close() {
    manager.close();
  }
}
