package dev.circuitscope.circuits.paths;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.SampleMean;

/**
 * What a virtual head is worth. It is one term of the path expansion: what the later head makes of
 * what the earlier one wrote, from all sources, and adds to the logits itself.
 *
 * @param path the two heads
 * @param added how much lower the loss is when the term is added to the direct path and all single
 *     heads, in nats
 * @param removed how much higher the loss is when the term is taken off the model's logits, in nats
 */
public record VirtualHead(HeadPath path, SampleMean added, SampleMean removed) {

  /**
   * Renders the numbers.
   *
   * @return an object with path, gain_added and gain_removed
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("path", path.toString());
    json.add("gain_added", added.toJson());
    json.add("gain_removed", removed.toJson());
    return json;
  }

  @Override
  public String toString() {
    return "%s: %s when added, %s when removed".formatted(path, added, removed);
  }
}
