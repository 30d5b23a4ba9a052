package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import java.util.EnumMap;
import java.util.Map;

/** The attention of one block of one run: from resid_pre to attn_out. */
final class AttentionBlock {

  private static final Map<Site, Site> READER_OF =
      Map.of(Site.Q, Site.Q_INPUT, Site.K, Site.K_INPUT, Site.V, Site.V_INPUT);
  private static final Site[] PROJECTED = {Site.Q, Site.K, Site.V};

  private final TransformerConfig config;
  private final Weights weights;
  private final Tape acts;
  private final int layer;
  private final Map<Site, Projection> projections = new EnumMap<>(Site.class);
  private final HeadVectors vectors;
  private AttentionInput input;
  private AttentionPattern pattern;
  private HeadOutput output;

  AttentionBlock(TransformerConfig config, Weights weights, Tape acts, int layer) {
    this.config = config;
    this.weights = weights;
    this.acts = acts;
    this.layer = layer;
    this.vectors = new HeadVectors(config, weights, acts, layer);
  }

  /**
   * Reads resid_pre, which the tape holds; the last steps, to attn_out, are added to {@code last}.
   */
  FloatBlock forward(Phases last) {
    Phases phases = new Phases(acts);
    NormStep norm =
        NormStep.inBlock(config, weights, layer, "ln1", Site.LN1_SCALE, Site.LN1_NORMALIZED);
    input = new AttentionInput(config, acts, layer, norm, phases);
    for (Site site : PROJECTED) {
      Site reader = READER_OF.get(site);
      int heads = site == Site.Q ? config.nHeads() : config.attention().keyValueHeads();
      Projection projection = new Projection(config, heads, weights, name(site), input.of(reader));
      FloatBlock made = acts.create(at(site));
      projections.put(reader, projection);
      if (!acts.given(at(site))) {
        phases.then((first, n) -> projection.forward(made, first, n));
      }
    }
    for (Site site : PROJECTED) {
      phases.reached(at(site));
    }
    vectors.forward(phases);
    phases.plan();

    FloatBlock z = acts.create(at(Site.Z));
    if (acts.past().isPresent()) {
      new CachedAttention(config, acts, acts.past().get(), layer, vectors).forward(z);
    } else {
      pattern = new AttentionPattern(config, acts, layer, vectors);
      pattern.forward(z);
    }
    acts.reached(at(Site.Z));
    output = new HeadOutput(config, weights, acts, layer);
    output.results();
    FloatBlock attnOut = acts.create(at(Site.ATTN_OUT));
    last.then((first, n) -> output.forward(attnOut, first, n)).reached(at(Site.ATTN_OUT));
    return attnOut;
  }

  /**
   * Adds to dResidPre from the gradient of attn_out; gradients of the matrices are left to {@code
   * jobs}.
   */
  void backward(
      Tape grads, FloatBlock dAttnOut, FloatBlock dResidPre, Weights dWeights, Jobs jobs) {
    FloatBlock dz = grads.create(at(Site.Z));
    output.backward(grads, dAttnOut, dz, dWeights, jobs);
    grads.reached(at(Site.Z));

    FloatBlock dq = grads.create(vectors.queries());
    FloatBlock dk = vectors.gradientPerHead(grads, vectors.keys());
    FloatBlock dv = vectors.gradientPerHead(grads, at(Site.V));
    pattern.backward(grads, dz, dq, dk, dv);
    Phases phases = new Phases(grads);
    vectors.sumGroups(phases, grads, dk, vectors.keys());
    vectors.sumGroups(phases, grads, dv, at(Site.V));
    vectors.backward(phases, grads);
    phases.reached(at(Site.V)).plan();
    vectors.weightGradient(grads, dWeights, jobs);

    Map<Site, FloatBlock> made = new EnumMap<>(Site.class);
    for (Site site : PROJECTED) {
      Site reader = READER_OF.get(site);
      made.put(reader, grads.at(at(site)));
      projections
          .get(reader)
          .weightGradient(
              made.get(reader),
              dWeights.matrix(name(site).formatted("W")),
              dWeights.row(name(site).formatted("b")),
              grads.rows().count(),
              jobs);
    }
    input.backward(grads, projections, made, dResidPre, dWeights, jobs);
  }

  private HookPoint at(Site site) {
    return new HookPoint(site, layer);
  }

  /** The names of a projection's weights, with {@code %s} for W or b. */
  private String name(Site site) {
    return "blocks." + layer + ".attn.%s_" + site.name();
  }
}
