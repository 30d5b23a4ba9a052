package dev.circuitscope.circuits.paths;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.SampleMean;
import java.math.BigInteger;

/**
 * A part of the terms of an order, and what it takes off the loss.
 *
 * @param name of the set of heads that is added, or {@code the others}
 * @param terms how many are added
 * @param loss with them, in nats
 * @param reduction what they take off the loss of the step before, or of the lower orders
 */
public record ImportanceStep(String name, BigInteger terms, SampleMean loss, SampleMean reduction) {

  /**
   * Renders the step.
   *
   * @return an object with name, terms, loss and reduction
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("name", name);
    json.addProperty("terms", terms);
    json.add("loss", loss.toJson());
    json.add("reduction", reduction.toJson());
    return json;
  }
}
