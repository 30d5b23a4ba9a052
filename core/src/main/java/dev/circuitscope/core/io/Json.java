package dev.circuitscope.core.io;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Optional;

/**
 * JSON read strictly as RFC 8259 has it: no comments, no unquoted or duplicate names, no trailing
 * text, bounded nesting. Read fields of an object through {@link JsonFields}, which names what is
 * missing and what is unknown.
 */
public final class Json {
  private static final int MAX_NESTING = 64;
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();
  private static final Gson COMPACT =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private static final JsonSerializer<Optional<?>> OPTIONAL =
      (optional, type, context) -> context.serialize(optional.orElse(null));

  private static final Gson RECORDS =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .registerTypeAdapter(Optional.class, OPTIONAL)
          .serializeNulls()
          .create();

  private Json() {}

  /**
   * A record of numbers, texts, arrays, lists, optionals and other such records as an object.
   * {@code relativeRadius} is called {@code relative_radius} there, and what is empty is null.
   *
   * @param record its numbers must be finite
   * @return the components by their names
   * @throws IllegalArgumentException if a number is not finite
   */
  public static JsonObject of(Record record) {
    return RECORDS.toJsonTree(record).getAsJsonObject();
  }

  /**
   * Reads a file that holds one JSON object.
   *
   * @param file a UTF-8 file
   * @return its fields
   * @throws MalformedFileException if the file is not UTF-8, not JSON or not an object
   * @throws IOException if the file is missing or cannot be read
   */
  public static JsonFields read(Path file) throws IOException {
    return parseObject(Utf8.read(file), file.toString());
  }

  /**
   * Parses a text that holds one JSON object.
   *
   * @param text JSON
   * @param source name for error messages
   * @return its fields
   * @throws MalformedFileException if the text is not JSON or not an object
   */
  public static JsonFields parseObject(String text, String source) throws MalformedFileException {
    JsonElement element = parse(text, source);
    if (!element.isJsonObject()) {
      throw new MalformedFileException(source, -1, "expected a JSON object, found " + element);
    }
    return new JsonFields(element.getAsJsonObject(), source, "");
  }

  /**
   * Parses a JSON text. Whole numbers that fit become {@code Long}, all others {@code Double}.
   *
   * @param text JSON
   * @param source name for error messages
   * @return the value
   * @throws MalformedFileException if the text is not JSON, is nested deeper than 64, or an object
   *     in it has a name twice
   */
  public static JsonElement parse(String text, String source) throws MalformedFileException {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    reader.setNestingLimit(MAX_NESTING);
    try {
      JsonElement element = value(reader, source);
      reader.peek(); // END_DOCUMENT, or a complaint about the text that follows
      return element;
    } catch (MalformedFileException e) {
      throw e;
    } catch (MalformedJsonException | EOFException | NumberFormatException e) {
      throw malformed(reader, source, "not well-formed JSON");
    } catch (IOException e) {
      throw new IllegalStateException("reading from a string cannot fail", e);
    }
  }

  /**
   * Writes a JSON file, indented, atomically.
   *
   * @param file target, replaced if it exists
   * @param element value to write; numbers must be finite
   * @throws IOException if writing fails; the target is then untouched
   */
  public static void write(Path file, JsonElement element) throws IOException {
    AtomicFiles.write(file, toString(element) + "\n");
  }

  /**
   * Renders a value over several indented lines.
   *
   * @param element value
   * @return its JSON text
   */
  public static String toString(JsonElement element) {
    return PRETTY.toJson(element);
  }

  /**
   * Renders a value on one line.
   *
   * @param element value
   * @return its JSON text
   */
  public static String toCompactString(JsonElement element) {
    return COMPACT.toJson(element);
  }

  private static JsonElement value(JsonReader in, String source) throws IOException {
    switch (in.peek()) {
      case BEGIN_OBJECT:
        return object(in, source);
      case BEGIN_ARRAY:
        JsonArray array = new JsonArray();
        in.beginArray();
        while (in.hasNext()) {
          array.add(value(in, source));
        }
        in.endArray();
        return array;
      case STRING:
        return new JsonPrimitive(in.nextString());
      case NUMBER:
        return number(in, source);
      case BOOLEAN:
        return new JsonPrimitive(in.nextBoolean());
      case NULL:
        in.nextNull();
        return JsonNull.INSTANCE;
      default:
        throw malformed(in, source, "not well-formed JSON");
    }
  }

  private static JsonObject object(JsonReader in, String source) throws IOException {
    JsonObject object = new JsonObject();
    in.beginObject();
    while (in.hasNext()) {
      String name = in.nextName();
      if (object.has(name)) {
        throw malformed(in, source, "name '" + name + "' appears twice");
      }
      object.add(name, value(in, source));
    }
    in.endObject();
    return object;
  }

  private static JsonPrimitive number(JsonReader in, String source) throws IOException {
    String text = in.nextString();
    try {
      return new JsonPrimitive(Long.parseLong(text));
    } catch (NumberFormatException notWhole) {
      double number = Double.parseDouble(text);
      if (Double.isInfinite(number)) {
        throw malformed(in, source, "number " + text + " is out of range");
      }
      return new JsonPrimitive(number);
    }
  }

  private static MalformedFileException malformed(JsonReader in, String source, String problem) {
    String place = in.toString().replaceFirst("^\\w+ ", "");
    return new MalformedFileException(source, -1, problem + ", " + place);
  }
}
