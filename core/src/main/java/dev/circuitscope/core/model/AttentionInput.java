package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a block's queries, keys and values read: the residual stream, normalised if the model does
 * so, with positions added for queries and keys if they are of the shortformer kind.
 *
 * <p>A run that asks for a {@code hook_q_input} (or k, v) splits that input by head: [batch, pos,
 * head, d_model], each head normalising its own copy.
 */
final class AttentionInput {

  private static final Site[] READERS = {Site.Q_INPUT, Site.K_INPUT, Site.V_INPUT};

  private final TransformerConfig config;
  private final Tape acts;
  private final int layer;
  private final NormStep norm;
  private final FloatBlock resid;
  private final Map<Site, Projection.Input> inputs = new EnumMap<>(Site.class);
  private final Map<Site, FloatBlock> scales = new EnumMap<>(Site.class);

  /**
   * Adds the steps that compute the inputs of a layer; {@code norm} is null where the model has
   * none.
   */
  AttentionInput(TransformerConfig config, Tape acts, int layer, NormStep norm, Phases phases) {
    this.config = config;
    this.acts = acts;
    this.layer = layer;
    this.norm = norm;
    this.resid = acts.at(HookPoint.residPre(layer));
    FloatBlock base = norm == null ? resid : norm.forward(phases, acts, resid);
    FloatBlock withPositions = null;
    for (Site reader : READERS) {
      if (acts.wanted(point(reader))) {
        inputs.put(reader, new Projection.Input(split(reader), true));
      } else if (readsPositions(reader)) {
        if (withPositions == null) {
          withPositions = acts.internal(base.length());
          phases.sum(base, acts.at(HookPoint.POS_EMBED), withPositions);
        }
        inputs.put(reader, new Projection.Input(withPositions, false));
      } else {
        inputs.put(reader, new Projection.Input(base, false));
      }
    }
  }

  Projection.Input of(Site reader) {
    return inputs.get(reader);
  }

  /**
   * Adds to dResid the gradient that comes through queries, keys and values.
   *
   * @param outputs the gradients of queries, keys and values by their reader
   */
  void backward(
      Tape grads,
      Map<Site, Projection> projections,
      Map<Site, FloatBlock> outputs,
      FloatBlock dResid,
      Weights dWeights,
      Jobs jobs) {
    FloatBlock dBase = norm == null ? grads.internal(resid.length()) : norm.outputGradient(grads);
    Phases phases = new Phases(grads);
    phases.then((first, n) -> baseGradient(grads, projections, outputs, dBase, first, n));
    if (norm == null) {
      phases.sum(dResid, dBase, dResid).plan();
    } else {
      norm.backward(phases, acts, grads, dResid, dWeights, jobs);
      phases.plan();
    }
    for (Site reader : READERS) {
      if (inputs.get(reader).perHead()) {
        splitBackward(reader, grads, projections.get(reader), outputs.get(reader), dResid);
      }
    }
  }

  /** The gradient of the common input: what comes through readers that are not split by head. */
  private void baseGradient(
      Tape grads,
      Map<Site, Projection> projections,
      Map<Site, FloatBlock> outputs,
      FloatBlock dBase,
      int first,
      int n) {
    float beta = 0;
    for (Site reader : READERS) {
      if (reader == Site.V_INPUT && config.positions().shortformer() && beta == 1) {
        Elementwise.add(config.dModel(), dBase, grads.at(HookPoint.POS_EMBED), first, n);
      }
      if (!inputs.get(reader).perHead()) {
        projections.get(reader).inputGradient(outputs.get(reader), beta, dBase, first, n);
        beta = 1;
      }
    }
    if (beta == 0) {
      dBase.clear(first * config.dModel(), n * config.dModel());
    }
  }

  private FloatBlock split(Site reader) {
    HookPoint point = point(reader);
    FloatBlock copies = acts.create(point);
    int d = config.dModel();
    int heads = heads(reader);
    acts.forEach((first, n) -> Elementwise.repeat(resid, copies, d, heads, first, n));
    acts.reached(point);
    FloatBlock x = copies;
    if (norm != null) {
      FloatBlock scale = acts.internal(copies.length() / d);
      scales.put(reader, scale);
      x = norm.forwardPerHead(acts, copies, scale, heads);
    }
    if (!readsPositions(reader)) {
      return x;
    }
    FloatBlock positions = acts.internal(x.length());
    FloatBlock input = acts.internal(x.length());
    FloatBlock normalized = x;
    FloatBlock pos = acts.at(HookPoint.POS_EMBED);
    new Phases(acts)
        .then((first, n) -> Elementwise.repeat(pos, positions, d, heads, first, n))
        .sum(normalized, positions, input)
        .plan();
    return input;
  }

  private void splitBackward(
      Site reader, Tape grads, Projection projection, FloatBlock dOut, FloatBlock dResid) {
    HookPoint point = point(reader);
    int d = config.dModel();
    int heads = heads(reader);
    FloatBlock dInput = grads.create(point);
    FloatBlock dx = norm == null ? dInput : grads.internal(dInput.length());
    grads.forEach((first, n) -> projection.inputGradient(dOut, 0, dx, first, n));
    if (readsPositions(reader)) {
      FloatBlock dPos = grads.at(HookPoint.POS_EMBED);
      grads.forEach((first, n) -> Elementwise.addCopies(dx, dPos, d, heads, first, n));
    }
    if (norm != null) {
      FloatBlock scale = scales.get(reader);
      FloatBlock dScale = grads.internal(scale.length());
      LayerNorm.Gradients g = new LayerNorm.Gradients(acts.at(point), scale, dx, dScale);
      norm.backwardPerHead(g, grads, dInput, heads);
    }
    grads.reached(point);
    grads.forEach((first, n) -> Elementwise.addCopies(dInput, dResid, d, heads, first, n));
  }

  private int heads(Site reader) {
    return reader == Site.Q_INPUT ? config.nHeads() : config.attention().keyValueHeads();
  }

  private boolean readsPositions(Site reader) {
    return config.positions().shortformer() && reader != Site.V_INPUT;
  }

  private HookPoint point(Site reader) {
    return new HookPoint(reader, layer);
  }
}
