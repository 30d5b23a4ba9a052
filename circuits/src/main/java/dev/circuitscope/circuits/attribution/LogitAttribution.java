package dev.circuitscope.circuits.attribution;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.core.array.FloatBlock;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What each component adds to a logit, or to a difference of logits, at each position of each
 * example.
 *
 * <pre>{@code
 * LogitAttribution a = DirectLogitAttribution.of(model, run, tokens).of(stream.byHead());
 * a.value("L1H4");            // [batch, pos]
 * a.position(14).means();     // of each component, over examples
 * a.total();                  // the logits themselves, if the stack was complete
 * System.out.println(a);      // a table
 * }</pre>
 */
public final class LogitAttribution {

  private static final int ROWS = 40;

  private final List<String> labels;
  private final FloatBlock values;
  private final FloatBlock offset;
  private final Extent extent;

  LogitAttribution(List<String> labels, FloatBlock values, FloatBlock offset, Extent extent) {
    this.labels = List.copyOf(labels);
    this.values = values;
    this.offset = offset;
    this.extent = extent;
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
   * Which examples and positions of the run these are.
   *
   * @return in the run's numbers
   */
  public Extent extent() {
    return extent;
  }

  /**
   * All attributions.
   *
   * @return [component, batch, pos], a view that is not to be modified
   */
  public INDArray values() {
    return values.asArray(labels.size(), extent.examples(), extent.positions());
  }

  /**
   * The attributions of one component.
   *
   * @param label its name
   * @return [batch, pos], a copy
   * @throws IllegalArgumentException if there is none of that name, with those there are
   */
  public INDArray value(String label) {
    int component = labels.indexOf(label);
    if (component < 0) {
      throw new IllegalArgumentException(
          "no attribution of '" + label + "'; there are " + Labels.some(labels));
    }
    FloatBlock one = FloatBlock.allocate(extent.rows());
    one.copy(0, values, component * extent.rows(), extent.rows());
    return one.asArray(extent.examples(), extent.positions());
  }

  /**
   * What no part of the stream accounts for: the offset of the final normalisation along the
   * token's direction, and the token's b_U.
   *
   * @return [batch, pos], a view that is not to be modified
   */
  public INDArray offset() {
    return offset.asArray(extent.examples(), extent.positions());
  }

  /**
   * All components and the offset together; of a complete stack, the logit or the difference of
   * logits.
   *
   * @return [batch, pos], new
   */
  public INDArray total() {
    int rows = extent.rows();
    double[] sums = new double[rows];
    float[] one = new float[rows];
    for (int c = 0; c <= labels.size(); c++) {
      if (c < labels.size()) {
        values.read(c * rows, one, 0, rows);
      } else {
        offset.read(0, one, 0, rows);
      }
      for (int r = 0; r < rows; r++) {
        sums[r] += one[r];
      }
    }
    for (int r = 0; r < rows; r++) {
      one[r] = (float) sums[r];
    }
    FloatBlock total = FloatBlock.allocate(rows);
    total.write(0, one, 0, rows);
    return total.asArray(extent.examples(), extent.positions());
  }

  /**
   * The mean of each component over these examples and positions.
   *
   * @return [component]
   */
  public double[] means() {
    int rows = extent.rows();
    float[] one = new float[rows];
    double[] means = new double[labels.size()];
    for (int c = 0; c < means.length; c++) {
      values.read(c * rows, one, 0, rows);
      for (float value : one) {
        means[c] += value;
      }
      means[c] /= rows;
    }
    return means;
  }

  /**
   * The components by their mean, the one that adds most first.
   *
   * @return every label once
   */
  public List<String> ranking() {
    double[] means = means();
    return IntStream.range(0, means.length)
        .boxed()
        .sorted(Comparator.comparingDouble(c -> -means[c]))
        .map(labels::get)
        .toList();
  }

  /**
   * One example.
   *
   * @param example in the run's numbers
   * @return the attributions there
   * @throws IllegalArgumentException if it is not among these
   */
  public LogitAttribution example(int example) {
    return narrowed(extent.example(example));
  }

  /**
   * One position.
   *
   * @param position in the run's numbers
   * @return the attributions there
   * @throws IllegalArgumentException if it is not among these
   */
  public LogitAttribution position(int position) {
    return narrowed(extent.positions(position, position + 1));
  }

  /**
   * Renders the means.
   *
   * @return an object with examples, positions, the offset's mean, and each component's
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("first_example", extent.firstExample());
    json.addProperty("examples", extent.examples());
    json.addProperty("first_position", extent.firstPosition());
    json.addProperty("positions", extent.positions());
    json.add("mean_offset", JsonNumbers.of(meanOffset()));
    JsonArray components = new JsonArray();
    double[] means = means();
    for (int c = 0; c < means.length; c++) {
      JsonObject component = new JsonObject();
      component.addProperty("component", labels.get(c));
      component.add("mean", JsonNumbers.of(means[c]));
      components.add(component);
    }
    json.add("components", components);
    return json;
  }

  private LogitAttribution narrowed(Extent part) {
    FloatBlock some = FloatBlock.allocate((long) labels.size() * part.rows());
    for (int c = 0; c < labels.size(); c++) {
      FloatBlock one = FloatBlock.allocate(extent.rows());
      one.copy(0, values, c * extent.rows(), extent.rows());
      some.copy(c * part.rows(), RunRows.select(one, extent, part), 0, part.rows());
    }
    return new LogitAttribution(labels, some, RunRows.select(offset, extent, part), part);
  }

  private double meanOffset() {
    double sum = 0;
    for (float value : offset.toArray()) {
      sum += value;
    }
    return sum / extent.rows();
  }

  /** A table of means over examples and positions, in order; of many components, the strongest. */
  @Override
  public String toString() {
    double[] means = means();
    int[] shown =
        IntStream.range(0, means.length)
            .boxed()
            .sorted(Comparator.comparingDouble(c -> -Math.abs(means[c])))
            .limit(ROWS)
            .mapToInt(c -> c)
            .sorted()
            .toArray();
    StringBuilder text = new StringBuilder();
    text.append("mean attribution on %s".formatted(extent));
    double total = meanOffset();
    for (double mean : means) {
      total += mean;
    }
    for (int c : shown) {
      text.append("%n%-12s%10.4f".formatted(labels.get(c), means[c]));
    }
    if (shown.length < means.length) {
      text.append("%nand %,d weaker ones".formatted(means.length - shown.length));
    }
    return text.append("%n%-12s%10.4f".formatted("offset", meanOffset()))
        .append("%n%-12s%10.4f".formatted("total", total))
        .toString();
  }
}
