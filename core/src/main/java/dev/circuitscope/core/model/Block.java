package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.hook.HookPoint;

/**
 * One block of one run: attention, and beside it or after it the MLP if there is one.
 *
 * <pre>
 * resid_post = resid_pre + attn(resid_pre)                           attention only
 * resid_mid  = resid_pre + attn(resid_pre)
 * resid_post = resid_mid + mlp(resid_mid)                            one after the other
 * resid_post = resid_pre + attn(resid_pre) + mlp(resid_pre)          parallel
 * </pre>
 */
final class Block {

  private final Tape acts;
  private final int layer;
  private final AttentionBlock attention;
  private final Mlp mlp;
  private final boolean parallel;

  Block(TransformerConfig config, Weights weights, Tape acts, int layer) {
    this.acts = acts;
    this.layer = layer;
    this.attention = new AttentionBlock(config, weights, acts, layer);
    this.mlp = config.mlp().map(shape -> new Mlp(config, shape, weights, acts, layer)).orElse(null);
    this.parallel = config.mlp().isPresent() && config.mlp().get().parallel();
  }

  /** From resid_pre, which the tape holds, to resid_post. */
  FloatBlock forward() {
    FloatBlock residPre = acts.at(HookPoint.residPre(layer));
    Phases phases = new Phases(acts);
    FloatBlock attnOut = attention.forward(phases);
    if (mlp == null) {
      return residPost(phases, residPre, attnOut);
    }
    if (parallel) {
      FloatBlock mlpOut = mlp.forward(phases, residPre);
      FloatBlock both = acts.internal(residPre.length());
      phases.sum(residPre, attnOut, both);
      return residPost(phases, both, mlpOut);
    }
    FloatBlock residMid = acts.create(HookPoint.residMid(layer));
    phases.sum(residPre, attnOut, residMid).reached(HookPoint.residMid(layer));
    return residPost(phases, residMid, mlp.forward(phases, residMid));
  }

  private FloatBlock residPost(Phases phases, FloatBlock resid, FloatBlock out) {
    FloatBlock residPost = acts.create(HookPoint.residPost(layer));
    phases.sum(resid, out, residPost).plan();
    acts.reached(HookPoint.residPost(layer));
    return residPost;
  }

  /**
   * From the gradient of resid_post, which {@code grads} holds, to that of resid_pre; gradients of
   * the matrices are left to {@code jobs}.
   */
  FloatBlock backward(Tape grads, Weights dWeights, Jobs jobs) {
    FloatBlock dResidPost = grads.at(HookPoint.residPost(layer));
    FloatBlock dAfterAttention = dResidPost;
    if (mlp != null && !parallel) {
      dAfterAttention = grads.create(HookPoint.residMid(layer));
      mlpBackward(grads, dResidPost, dAfterAttention, dWeights, jobs);
      grads.reached(HookPoint.residMid(layer));
    }
    FloatBlock dAttnOut = grads.share(HookPoint.attnOut(layer), dAfterAttention);
    grads.reached(HookPoint.attnOut(layer));
    FloatBlock dResidPre = grads.create(HookPoint.residPre(layer));
    if (mlp != null && parallel) {
      mlpBackward(grads, dResidPost, dResidPre, dWeights, jobs);
    } else {
      new Phases(grads).copy(dAfterAttention, dResidPre).plan();
    }
    attention.backward(grads, dAttnOut, dResidPre, dWeights, jobs);
    grads.reached(HookPoint.residPre(layer));
    return dResidPre;
  }

  /** The gradient of what the MLP reads, that of resid_post included. */
  private void mlpBackward(
      Tape grads, FloatBlock dResidPost, FloatBlock dResid, Weights dWeights, Jobs jobs) {
    FloatBlock dMlpOut = grads.share(HookPoint.mlpOut(layer), dResidPost);
    grads.reached(HookPoint.mlpOut(layer));
    Phases phases = new Phases(grads).copy(dResidPost, dResid);
    mlp.backward(phases, grads, dMlpOut, dResid, dWeights, jobs);
    phases.plan();
    mlp.weightGradients(grads, dMlpOut, dWeights, jobs);
  }
}
