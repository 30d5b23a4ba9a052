package dev.circuitscope.circuits.patching;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;

/**
 * What patching a path does.
 *
 * @param path which one
 * @param value the metric with the path patched
 * @param base the metric of the run that was changed
 */
public record PathEffect(PatchedPath path, double value, double base) {

  /**
   * What the path adds to the metric.
   *
   * @return value less base
   */
  public double effect() {
    return value - base;
  }

  /**
   * Renders the effect.
   *
   * @return an object with path, value and effect
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("path", path.toString());
    json.add("value", JsonNumbers.of(value));
    json.add("effect", JsonNumbers.of(effect()));
    return json;
  }

  @Override
  public String toString() {
    return "%-40s %+.4f".formatted(path, effect());
  }
}
