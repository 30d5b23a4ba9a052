package dev.circuitscope.circuits.attribution;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The residual stream of a run, as the sum of what wrote to it.
 *
 * <pre>{@code
 * Run run = model.runWithCache(tokens);
 * ResidualStream stream = ResidualStream.of(model, run);
 * ComponentStack layers = stream.byLayer();                  // embed, pos_embed, L0 attn, L0 mlp
 * ComponentStack heads  = stream.heads();                    // L0H0, L0H1, ...
 * ComponentStack early  = stream.upTo(HookPoint.residPre(3)).byHead();
 * ComponentStack last   = stream.positions(14, 15).neurons(2, 7, 1031);   // L2N7, L2N1031
 * System.out.println(layers);                                // a table of norms and shares
 * }</pre>
 *
 * <p>{@link #byLayer} and {@link #byHead} sum to the stream, if no hook of the run replaced the
 * stream itself. A run must have kept what is asked for; {@code Capture.all()} is enough.
 *
 * <p>Memory: a stack holds components * batch * pos * d_model floats, made when it is asked for.
 * {@link #example} and {@link #positions} narrow a stream before that.
 */
public final class ResidualStream {

  private final Transformer model;
  private final Run run;
  private final Extent extent;
  private final int layers;
  private final boolean attentionToo;

  private ResidualStream(
      Transformer model, Run run, Extent extent, int layers, boolean attentionToo) {
    this.model = model;
    this.run = run;
    this.extent = extent;
    this.layers = layers;
    this.attentionToo = attentionToo;
  }

  /**
   * The stream at the end of all blocks, at all positions of all examples.
   *
   * @param model that ran
   * @param run of it
   * @return the stream
   * @throws IllegalArgumentException if the run is of another model
   */
  public static ResidualStream of(Transformer model, Run run) {
    Extent whole = RunRows.whole(model, run);
    return new ResidualStream(model, run, whole, model.config().nLayers(), false);
  }

  /**
   * The stream at an earlier point.
   *
   * @param point {@code residPre}, {@code residMid} or {@code residPost} of a layer
   * @return what the model had written by then
   * @throws IllegalArgumentException if it is another point or the model does not have it
   */
  public ResidualStream upTo(HookPoint point) {
    boolean stream =
        point.site() == Site.RESID_PRE
            || point.site() == Site.RESID_MID
            || point.site() == Site.RESID_POST;
    if (!stream || !model.config().hookPoints().contains(point)) {
      throw new IllegalArgumentException(
          "the stream is decomposed up to a resid_pre, resid_mid or resid_post of the model's %d layers, not %s"
              .formatted(model.config().nLayers(), point));
    }
    int whole = point.layer() + (point.site() == Site.RESID_POST ? 1 : 0);
    return new ResidualStream(model, run, extent, whole, point.site() == Site.RESID_MID);
  }

  /**
   * The stream of one example.
   *
   * @param example of the batch, from 0
   * @return the same stream, narrowed
   * @throws IllegalArgumentException if the run has no such example
   */
  public ResidualStream example(int example) {
    return new ResidualStream(model, run, extent.example(example), layers, attentionToo);
  }

  /**
   * The stream at a range of positions.
   *
   * @param from the first
   * @param end the one after the last
   * @return the same stream, narrowed
   * @throws IllegalArgumentException if the range is empty or outside the run
   */
  public ResidualStream positions(int from, int end) {
    return new ResidualStream(model, run, extent.positions(from, end), layers, attentionToo);
  }

  /**
   * The stream itself.
   *
   * @return [batch, pos, d_model]
   */
  public INDArray residual() {
    return stack(List.of(last())).get(last().label());
  }

  /**
   * The stream before every block up to here, and here (TransformerLens's {@code
   * accumulated_resid}).
   *
   * @return L0 pre, L1 pre, ...; the last one is called {@code final} at the end of all blocks
   */
  public ComponentStack accumulated() {
    return accumulated(false);
  }

  /**
   * The stream before and inside every block up to here, and here.
   *
   * @return L0 pre, L0 mid, L1 pre, ...; as {@link #accumulated} for models that have no point
   *     between attention and MLP, those without MLPs or with parallel ones
   */
  public ComponentStack accumulatedWithMid() {
    return accumulated(true);
  }

  /**
   * What wrote to the stream, by layer (TransformerLens's {@code decompose_resid}). It sums to the
   * stream.
   *
   * @return embed, pos_embed if positions are added to the stream, L0 attn, L0 mlp, ...
   */
  public ComponentStack byLayer() {
    List<Part> parts = embeddings();
    for (int layer = 0; layer < attentions(); layer++) {
      parts.add(part(Labels.attention(layer), HookPoint.attnOut(layer)));
      if (hasMlp(layer)) {
        parts.add(part(Labels.mlp(layer), HookPoint.mlpOut(layer)));
      }
    }
    return stack(parts);
  }

  /**
   * What wrote to the stream, with attention by head. It sums to the stream.
   *
   * @return embed, pos_embed if positions are added to the stream, L0H0, ..., L0 mlp, ..., and
   *     {@code biases}, the sum of the attentions' b_O
   */
  public ComponentStack byHead() {
    List<Part> mlps =
        IntStream.range(0, layers)
            .filter(this::hasMlp)
            .mapToObj(layer -> part(Labels.mlp(layer), HookPoint.mlpOut(layer)))
            .toList();
    ComponentStack all = stack(embeddings()).and(heads()).and(stack(mlps));
    List<String> order = new ArrayList<>(embeddings().stream().map(Part::label).toList());
    for (int layer = 0; layer < attentions(); layer++) {
      order.addAll(headLabels(layer));
      if (hasMlp(layer)) {
        order.add(Labels.mlp(layer));
      }
    }
    return all.select(order).and(biases());
  }

  /**
   * What each head wrote (TransformerLens's {@code stack_head_results}): z W_O, without b_O. Taken
   * from {@code hook_result} where the run kept it, else computed from {@code hook_z}.
   *
   * @return L0H0, L0H1, ...; head h of grouped-query attention is query head h
   */
  public ComponentStack heads() {
    List<String> labels = new ArrayList<>();
    IntStream.range(0, attentions()).forEach(layer -> labels.addAll(headLabels(layer)));
    FloatBlock values = ComponentStack.allocate(labels.size(), extent, config().dModel());
    HeadResults results = new HeadResults(model, run.cache(), extent, values);
    IntStream.range(0, attentions()).forEach(results::write);
    return new ComponentStack(labels, values, extent, config().dModel());
  }

  /**
   * What every neuron wrote: {@code hook_post[neuron] * W_out[neuron]}, without b_out. This takes
   * layers * d_mlp residual streams of memory; for their effect on logits alone see {@link
   * DirectLogitAttribution#neurons}.
   *
   * @return L0N0, L0N1, ...
   * @throws IllegalArgumentException if the model has no MLPs or the stack would be too large
   */
  public ComponentStack neurons() {
    int[] all = IntStream.range(0, NeuronResults.requireMlp(model)).toArray();
    NeuronResults results = new NeuronResults(model, run.cache(), extent);
    for (int layer = 0; layer < layers; layer++) {
      results.add(layer, all);
    }
    return results.stack();
  }

  /**
   * What chosen neurons of a layer wrote.
   *
   * @param layer before the end of this stream
   * @param neurons which, from 0; all if none are given
   * @return a component for each, such as L2N7
   * @throws IllegalArgumentException if there is no such layer or neuron, or the stack would be too
   *     large
   */
  public ComponentStack neurons(int layer, int... neurons) {
    int dMlp = NeuronResults.requireMlp(model);
    if (layer < 0 || layer >= layers) {
      throw new IllegalArgumentException(
          "no neurons of layer %d in this stream, which is after %d layers"
              .formatted(layer, layers));
    }
    int[] chosen = neurons.length > 0 ? neurons : IntStream.range(0, dMlp).toArray();
    return new NeuronResults(model, run.cache(), extent).add(layer, chosen).stack();
  }

  /**
   * Completes a stack: one more component, {@code remainder}, is what the others lack to sum to
   * this stream.
   *
   * @param some of the stream's components, on the same examples and positions
   * @return those and the remainder
   * @throws IllegalArgumentException if the extents differ or there is a remainder already
   */
  public ComponentStack withRemainder(ComponentStack some) {
    INDArray rest = residual().sub(some.sum());
    INDArray one = rest.reshape('c', 1, rest.size(0), rest.size(1), rest.size(2));
    return some.and(ComponentStack.of(List.of(Labels.REMAINDER), one, extent));
  }

  /**
   * Which examples and positions this is.
   *
   * @return in the run's numbers
   */
  public Extent extent() {
    return extent;
  }

  private record Part(String label, INDArray activation) {}

  private Part part(String label, HookPoint point) {
    return new Part(label, run.cache().get(point));
  }

  private TransformerConfig config() {
    return model.config();
  }

  /** How many layers' attention has written. */
  private int attentions() {
    return layers + (attentionToo ? 1 : 0);
  }

  private boolean hasMlp(int layer) {
    return layer < layers && config().mlp().isPresent();
  }

  private List<String> headLabels(int layer) {
    return IntStream.range(0, config().nHeads()).mapToObj(h -> Labels.head(layer, h)).toList();
  }

  private List<Part> embeddings() {
    List<Part> parts = new ArrayList<>();
    parts.add(part(Labels.EMBED, HookPoint.EMBED));
    if (config().positions() == Positions.STANDARD) {
      parts.add(part(Labels.POS_EMBED, HookPoint.POS_EMBED));
    }
    return parts;
  }

  /** The stream here: what its parts sum to, as the run itself kept it. */
  private Part last() {
    if (attentionToo) {
      return part(Labels.middle(layers), HookPoint.residMid(layers));
    }
    if (layers < config().nLayers()) {
      return part(Labels.before(layers), HookPoint.residPre(layers));
    }
    if (layers > 0) {
      return part(Labels.FINAL, HookPoint.residPost(layers - 1));
    }
    return new Part(
        Labels.FINAL,
        embeddings().stream().map(Part::activation).reduce(INDArray::add).orElseThrow());
  }

  private ComponentStack accumulated(boolean mid) {
    boolean between = mid && config().hookPoints().contains(HookPoint.residMid(0));
    List<Part> parts = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      parts.add(part(Labels.before(layer), HookPoint.residPre(layer)));
      if (between) {
        parts.add(part(Labels.middle(layer), HookPoint.residMid(layer)));
      }
    }
    if (attentionToo) {
      parts.add(part(Labels.before(layers), HookPoint.residPre(layers)));
    }
    parts.add(last());
    return stack(parts);
  }

  private ComponentStack biases() {
    int d = config().dModel();
    float[] sum = new float[d];
    for (int layer = 0; layer < attentions(); layer++) {
      float[] b = FloatBlock.copyOf(model.weights().get("blocks." + layer + ".attn.b_O")).toArray();
      for (int i = 0; i < d; i++) {
        sum[i] += b[i];
      }
    }
    FloatBlock rows = ComponentStack.allocate(1, extent, d);
    for (int r = 0; r < extent.rows(); r++) {
      rows.write(r * d, sum, 0, d);
    }
    return new ComponentStack(List.of(Labels.BIASES), rows, extent, d);
  }

  private ComponentStack stack(List<Part> parts) {
    int d = config().dModel();
    FloatBlock values = ComponentStack.allocate(parts.size(), extent, d);
    for (int i = 0; i < parts.size(); i++) {
      FloatBlock rows = RunRows.read(parts.get(i).activation(), extent);
      values.copy(i * rows.length(), rows, 0, rows.length());
    }
    return new ComponentStack(parts.stream().map(Part::label).toList(), values, extent, d);
  }
}
