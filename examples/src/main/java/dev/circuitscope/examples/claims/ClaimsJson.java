package dev.circuitscope.examples.claims;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Claims as a JSON array of objects with {@code id, paper, claim, relation, expected, measured,
 * tolerance, holds, seed, note}. {@code measured} is null where nothing could be measured.
 */
public final class ClaimsJson {

  private ClaimsJson() {}

  /**
   * Renders claims.
   *
   * @param claims with different ids
   * @return an array, in their order
   * @throws IllegalArgumentException if two have the same id
   */
  public static JsonArray of(List<Claim> claims) {
    Set<String> ids = new HashSet<>();
    JsonArray array = new JsonArray();
    for (Claim claim : claims) {
      if (!ids.add(claim.id())) {
        throw new IllegalArgumentException("two claims have the id '" + claim.id() + "'");
      }
      array.add(of(claim));
    }
    return array;
  }

  /**
   * Reads what {@link #of} rendered.
   *
   * @param text JSON
   * @param source name for messages
   * @return the claims
   * @throws MalformedFileException if it is not such an array, or says of a claim that it holds
   *     where its numbers say otherwise
   */
  public static List<Claim> parse(String text, String source) throws MalformedFileException {
    JsonElement root = Json.parse(text, source);
    if (!root.isJsonArray()) {
      throw new MalformedFileException(source, -1, "expected a JSON array of claims");
    }
    List<Claim> claims = new ArrayList<>();
    for (JsonElement element : root.getAsJsonArray()) {
      claims.add(
          claim(
              Json.parseObject(Json.toCompactString(element), source + "[" + claims.size() + "]")));
    }
    return List.copyOf(claims);
  }

  private static JsonObject of(Claim claim) {
    Expectation expected = claim.expected();
    JsonObject json = new JsonObject();
    json.addProperty("id", claim.id());
    json.addProperty("paper", claim.paper());
    json.addProperty("claim", claim.statement());
    json.addProperty("relation", expected.relation().label());
    json.addProperty("expected", expected.value());
    json.add(
        "measured",
        Double.isFinite(claim.measured())
            ? new JsonPrimitive(claim.measured())
            : JsonNull.INSTANCE);
    json.addProperty("tolerance", expected.tolerance());
    json.addProperty("holds", claim.holds());
    json.addProperty("seed", claim.seed());
    json.addProperty("note", claim.note());
    return json;
  }

  private static Claim claim(JsonFields json) throws MalformedFileException {
    try {
      Expectation expected =
          new Expectation(
              Relation.of(json.string("relation")),
              json.number("expected"),
              json.number("tolerance"));
      Claim claim =
          new Claim(
              json.string("id"),
              json.string("paper"),
              json.string("claim"),
              expected,
              json.number("measured", Double.NaN),
              json.longInteger("seed"),
              json.string("note"));
      if (json.bool("holds") != claim.holds()) {
        throw new MalformedFileException(
            json.source(),
            -1,
            "'holds' is %s, but %s is measured and %s expected"
                .formatted(!claim.holds(), claim.measured(), expected));
      }
      json.expectNoOthers();
      return claim;
    } catch (IllegalArgumentException e) {
      throw new MalformedFileException(json.source(), -1, e.getMessage());
    }
  }
}
