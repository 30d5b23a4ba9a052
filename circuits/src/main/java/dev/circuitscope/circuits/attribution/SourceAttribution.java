package dev.circuitscope.circuits.attribution;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.algebra.MatrixEntry;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What a head adds to a logit, or to a difference of logits, by the position it comes from: A[dest,
 * src] (v_src W_O) . q_dest, with q_dest the direction in the residual stream that raises the logit
 * at the destination. The sum over sources is the head's attribution at the destination.
 *
 * <pre>{@code
 * var dla = DirectLogitAttribution.of(model, run, LogitDirections.nextTokens(tokens));
 * SourceAttribution induction = dla.bySource(new Head(1, 4), 0);
 * induction.values();              // [dest][src], for a heat map centred at 0
 * induction.top(3);                // [30, 11] 6.213, ...
 * }</pre>
 *
 * @param head whose output it is
 * @param example of the run
 * @param values [dest][src], in the units of logits; copied in and out
 */
public record SourceAttribution(Head head, int example, double[][] values) {

  private static final int SHOWN = 10;

  /**
   * Copies the values.
   *
   * @param head whose output it is
   * @param example of the run
   * @param values [dest][src]; copied
   * @throws IllegalArgumentException if the values are not square
   */
  public SourceAttribution {
    values = copy(values);
    for (double[] row : values) {
      if (row.length != values.length) {
        throw new IllegalArgumentException(
            "attribution of %s by source: a row of %d sources for %d destinations"
                .formatted(head, row.length, values.length));
      }
    }
  }

  /**
   * All attributions.
   *
   * @return [dest][src], a copy
   */
  @Override
  public double[][] values() {
    return copy(values);
  }

  /**
   * What the head adds at each destination, from all sources together.
   *
   * @return one for each destination
   */
  public double[] byDestination() {
    return Arrays.stream(values).mapToDouble(row -> Arrays.stream(row).sum()).toArray();
  }

  /**
   * What each source gives to all destinations together.
   *
   * @return one for each source
   */
  public double[] bySource() {
    double[] sums = new double[values.length];
    for (double[] row : values) {
      for (int src = 0; src < sums.length; src++) {
        sums[src] += row[src];
      }
    }
    return sums;
  }

  /**
   * The pairs of positions with the largest attributions, of either sign.
   *
   * @param k how many
   * @return destination as row, source as column, the largest magnitude first; equal ones in order
   * @throws IllegalArgumentException if k is negative
   */
  public List<MatrixEntry> top(int k) {
    if (k < 0) {
      throw new IllegalArgumentException("the top %d attributions: give 0 or more".formatted(k));
    }
    List<MatrixEntry> all = new ArrayList<>();
    for (int dest = 0; dest < values.length; dest++) {
      for (int src = 0; src < values.length; src++) {
        all.add(new MatrixEntry(dest, src, values[dest][src]));
      }
    }
    all.sort(Comparator.comparingDouble(entry -> -Math.abs(entry.value())));
    return List.copyOf(all.subList(0, Math.min(k, all.size())));
  }

  /**
   * Renders the result.
   *
   * @return an object with the head, the example and the values
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("head", head.toString());
    json.addProperty("example", example);
    json.add("values", JsonNumbers.of(values));
    return json;
  }

  /** The largest attributions, and all together. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("attribution of %s by source, example %d".formatted(head, example));
    text.append("%n%6s%6s%12s".formatted("dest", "src", "logits"));
    for (MatrixEntry entry : top(SHOWN)) {
      text.append("%n%6d%6d%12.4f".formatted(entry.row(), entry.column(), entry.value()));
    }
    double total = Arrays.stream(byDestination()).sum();
    return text.append("%n%6s%6s%12.4f".formatted("all", "", total)).toString();
  }

  private static double[][] copy(double[][] grid) {
    return Arrays.stream(grid).map(double[]::clone).toArray(double[][]::new);
  }
}
