package dev.circuitscope.circuits.patching;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;

/**
 * What an ablation does to a metric.
 *
 * @param ablation what was done, in words
 * @param metric what was measured, in words
 * @param plain the metric of the unablated run
 * @param ablated the metric of the ablated run
 * @param provenance the model's shape and the tokens
 */
public record AblationEffect(
    String ablation, String metric, double plain, double ablated, Provenance provenance) {

  /**
   * What the ablation adds to the metric.
   *
   * @return ablated less plain
   */
  public double change() {
    return ablated - plain;
  }

  /**
   * Renders the effect.
   *
   * @return an object with all components and the change
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("ablation", ablation);
    json.addProperty("metric", metric);
    json.add("plain", JsonNumbers.of(plain));
    json.add("ablated", JsonNumbers.of(ablated));
    json.add("change", JsonNumbers.of(change()));
    json.add("provenance", provenance.toJson());
    return json;
  }

  @Override
  public String toString() {
    return "%s: %s %.4f -> %.4f (%+.4f)".formatted(ablation, metric, plain, ablated, change());
  }
}
