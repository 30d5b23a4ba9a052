package dev.circuitscope.circuits.ngrams;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;

/**
 * A token and a number that belongs to it: how likely it is, how much its logit is raised, how
 * strongly it attends.
 *
 * @param token its id
 * @param value the number
 */
public record TokenValue(int token, double value) {

  /** The largest value first, equal ones by id. */
  private static final Comparator<TokenValue> BEST_FIRST =
      Comparator.comparingDouble((TokenValue t) -> -t.value).thenComparingInt(TokenValue::token);

  /**
   * The tokens with the largest values.
   *
   * @param values one for each token; not modified
   * @param k how many
   * @return the largest first, ties by id; all tokens if there are fewer
   * @throws IllegalArgumentException if k is negative
   */
  public static List<TokenValue> top(double[] values, int k) {
    return top(values, k, token -> true);
  }

  static List<TokenValue> top(double[] values, int k, IntPredicate allowed) {
    if (k < 0) {
      throw new IllegalArgumentException("the top %d tokens: give 0 or more".formatted(k));
    }
    PriorityQueue<TokenValue> worstFirst = new PriorityQueue<>(BEST_FIRST.reversed());
    for (int token = 0; token < values.length && k > 0; token++) {
      boolean full = worstFirst.size() == k;
      if (full && !(values[token] > worstFirst.peek().value) || !allowed.test(token)) {
        continue;
      }
      if (full) {
        worstFirst.poll();
      }
      worstFirst.add(new TokenValue(token, values[token]));
    }
    List<TokenValue> best = new ArrayList<>(worstFirst);
    best.sort(BEST_FIRST);
    return List.copyOf(best);
  }

  JsonObject toJson(TokenNames names) {
    JsonObject json = new JsonObject();
    json.addProperty("token", token);
    json.addProperty("name", names.name(token));
    json.add("value", JsonNumbers.of(value));
    return json;
  }

  static JsonArray toJson(List<TokenValue> values, TokenNames names) {
    JsonArray array = new JsonArray(values.size());
    values.forEach(value -> array.add(value.toJson(names)));
    return array;
  }
}
