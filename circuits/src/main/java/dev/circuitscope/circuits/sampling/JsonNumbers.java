package dev.circuitscope.circuits.sampling;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;

/** Numbers of results as JSON, which knows no NaN: what is not a number becomes null. */
public final class JsonNumbers {

  private JsonNumbers() {}

  /**
   * Renders a number.
   *
   * @param value any
   * @return the number, or null if it is not finite
   */
  public static JsonElement of(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
  }

  /**
   * Renders numbers.
   *
   * @param values any
   * @return an array
   */
  public static JsonArray of(double[] values) {
    JsonArray array = new JsonArray(values.length);
    for (double value : values) {
      array.add(of(value));
    }
    return array;
  }

  /**
   * Renders rows of numbers.
   *
   * @param rows any
   * @return an array of arrays
   */
  public static JsonArray of(double[][] rows) {
    JsonArray array = new JsonArray(rows.length);
    for (double[] row : rows) {
      array.add(of(row));
    }
    return array;
  }
}
