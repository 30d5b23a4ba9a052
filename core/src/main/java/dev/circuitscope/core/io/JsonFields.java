package dev.circuitscope.core.io;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fields of one JSON object, read by name and type. Missing fields, fields of another type and,
 * with {@link #expectNoOthers()}, fields nobody asked for are errors that name them.
 *
 * <pre>{@code
 * JsonFields fields = Json.read(file);
 * int layers = fields.integer("n_layers");
 * String norm = fields.string("normalization_type", "LN");
 * fields.expectNoOthers();
 * }</pre>
 */
public final class JsonFields {
  private final JsonObject object;
  private final String source;
  private final String place;
  private final Set<String> asked = new LinkedHashSet<>();

  JsonFields(JsonObject object, String source, String place) {
    this.object = object;
    this.source = source;
    this.place = place;
  }

  /**
   * Says whether a field is there and not null. Counts as asking for it.
   *
   * @param name field
   * @return whether it has a value
   */
  public boolean has(String name) {
    asked.add(name);
    return object.has(name) && !object.get(name).isJsonNull();
  }

  /**
   * Returns a field of any type.
   *
   * @param name field
   * @return its value
   * @throws MalformedFileException if it is missing or null
   */
  public JsonElement get(String name) throws MalformedFileException {
    if (!has(name)) {
      throw malformed("field '" + name + "' is missing; present are " + names());
    }
    return object.get(name);
  }

  /**
   * Returns a text field.
   *
   * @param name field
   * @return its value
   * @throws MalformedFileException if it is missing or no text
   */
  public String string(String name) throws MalformedFileException {
    return string(name, get(name));
  }

  /**
   * Returns a text field that may be left out.
   *
   * @param name field
   * @param fallback value when it is missing or null
   * @return its value
   * @throws MalformedFileException if it is no text
   */
  public String string(String name, String fallback) throws MalformedFileException {
    return has(name) ? string(name) : fallback;
  }

  /**
   * Returns a whole-number field.
   *
   * @param name field
   * @return its value
   * @throws MalformedFileException if it is missing, not whole or out of range
   */
  public int integer(String name) throws MalformedFileException {
    long value = longInteger(name);
    if (value != (int) value) {
      throw wrong(name, "a whole number of 32 bits", get(name));
    }
    return (int) value;
  }

  /**
   * Returns a whole-number field that may be left out.
   *
   * @param name field
   * @param fallback value when it is missing or null
   * @return its value
   * @throws MalformedFileException if it is not whole or out of range
   */
  public int integer(String name, int fallback) throws MalformedFileException {
    return has(name) ? integer(name) : fallback;
  }

  /**
   * Returns a whole-number field of 64 bits.
   *
   * @param name field
   * @return its value
   * @throws MalformedFileException if it is missing, not whole or out of range
   */
  public long longInteger(String name) throws MalformedFileException {
    return longInteger(name, get(name));
  }

  /**
   * Returns a number field.
   *
   * @param name field
   * @return its value
   * @throws MalformedFileException if it is missing or no number
   */
  public double number(String name) throws MalformedFileException {
    if (get(name) instanceof JsonPrimitive value && value.isNumber()) {
      return value.getAsDouble();
    }
    throw wrong(name, "a number", get(name));
  }

  /**
   * Returns a number field that may be left out.
   *
   * @param name field
   * @param fallback value when it is missing or null
   * @return its value
   * @throws MalformedFileException if it is no number
   */
  public double number(String name, double fallback) throws MalformedFileException {
    return has(name) ? number(name) : fallback;
  }

  /**
   * Returns a true-or-false field.
   *
   * @param name field
   * @return its value
   * @throws MalformedFileException if it is missing or of another type
   */
  public boolean bool(String name) throws MalformedFileException {
    if (get(name) instanceof JsonPrimitive value && value.isBoolean()) {
      return value.getAsBoolean();
    }
    throw wrong(name, "true or false", get(name));
  }

  /**
   * Returns a true-or-false field that may be left out.
   *
   * @param name field
   * @param fallback value when it is missing or null
   * @return its value
   * @throws MalformedFileException if it is of another type
   */
  public boolean bool(String name, boolean fallback) throws MalformedFileException {
    return has(name) ? bool(name) : fallback;
  }

  /**
   * Returns a field that is an array of texts.
   *
   * @param name field
   * @return its values
   * @throws MalformedFileException if it is missing or of another type
   */
  public List<String> strings(String name) throws MalformedFileException {
    List<String> values = new ArrayList<>();
    for (JsonElement element : array(name)) {
      values.add(string(name, element));
    }
    return List.copyOf(values);
  }

  /**
   * Returns a field that is an array of whole numbers.
   *
   * @param name field
   * @return its values
   * @throws MalformedFileException if it is missing or of another type
   */
  public long[] longIntegers(String name) throws MalformedFileException {
    List<JsonElement> elements = array(name);
    long[] values = new long[elements.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = longInteger(name, elements.get(i));
    }
    return values;
  }

  /**
   * Returns a field that is an object.
   *
   * @param name field
   * @return its fields
   * @throws MalformedFileException if it is missing or of another type
   */
  public JsonFields object(String name) throws MalformedFileException {
    JsonElement value = get(name);
    if (!value.isJsonObject()) {
      throw wrong(name, "an object", value);
    }
    return new JsonFields(
        value.getAsJsonObject(), source, place.isEmpty() ? name : place + "." + name);
  }

  /**
   * Returns the names of all fields, in order. Does not count as asking for them.
   *
   * @return names
   */
  public Set<String> names() {
    return object.keySet();
  }

  /**
   * Returns the name of the input.
   *
   * @return file name, or another name by which the reader knows the input
   */
  public String source() {
    return source;
  }

  /**
   * Fails if the object has a field that nobody asked for; call it last.
   *
   * @throws MalformedFileException if so; it names them and the fields that are known
   */
  public void expectNoOthers() throws MalformedFileException {
    Set<String> unknown = new TreeSet<>(object.keySet());
    unknown.removeAll(asked);
    if (!unknown.isEmpty()) {
      throw malformed("unknown fields " + unknown + "; known are " + asked);
    }
  }

  private List<JsonElement> array(String name) throws MalformedFileException {
    JsonElement value = get(name);
    if (!value.isJsonArray()) {
      throw wrong(name, "an array", value);
    }
    return value.getAsJsonArray().asList();
  }

  private String string(String name, JsonElement element) throws MalformedFileException {
    if (element instanceof JsonPrimitive value && value.isString()) {
      return value.getAsString();
    }
    throw wrong(name, "a text", element);
  }

  private long longInteger(String name, JsonElement element) throws MalformedFileException {
    if (element instanceof JsonPrimitive value && value.isNumber()) {
      if (value.getAsNumber() instanceof Long whole) {
        return whole;
      }
      double number = value.getAsDouble();
      if (number == Math.rint(number) && Math.abs(number) < 0x1p53) {
        return (long) number;
      }
    }
    throw wrong(name, "a whole number of 64 bits", element);
  }

  private MalformedFileException wrong(String name, String expected, JsonElement found) {
    String text = found.toString();
    String shown = text.length() <= 80 ? text : text.substring(0, 77) + "...";
    return malformed("field '" + name + "' must be " + expected + ", found " + shown);
  }

  private MalformedFileException malformed(String problem) {
    return new MalformedFileException(
        source, -1, place.isEmpty() ? problem : place + ": " + problem);
  }
}
