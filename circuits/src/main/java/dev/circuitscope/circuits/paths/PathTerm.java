package dev.circuitscope.circuits.paths;

import com.google.gson.JsonObject;
import java.util.Optional;

/**
 * One term of an expansion of logits.
 *
 * @param path the heads on the way
 * @param source where it begins; all sources together if empty
 * @param size how much it matters
 */
public record PathTerm(HeadPath path, Optional<Source> source, LogitSize size) {

  /**
   * Its name.
   *
   * @return for example {@code L0H3 -> L1H2}, or {@code embed: L0H3 -> L1H2} of one source
   */
  public String label() {
    return source.map(s -> s.label() + ": ").orElse("") + path;
  }

  /**
   * Renders the term.
   *
   * @return an object with path, order, source if there is one, norm, share and effect
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("path", path.toString());
    json.addProperty("order", path.order());
    source.ifPresent(s -> json.addProperty("source", s.label()));
    size.toJson().entrySet().forEach(e -> json.add(e.getKey(), e.getValue()));
    return json;
  }

  @Override
  public String toString() {
    return label() + ": " + size;
  }
}
