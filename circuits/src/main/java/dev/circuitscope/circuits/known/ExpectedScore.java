package dev.circuitscope.circuits.known;

import com.google.gson.JsonObject;
import dev.circuitscope.core.hook.Head;

/**
 * A score that follows from the weights of a known model.
 *
 * @param measure which score
 * @param head whose
 * @param value what it is
 * @param tolerance how far a measurement may be off
 */
public record ExpectedScore(Measure measure, Head head, double value, double tolerance) {

  /**
   * Renders the expectation.
   *
   * @return an object with measure, head, value and tolerance
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("measure", measure.name());
    json.addProperty("head", head.toString());
    json.addProperty("value", value);
    json.addProperty("tolerance", tolerance);
    return json;
  }

  /** For example {@code INDUCTION of L1H2 is 1.000 +- 1.0e-06}. */
  @Override
  public String toString() {
    return "%s of %s is %.3f +- %.1e".formatted(measure, head, value, tolerance);
  }
}
