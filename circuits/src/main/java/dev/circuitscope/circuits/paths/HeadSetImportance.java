package dev.circuitscope.circuits.paths;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.hook.Head;
import java.util.Arrays;

/**
 * What the paths through some heads alone are worth.
 *
 * @param set the heads
 * @param alone [order][sequence] losses of the direct path with the paths of up to so many heads of
 *     this set and no others; of the last order this is the pattern-preserving ablation of all
 *     other heads
 * @param onTop [order][sequence] losses of all terms of lower orders with the paths of exactly so
 *     many heads of this set
 */
public record HeadSetImportance(HeadSet set, double[][] alone, double[][] onTop) {

  /**
   * Copies the losses.
   *
   * @param set the heads
   * @param alone [order][sequence] losses without other heads
   * @param onTop [order][sequence] losses with all terms of lower orders
   */
  public HeadSetImportance {
    alone = copy(alone);
    onTop = copy(onTop);
  }

  /**
   * Losses without other heads.
   *
   * @return [order][sequence], a copy
   */
  @Override
  public double[][] alone() {
    return copy(alone);
  }

  /**
   * Losses on top of all lower orders.
   *
   * @return [order][sequence], a copy
   */
  @Override
  public double[][] onTop() {
    return copy(onTop);
  }

  /**
   * The loss of the direct path and the paths through these heads alone.
   *
   * @param order heads on the longest path, from 0
   * @return over sequences
   */
  public SampleMean lossAlone(int order) {
    return SampleMean.of(alone[order]);
  }

  /**
   * The loss of all lower orders and the paths of this order through these heads alone.
   *
   * @param order heads on the paths, from 1
   * @return over sequences
   */
  public SampleMean lossOnTop(int order) {
    return SampleMean.of(onTop[order]);
  }

  /**
   * Renders the means.
   *
   * @return an object with name, heads, and by order the number of terms and both losses
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("name", set.name());
    JsonArray heads = new JsonArray();
    set.heads().stream().map(Head::toString).forEach(heads::add);
    json.add("heads", heads);
    JsonArray orders = new JsonArray();
    for (int order = 0; order < alone.length; order++) {
      JsonObject one = new JsonObject();
      one.addProperty("order", order);
      one.addProperty("terms", set.paths(order));
      one.add("loss_alone", lossAlone(order).toJson());
      one.add("loss_on_top_of_lower_orders", lossOnTop(order).toJson());
      orders.add(one);
    }
    json.add("orders", orders);
    return json;
  }

  static double[][] copy(double[][] rows) {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }
}
