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

  /** Computes the inputs of a layer; {@code norm} is null where the model has none. */
  AttentionInput(TransformerConfig config, Tape acts, int layer, NormStep norm) {
    this.config = config;
    this.acts = acts;
    this.layer = layer;
    this.norm = norm;
    this.resid = acts.at(HookPoint.residPre(layer));
    FloatBlock base = norm == null ? resid : norm.forward(acts, resid);
    FloatBlock withPositions = null;
    for (Site reader : READERS) {
      if (acts.wanted(point(reader))) {
        inputs.put(reader, new Projection.Input(split(reader), true));
      } else if (readsPositions(reader)) {
        if (withPositions == null) {
          withPositions = sum(base, acts.at(HookPoint.POS_EMBED), config.dModel());
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
    FloatBlock dBase = norm == null ? grads.internal(resid.length()) : grads.create(norm.output());
    grads.forEach(
        (first, n) -> {
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
        });
    if (norm == null) {
      grads.forEach((first, n) -> Elementwise.add(config.dModel(), dBase, dResid, first, n));
    } else {
      norm.backward(acts, grads, resid, dResid, dWeights, jobs);
    }
    for (Site reader : READERS) {
      if (inputs.get(reader).perHead()) {
        splitBackward(
            reader, grads, projections.get(reader), outputs.get(reader), dResid, dWeights, jobs);
      }
    }
  }

  private FloatBlock split(Site reader) {
    HookPoint point = point(reader);
    FloatBlock copies = acts.create(point);
    int d = config.dModel();
    int heads = config.nHeads();
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
    FloatBlock pos = acts.at(HookPoint.POS_EMBED);
    acts.forEach((first, n) -> Elementwise.repeat(pos, positions, d, heads, first, n));
    return sum(x, positions, d * heads);
  }

  private FloatBlock sum(FloatBlock a, FloatBlock b, int width) {
    FloatBlock sum = acts.internal(a.length());
    acts.forEach((first, n) -> Elementwise.sum(width, a, b, sum, first, n));
    return sum;
  }

  private void splitBackward(
      Site reader,
      Tape grads,
      Projection projection,
      FloatBlock dOut,
      FloatBlock dResid,
      Weights dWeights,
      Jobs jobs) {
    HookPoint point = point(reader);
    int d = config.dModel();
    int heads = config.nHeads();
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
      norm.backwardPerHead(g, grads, dInput, heads, dWeights, jobs);
    }
    grads.reached(point);
    grads.forEach((first, n) -> Elementwise.addCopies(dInput, dResid, d, heads, first, n));
  }

  private boolean readsPositions(Site reader) {
    return config.positions().shortformer() && reader != Site.V_INPUT;
  }

  private HookPoint point(Site reader) {
    return new HookPoint(reader, layer);
  }
}
