package dev.circuitscope.circuits.discovery;

import com.google.gson.JsonObject;

/**
 * When an edge is removed, and in which order edges are tried.
 *
 * @param threshold an edge stays removed if the metric moves by less; above 0 and finite
 * @param movement which changes count
 * @param order of the edges into one receiver
 * @param granularity what is removed at once
 */
public record PruningOptions(
    double threshold, Movement movement, EdgeOrder order, Granularity granularity) {

  /**
   * Checks the threshold.
   *
   * @param threshold an edge stays removed if the metric moves by less
   * @param movement which changes count
   * @param order of the edges into one receiver
   * @param granularity what is removed at once
   * @throws IllegalArgumentException if the threshold is not above 0 and finite
   */
  public PruningOptions {
    if (!(threshold > 0 && Double.isFinite(threshold))) {
      throw new IllegalArgumentException(
          "pruning: the threshold must be above 0 and finite, in units of the metric; was "
              + threshold);
    }
  }

  /**
   * Options for a threshold.
   *
   * @param threshold an edge stays removed if the metric moves by less
   * @return changes in any direction, the latest sender first, queries, keys and values apart
   * @throws IllegalArgumentException if the threshold is not above 0 and finite
   */
  public static PruningOptions of(double threshold) {
    return new PruningOptions(
        threshold, Movement.ANY, EdgeOrder.latestFirst(), Granularity.QUERIES_KEYS_VALUES);
  }

  /**
   * Another threshold.
   *
   * @param other an edge stays removed if the metric moves by less
   * @return new options
   * @throws IllegalArgumentException if the threshold is not above 0 and finite
   */
  public PruningOptions threshold(double other) {
    return new PruningOptions(other, movement, order, granularity);
  }

  /**
   * Other changes that count.
   *
   * @param other which
   * @return new options
   */
  public PruningOptions movement(Movement other) {
    return new PruningOptions(threshold, other, order, granularity);
  }

  /**
   * Another order.
   *
   * @param other of the edges into one receiver
   * @return new options
   */
  public PruningOptions order(EdgeOrder other) {
    return new PruningOptions(threshold, movement, other, granularity);
  }

  /**
   * Another granularity.
   *
   * @param other what is removed at once
   * @return new options
   */
  public PruningOptions granularity(Granularity other) {
    return new PruningOptions(threshold, movement, order, other);
  }

  /**
   * Renders the options.
   *
   * @return an object with all components
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("threshold", threshold);
    json.addProperty("movement", movement.name());
    json.addProperty("order", order.toString());
    json.addProperty("granularity", granularity.name());
    return json;
  }
}
