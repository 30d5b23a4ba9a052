package dev.circuitscope.circuits.attribution;

import dev.circuitscope.circuits.algebra.Unembedding;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.List;

/**
 * What each part of the final residual stream adds to a logit, or to the difference of two, with
 * the scale of the final normalisation held fixed.
 *
 * <pre>{@code
 * var difference = LogitDirections.perExample(correct).minus(LogitDirections.perExample(wrong));
 * var dla = DirectLogitAttribution.of(model, run, difference);
 * LogitAttribution byHead = dla.of(ResidualStream.of(model, run).byHead());
 * byHead.position(14).ranking();      // [L9H6, L7H3, L8 mlp, ...]
 * LogitAttribution byNeuron = dla.neurons();
 * SourceAttribution bySource = dla.bySource(new Head(9, 6), 0);     // [dest][src]
 * }</pre>
 *
 * <p>The attributions of a complete stack, {@link ResidualStream#byLayer} or {@link
 * ResidualStream#byHead}, and {@link LogitAttribution#offset} sum to the logit. For stacks of
 * states of the stream see {@link LogitLens}.
 */
public final class DirectLogitAttribution {

  private final Transformer model;
  private final Run run;
  private final Extent whole;
  private final FloatBlock directions;
  private final FloatBlock offsets;

  private DirectLogitAttribution(Transformer model, Run run, LogitDirections tokens) {
    FinalNorm norm = FinalNorm.of(model, run);
    Unembedding unembedding = Unembedding.of(model);
    int d = model.config().dModel();
    this.model = model;
    this.run = run;
    this.whole = norm.whole();
    this.directions = FloatBlock.allocate((long) whole.rows() * d);
    this.offsets = FloatBlock.allocate(whole.rows());
    double[] u = new double[d];
    float[] tile = new float[d];
    float[] offset = new float[1];
    for (int row = 0; row < whole.rows(); row++) {
      int example = row / whole.positions();
      int position = row % whole.positions();
      tokens.read(unembedding, example, position, u);
      offset[0] = (float) (norm.offsetAlong(u) + tokens.bias(unembedding, example, position));
      offsets.write(row, offset, 0, 1);
      norm.pullBack(u, row);
      for (int i = 0; i < d; i++) {
        tile[i] = (float) u[i];
      }
      directions.write(row * d, tile, 0, d);
    }
  }

  /**
   * Prepares attribution to logits of a run.
   *
   * @param model that ran
   * @param run of it, which kept the scale of the final normalisation
   * @param tokens whose logits
   * @return the attribution, for any stacks of this run
   * @throws IllegalArgumentException if the run is of another model, or a token is missing or is
   *     not one that the model predicts
   */
  public static DirectLogitAttribution of(Transformer model, Run run, LogitDirections tokens) {
    return new DirectLogitAttribution(model, run, tokens);
  }

  /**
   * What each component of a stack adds.
   *
   * @param stack of parts of the final stream
   * @return an attribution for each component, example and position
   * @throws IllegalArgumentException if the stack is not of this run
   */
  public LogitAttribution of(ComponentStack stack) {
    Extent extent = stack.extent();
    if (!whole.contains(extent) || stack.dModel() != model.config().dModel()) {
      throw new IllegalArgumentException(
          "a stack on %s of width %d is not of a run of %s and d_model %d"
              .formatted(extent, stack.dModel(), whole, model.config().dModel()));
    }
    int d = stack.dModel();
    int rows = extent.rows();
    FloatBlock along = RunRows.select(directions, whole, extent);
    FloatBlock values = FloatBlock.allocate((long) stack.size() * rows);
    Parallel.forEach(
        stack.size(),
        c -> {
          float[] part = new float[d];
          float[] q = new float[d];
          float[] dots = new float[rows];
          for (int r = 0; r < rows; r++) {
            stack.block().read((c * rows + r) * d, part, 0, d);
            along.read(r * d, q, 0, d);
            double dot = 0;
            for (int i = 0; i < d; i++) {
              dot += (double) part[i] * q[i];
            }
            dots[r] = (float) dot;
          }
          values.write(c * rows, dots, 0, rows);
        });
    return new LogitAttribution(
        stack.labels(), values, RunRows.select(offsets, whole, extent), extent);
  }

  /**
   * What every head adds, without its result in the residual stream: z . (W_O q) with q the
   * direction in the stream. Memory: layers * heads * d_head floats for each position.
   *
   * @return L0H0, L0H1, ...
   * @throws IllegalArgumentException if the run did not keep {@code hook_z}
   */
  public LogitAttribution heads() {
    return new WriterAttribution(model, run.cache(), whole, directions).heads(offsets);
  }

  /**
   * What every neuron adds, without its result in the residual stream: post (W_out q). Memory:
   * layers * d_mlp floats for each position.
   *
   * @return L0N0, L0N1, ...
   * @throws IllegalArgumentException if the model has no MLPs or the run did not keep {@code
   *     hook_post}
   */
  public LogitAttribution neurons() {
    return new WriterAttribution(model, run.cache(), whole, directions).neurons(offsets);
  }

  /**
   * What a head adds by the position it comes from: {@link #heads} split over sources. The run's
   * patterns and values are taken as hooks left them; their sum over sources is the head's output
   * unless a hook changed {@code hook_z} or what follows.
   *
   * @param head of the model
   * @param example of the run
   * @return [dest][src]
   * @throws IllegalArgumentException if the model has no such head, the run no such example, or it
   *     did not keep {@code hook_pattern} and {@code hook_v}
   */
  public SourceAttribution bySource(Head head, int example) {
    return sources().of(List.of(head), example).get(0);
  }

  /**
   * What every head adds by the position it comes from.
   *
   * @param example of the run
   * @return L0H0, L0H1, ...
   * @throws IllegalArgumentException as for {@link #bySource(Head, int)}
   */
  public List<SourceAttribution> bySource(int example) {
    List<Head> heads = new ArrayList<>();
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      for (int head = 0; head < model.config().nHeads(); head++) {
        heads.add(new Head(layer, head));
      }
    }
    return sources().of(heads, example);
  }

  private SourceSplit sources() {
    return new SourceSplit(model, run.cache(), whole, directions);
  }
}
