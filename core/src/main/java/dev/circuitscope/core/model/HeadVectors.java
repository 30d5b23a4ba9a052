package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;

/**
 * What lies between a block's projections and its attention: keys are smeared, then queries and
 * keys rotated, if the model does so. Backward it also sums what the query heads of a group give to
 * their common keys and values.
 */
final class HeadVectors {

  private final AttentionShape shape;
  private final Tape acts;
  private final int layer;
  private final String smearName;
  private final SmearedKeys smeared;
  private final RotaryTable rotary;

  HeadVectors(TransformerConfig config, Weights weights, Tape acts, int layer) {
    this.shape = config.attention();
    this.acts = acts;
    this.layer = layer;
    this.smearName = "blocks." + layer + ".attn.smear";
    int pos = acts.rows().pos();
    this.smeared =
        shape.smearedKeys() ? new SmearedKeys(weights.vector(smearName), shape.dHead(), pos) : null;
    this.rotary =
        shape
            .rotary()
            .map(r -> new RotaryTable(r, shape.dHead(), acts.firstPosition(), pos))
            .orElse(null);
  }

  /** Where attention finds its queries. */
  HookPoint queries() {
    return at(rotary == null ? Site.Q : Site.ROT_Q);
  }

  /** Where attention finds its keys. */
  HookPoint keys() {
    return rotary == null ? unrotatedKeys() : at(Site.ROT_K);
  }

  private HookPoint unrotatedKeys() {
    return at(smeared == null ? Site.K : Site.SMEARED_K);
  }

  /** Adds the steps from queries and keys as projected to those that attention reads. */
  void forward(Phases phases) {
    if (smeared != null) {
      FloatBlock k = acts.at(at(Site.K));
      FloatBlock out = acts.create(at(Site.SMEARED_K));
      Matrix before = acts.past().map(past -> past.lastUnsmeared(layer)).orElse(null);
      // A row reads the one before it, which another block of rows may hold.
      phases.plan();
      phases
          .then((first, n) -> smeared.forward(k, before, out, first, n))
          .reached(at(Site.SMEARED_K));
    }
    if (rotary != null) {
      rotate(phases, at(Site.Q), at(Site.ROT_Q), shape.heads());
      rotate(phases, unrotatedKeys(), at(Site.ROT_K), shape.keyValueHeads());
    }
  }

  private void rotate(Phases phases, HookPoint from, HookPoint to, int heads) {
    FloatBlock x = acts.at(from);
    FloatBlock out = acts.replacing(from, to);
    phases
        .thenInTiles(heads * shape.dHead(), (first, n) -> rotary.forward(heads, x, out, first, n))
        .reached(to);
  }

  /** A block for the gradient of keys or values, one per query head. */
  FloatBlock gradientPerHead(Tape grads, HookPoint point) {
    return shape.group() == 1
        ? grads.create(point)
        : grads.internal((long) grads.rows().count() * shape.heads() * shape.dHead());
  }

  /**
   * Adds the steps that sum a gradient per query head over each group, and returns the gradient of
   * the keys or values at a point.
   */
  FloatBlock sumGroups(Phases phases, Tape grads, FloatBlock perHead, HookPoint point) {
    if (shape.group() == 1) {
      return perHead;
    }
    FloatBlock sums = grads.create(point);
    int heads = shape.keyValueHeads();
    phases.then(
        (first, n) ->
            Elementwise.sumCopies(
                perHead, sums, shape.dHead(), shape.group(), first * heads, n * heads));
    return sums;
  }

  /** Adds the steps from the gradients of what attention reads to those of what was projected. */
  void backward(Phases phases, Tape grads) {
    if (rotary != null) {
      rotateBack(phases, grads, at(Site.ROT_Q), at(Site.Q), shape.heads());
      rotateBack(phases, grads, at(Site.ROT_K), unrotatedKeys(), shape.keyValueHeads());
    }
    if (smeared != null) {
      phases.reached(at(Site.SMEARED_K));
      FloatBlock dOut = grads.at(at(Site.SMEARED_K));
      FloatBlock dk = grads.create(at(Site.K));
      phases.plan();
      phases.then((first, n) -> smeared.inputGradient(dOut, dk, first, n));
    }
    phases.reached(at(Site.Q)).reached(at(Site.K));
  }

  private void rotateBack(Phases phases, Tape grads, HookPoint from, HookPoint to, int heads) {
    FloatBlock dOut = grads.at(from);
    phases.reached(from);
    FloatBlock dx = grads.replacing(from, to);
    phases.thenInTiles(
        heads * shape.dHead(), (first, n) -> rotary.inputGradient(heads, dOut, dx, first, n));
  }

  /** Plans the gradients of the weights, after the steps of {@link #backward}. */
  void weightGradient(Tape grads, Weights dWeights, Jobs jobs) {
    if (smeared != null) {
      smeared.weightGradient(
          acts.at(at(Site.K)),
          grads.at(at(Site.SMEARED_K)),
          grads,
          jobs,
          da -> dWeights.row(smearName).write(da));
    }
  }

  private HookPoint at(Site site) {
    return new HookPoint(site, layer);
  }
}
