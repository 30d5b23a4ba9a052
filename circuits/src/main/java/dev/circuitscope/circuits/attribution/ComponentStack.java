package dev.circuitscope.circuits.attribution;

import dev.circuitscope.core.array.FloatBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Vectors in the residual stream with names: parts of it, or the stream at several depths.
 *
 * <pre>{@code
 * ComponentStack parts = ResidualStream.of(model, run).byLayer();
 * parts.labels();                  // [embed, pos_embed, L0 attn, L0 mlp, L1 attn, L1 mlp]
 * parts.get("L0 mlp");             // [batch, pos, d_model]
 * parts.position(14).sum();        // [batch, 1, d_model]
 * }</pre>
 *
 * <p>Immutable: methods return new stacks.
 */
public final class ComponentStack {

  private final List<String> labels;
  private final FloatBlock values;
  private final Extent extent;
  private final int dModel;

  ComponentStack(List<String> labels, FloatBlock values, Extent extent, int dModel) {
    this.labels = List.copyOf(labels);
    this.values = values;
    this.extent = extent;
    this.dModel = dModel;
    if (new LinkedHashSet<>(labels).size() < labels.size()) {
      throw new IllegalArgumentException("two components have the same label: " + labels);
    }
  }

  /**
   * A stack of one's own vectors.
   *
   * @param labels a different one for each component
   * @param values [component, batch, pos, d_model]; copied
   * @param extent which examples and positions of the run they belong to
   * @return the stack
   * @throws IllegalArgumentException if the shape does not fit labels and extent, or labels repeat
   */
  public static ComponentStack of(List<String> labels, INDArray values, Extent extent) {
    long[] shape = values.shape();
    if (shape.length != 4
        || shape[0] != labels.size()
        || shape[1] != extent.examples()
        || shape[2] != extent.positions()) {
      throw new IllegalArgumentException(
          "a stack of %d components on %s is [%d, %d, %d, d_model], was %s"
              .formatted(
                  labels.size(),
                  extent,
                  labels.size(),
                  extent.examples(),
                  extent.positions(),
                  Arrays.toString(shape)));
    }
    return new ComponentStack(labels, FloatBlock.copyOf(values), extent, (int) shape[3]);
  }

  /** Room for a stack; says what to do if there is none. */
  static FloatBlock allocate(int components, Extent extent, int dModel) {
    long length = (long) components * extent.rows() * dModel;
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a stack of %,d components [%d, %d, %d] takes %,d MB, more than one stack holds; choose components, example(..) or positions(..), or go straight to logits with DirectLogitAttribution"
              .formatted(
                  components,
                  extent.examples(),
                  extent.positions(),
                  dModel,
                  length * Float.BYTES >> 20));
    }
    return FloatBlock.allocate(length);
  }

  /**
   * The names of the components.
   *
   * @return in order
   */
  public List<String> labels() {
    return labels;
  }

  /**
   * How many components there are.
   *
   * @return at least 0
   */
  public int size() {
    return labels.size();
  }

  /**
   * Which examples and positions of the run the vectors belong to.
   *
   * @return in the run's numbers
   */
  public Extent extent() {
    return extent;
  }

  /**
   * All vectors.
   *
   * @return [component, batch, pos, d_model], a view that is not to be modified
   */
  public INDArray values() {
    return values.asArray(size(), extent.examples(), extent.positions(), dModel);
  }

  /**
   * One component.
   *
   * @param label its name
   * @return [batch, pos, d_model], a copy
   * @throws IllegalArgumentException if there is none of that name, with those there are
   */
  public INDArray get(String label) {
    FloatBlock one = FloatBlock.allocate(length());
    one.copy(0, values, index(label) * length(), length());
    return one.asArray(extent.examples(), extent.positions(), dModel);
  }

  /**
   * The sum of all components.
   *
   * @return [batch, pos, d_model], new; summed in float64
   */
  public INDArray sum() {
    double[] sum = new double[length()];
    float[] one = new float[length()];
    for (int c = 0; c < size(); c++) {
      values.read(c * length(), one, 0, one.length);
      for (int i = 0; i < one.length; i++) {
        sum[i] += one[i];
      }
    }
    FloatBlock block = FloatBlock.allocate(length());
    for (int i = 0; i < one.length; i++) {
      one[i] = (float) sum[i];
    }
    block.write(0, one, 0, one.length);
    return block.asArray(extent.examples(), extent.positions(), dModel);
  }

  /**
   * Some of the components.
   *
   * @param chosen their names
   * @return those, in the order of the names
   * @throws IllegalArgumentException if there is none of a name
   */
  public ComponentStack select(List<String> chosen) {
    FloatBlock some = allocate(chosen.size(), extent, dModel);
    for (int i = 0; i < chosen.size(); i++) {
      some.copy(i * length(), values, index(chosen.get(i)) * length(), length());
    }
    return new ComponentStack(chosen, some, extent, dModel);
  }

  /**
   * These components and then others.
   *
   * @param others on the same examples and positions, with other names
   * @return all of them
   * @throws IllegalArgumentException if the extents or widths differ, or a name is in both
   */
  public ComponentStack and(ComponentStack others) {
    if (!extent.equals(others.extent) || dModel != others.dModel) {
      throw new IllegalArgumentException(
          "stacks on %s of width %d and on %s of width %d cannot be joined"
              .formatted(extent, dModel, others.extent, others.dModel));
    }
    FloatBlock both = allocate(size() + others.size(), extent, dModel);
    both.copy(0, values, 0, values.length());
    both.copy(values.length(), others.values, 0, others.values.length());
    List<String> all = new ArrayList<>(labels);
    all.addAll(others.labels);
    return new ComponentStack(all, both, extent, dModel);
  }

  /**
   * One example.
   *
   * @param example in the run's numbers
   * @return [component, 1, pos, d_model]
   * @throws IllegalArgumentException if it is not in this stack
   */
  public ComponentStack example(int example) {
    return narrowed(extent.example(example));
  }

  /**
   * One position.
   *
   * @param position in the run's numbers
   * @return [component, batch, 1, d_model]
   * @throws IllegalArgumentException if it is not in this stack
   */
  public ComponentStack position(int position) {
    return positions(position, position + 1);
  }

  /**
   * A range of positions.
   *
   * @param from the first, in the run's numbers
   * @param end the one after the last
   * @return [component, batch, end - from, d_model]
   * @throws IllegalArgumentException if the range is empty or not in this stack
   */
  public ComponentStack positions(int from, int end) {
    return narrowed(extent.positions(from, end));
  }

  private ComponentStack narrowed(Extent part) {
    FloatBlock some = allocate(size(), part, dModel);
    for (int c = 0; c < size(); c++) {
      FloatBlock one = FloatBlock.allocate(length());
      one.copy(0, values, c * length(), length());
      FloatBlock rows = RunRows.select(one, extent, part);
      some.copy(c * rows.length(), rows, 0, rows.length());
    }
    return new ComponentStack(labels, some, part, dModel);
  }

  /** The vectors of all components, one row for each component, example and position. */
  FloatBlock block() {
    return values;
  }

  int dModel() {
    return dModel;
  }

  private int length() {
    return extent.rows() * dModel;
  }

  private int index(String label) {
    int index = labels.indexOf(label);
    if (index < 0) {
      throw new IllegalArgumentException(
          "the stack has no component '" + label + "'; it has " + Labels.some(labels));
    }
    return index;
  }

  /**
   * A table: for each component its mean norm over examples and positions, and its mean share of
   * the sum s of all, (c . s) / (s . s).
   */
  @Override
  public String toString() {
    return StackTable.of(this);
  }
}
