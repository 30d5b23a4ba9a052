package dev.circuitscope.circuits.paths;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;

/**
 * One term of an expansion of attention scores. All numbers are of scores less their mean over the
 * sources of a destination, which the softmax does not see.
 *
 * @param query part of the queries
 * @param key part of the keys
 * @param norm root mean square
 * @param share of all scores S: {@code <term, S> / <S, S>}; shares sum to 1
 * @param preference mean over the targets; NaN if none were given
 */
public record ScoreTerm(
    ScorePart query, ScorePart key, double norm, double share, double preference) {

  /**
   * Renders the term.
   *
   * @return an object with query, key, norm, share and preference
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("query", query.toString());
    json.addProperty("key", key.toString());
    json.add("norm", JsonNumbers.of(norm));
    json.add("share", JsonNumbers.of(share));
    json.add("preference", JsonNumbers.of(preference));
    return json;
  }

  @Override
  public String toString() {
    return "%s x %s: norm %.3f, share %.3f%s"
        .formatted(
            query,
            key,
            norm,
            share,
            Double.isNaN(preference) ? "" : ", preference %.3f".formatted(preference));
  }
}
