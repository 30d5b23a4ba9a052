package dev.circuitscope.core.model;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import org.nd4j.autodiff.samediff.SDVariable;

/** One layer's attention in a graph. */
final class SameDiffAttention {

  private final SameDiffScope scope;
  private final AttentionShape shape;
  private final int layer;
  private final int pos;
  private final int dModel;
  private final int width;

  SameDiffAttention(SameDiffScope scope, int layer) {
    this.scope = scope;
    this.shape = scope.config().attention();
    this.layer = layer;
    this.pos = scope.pos();
    this.dModel = scope.config().dModel();
    this.width = shape.heads() * shape.dHead();
  }

  /**
   * What the layer adds to the residual stream.
   *
   * @param x resid_pre [B, T, D]
   * @param positions what queries and keys read beside it [B, T, D], or null
   */
  SDVariable apply(SDVariable x, SDVariable positions) {
    inputsOfHeads(x);
    SDVariable values =
        new SameDiffNorm(scope)
            .apply(x, "blocks." + layer + ".ln1", at(Site.LN1_SCALE), at(Site.LN1_NORMALIZED));
    SDVariable keyed = positions == null ? values : values.add(positions);
    SDVariable q = scope.reach(at(Site.Q), project(keyed, "Q", shape.heads()));
    SDVariable k = scope.reach(at(Site.K), project(keyed, "K", shape.keyValueHeads()));
    SDVariable v = scope.reach(at(Site.V), project(values, "V", shape.keyValueHeads()));
    if (shape.smearedKeys()) {
      k = scope.reach(at(Site.SMEARED_K), smear(k));
    }
    if (shape.rotary().isPresent()) {
      SameDiffRotation rotation = new SameDiffRotation(scope, shape.rotary().get());
      q = scope.reach(at(Site.ROT_Q), rotation.apply(q, shape.heads()));
      k = scope.reach(at(Site.ROT_K), rotation.apply(k, shape.keyValueHeads()));
    }
    SDVariable scores = scope.reach(at(Site.ATTN_SCORES), scores(q, k));
    SDVariable softmax = scope.graph().nn().softmax(scores, 3);
    SDVariable z = scope.reach(at(Site.Z), mix(scope.reach(at(Site.PATTERN), softmax), v));
    results(z);
    // attn(x) = sum_h z_h W_O^h + b_O
    SDVariable wO = parameter("W_O").reshape(width, dModel);
    SDVariable out = scope.plusRow(scope.product(z, width, wO), name("b_O"), dModel);
    return scope.reach(at(Site.ATTN_OUT), out.reshape(-1, pos, dModel));
  }

  /** To [B, T, heads, E]. */
  private SDVariable project(SDVariable x, String kind, int heads) {
    int columns = heads * shape.dHead();
    // q_h = x W_Q^h + b_Q^h, and so for k and v
    SDVariable w = parameter("W_" + kind).permute(1, 0, 2).reshape(dModel, columns);
    return scope
        .plusRow(scope.product(x, dModel, w), name("b_" + kind), columns)
        .reshape(-1, pos, heads, shape.dHead());
  }

  /** k_j <- sigmoid(a) k_j + (1 - sigmoid(a)) k_(j-1), where the first key stands before itself. */
  private SDVariable smear(SDVariable k) {
    int heads = shape.keyValueHeads();
    double[] before = new double[pos * pos];
    for (int t = 0; t < pos; t++) {
      before[t * pos + Math.max(0, t - 1)] = 1;
    }
    SDVariable previous =
        scope
            .alongPositions(scope.constant(before, pos, pos), k, heads * shape.dHead())
            .reshape(-1, pos, heads, shape.dHead());
    SDVariable own = scope.graph().nn().sigmoid(parameter("smear")).reshape(1, 1, heads, 1);
    return previous.add(k.sub(previous).mul(own));
  }

  /** [B, H, T, T]; the queries of a group, one below the other, meet the keys of its head. */
  private SDVariable scores(SDVariable q, SDVariable k) {
    SDVariable grouped =
        q.permute(0, 2, 1, 3)
            .reshape(-1, shape.keyValueHeads(), shape.group() * pos, shape.dHead());
    // S_ij = q_i . k_j / sqrt(d_head)
    SDVariable scores =
        scope
            .graph()
            .linalg()
            .mmul(grouped, k.permute(0, 2, 1, 3), false, true, false)
            .mul(shape.scale())
            .reshape(-1, shape.heads(), pos, pos);
    return shape.causal() ? scores.add(mask()) : scores;
  }

  /** z_i = sum_j A_ij v_j [B, T, H, E]. */
  private SDVariable mix(SDVariable pattern, SDVariable v) {
    SDVariable grouped = pattern.reshape(-1, shape.keyValueHeads(), shape.group() * pos, pos);
    return scope
        .graph()
        .linalg()
        .mmul(grouped, v.permute(0, 2, 1, 3))
        .reshape(-1, shape.heads(), pos, shape.dHead())
        .permute(0, 2, 1, 3);
  }

  /** r_h = z_h W_O^h [B, T, H, D], beside the path to the logits. */
  private void results(SDVariable z) {
    int heads = shape.heads();
    SDVariable perHead = z.permute(2, 0, 1, 3).reshape(heads, -1, shape.dHead());
    SDVariable results = scope.graph().linalg().mmul(perHead, parameter("W_O"));
    scope.reach(at(Site.RESULT), results.reshape(heads, -1, pos, dModel).permute(1, 2, 0, 3));
  }

  /** resid_pre once per head, beside the path to the logits. */
  private void inputsOfHeads(SDVariable x) {
    for (Site site : new Site[] {Site.Q_INPUT, Site.K_INPUT, Site.V_INPUT}) {
      int heads = site == Site.Q_INPUT ? shape.heads() : shape.keyValueHeads();
      SDVariable zeros = scope.constant(new double[heads * dModel], 1, 1, heads, dModel);
      scope.reach(at(site), x.reshape(-1, pos, 1, dModel).add(zeros));
    }
  }

  private SDVariable mask() {
    double[] mask = new double[pos * pos];
    for (int dest = 0; dest < pos; dest++) {
      for (int src = dest + 1; src < pos; src++) {
        mask[dest * pos + src] = Double.NEGATIVE_INFINITY;
      }
    }
    return scope.constant(mask, 1, 1, pos, pos);
  }

  private HookPoint at(Site site) {
    return new HookPoint(site, layer);
  }

  private String name(String parameter) {
    return "blocks." + layer + ".attn." + parameter;
  }

  private SDVariable parameter(String parameter) {
    return scope.parameter(name(parameter));
  }
}
