package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import java.util.EnumMap;
import java.util.Map;

/** One attention-only block of one run: resid_post = resid_pre + attention(resid_pre). */
final class AttentionBlock {

  private static final Map<Site, Site> READER_OF =
      Map.of(Site.Q, Site.Q_INPUT, Site.K, Site.K_INPUT, Site.V, Site.V_INPUT);
  private static final Site[] PROJECTED = {Site.Q, Site.K, Site.V};

  private final TransformerConfig config;
  private final Weights weights;
  private final Tape acts;
  private final int layer;
  private final Map<Site, Projection> projections = new EnumMap<>(Site.class);
  private AttentionInput input;
  private AttentionPattern pattern;
  private HeadOutput output;

  AttentionBlock(TransformerConfig config, Weights weights, Tape acts, int layer) {
    this.config = config;
    this.weights = weights;
    this.acts = acts;
    this.layer = layer;
  }

  /** From resid_pre, which the tape holds, to resid_post. */
  FloatBlock forward() {
    Rows rows = acts.rows();
    input = new AttentionInput(config, acts, layer, norm());
    Map<Site, FloatBlock> made = new EnumMap<>(Site.class);
    for (Site site : PROJECTED) {
      Site reader = READER_OF.get(site);
      projections.put(reader, new Projection(config, weights, name(site), input.of(reader)));
      made.put(reader, acts.create(new HookPoint(site, layer)));
    }
    acts.forEach(
        (first, n) -> projections.forEach((reader, p) -> p.forward(made.get(reader), first, n)));
    for (Site site : PROJECTED) {
      acts.reached(new HookPoint(site, layer));
    }
    pattern = new AttentionPattern(config, acts, layer);
    FloatBlock z = acts.create(HookPoint.z(layer));
    pattern.forward(z);
    acts.reached(HookPoint.z(layer));
    output = new HeadOutput(config, weights, acts, layer);
    output.results();
    FloatBlock residPre = acts.at(HookPoint.residPre(layer));
    FloatBlock attnOut = acts.create(HookPoint.attnOut(layer));
    FloatBlock residPost = acts.create(HookPoint.residPost(layer));
    int d = config.dModel();
    acts.inPhases(
        rows.blocks(),
        (example, block) ->
            rows.visit(example, block, (first, n) -> output.forward(attnOut, first, n)),
        HookPoint.attnOut(layer),
        (example, block) ->
            rows.visit(
                example,
                block,
                (first, n) -> Elementwise.sum(d, residPre, attnOut, residPost, first, n)));
    acts.reached(HookPoint.residPost(layer));
    return residPost;
  }

  /**
   * From the gradient of resid_post, which {@code grads} holds, to that of resid_pre; gradients of
   * the matrices are left to {@code jobs}.
   */
  FloatBlock backward(Tape grads, Weights dWeights, Jobs jobs) {
    FloatBlock dResidPost = grads.at(HookPoint.residPost(layer));
    FloatBlock dAttnOut = grads.share(HookPoint.attnOut(layer), dResidPost);
    grads.reached(HookPoint.attnOut(layer));
    FloatBlock dz = grads.create(HookPoint.z(layer));
    output.backward(grads, dAttnOut, dz, dWeights, jobs);
    grads.reached(HookPoint.z(layer));

    Map<Site, FloatBlock> made = new EnumMap<>(Site.class);
    for (Site site : PROJECTED) {
      made.put(READER_OF.get(site), grads.create(new HookPoint(site, layer)));
    }
    pattern.backward(
        grads, dz, made.get(Site.Q_INPUT), made.get(Site.K_INPUT), made.get(Site.V_INPUT));
    for (Site site : PROJECTED) {
      grads.reached(new HookPoint(site, layer));
      Site reader = READER_OF.get(site);
      projections
          .get(reader)
          .weightGradient(
              made.get(reader),
              dWeights.matrix(name(site).formatted("W")),
              dWeights.row(name(site).formatted("b")),
              grads.rows().count(),
              jobs);
    }

    FloatBlock dResidPre = grads.create(HookPoint.residPre(layer));
    int d = config.dModel();
    grads.forEach((first, n) -> dResidPre.copy(first * d, dResidPost, first * d, n * d));
    input.backward(grads, projections, made, dResidPre, dWeights, jobs);
    grads.reached(HookPoint.residPre(layer));
    return dResidPre;
  }

  private NormStep norm() {
    String norm = "blocks." + layer + ".ln1";
    return config.normalization() == Normalization.NONE
        ? null
        : new NormStep(
            LayerNorm.of(config, weights, norm),
            norm,
            new HookPoint(Site.LN1_SCALE, layer),
            new HookPoint(Site.LN1_NORMALIZED, layer));
  }

  /** The names of a projection's weights, with {@code %s} for W or b. */
  private String name(Site site) {
    return "blocks." + layer + ".attn.%s_" + site.name();
  }
}
