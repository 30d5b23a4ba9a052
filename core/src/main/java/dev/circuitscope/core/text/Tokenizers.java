package dev.circuitscope.core.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Saves tokenizers as JSON and loads them, so that a model's directory can carry its own.
 *
 * <pre>{@code
 * Tokenizers.save(Path.of("model/tokenizer.json"), tokenizer);
 * Tokenizer same = Tokenizers.load(Path.of("model/tokenizer.json"));
 * }</pre>
 */
public final class Tokenizers {
  private static final int VERSION = 1;

  private Tokenizers() {}

  /**
   * Saves a tokenizer, atomically.
   *
   * @param file target, replaced if it exists
   * @param tokenizer a tokenizer of this package
   * @throws IllegalArgumentException if it is of another class, whose state is not known here
   * @throws IOException if writing fails; the target is then untouched
   */
  public static void save(Path file, Tokenizer tokenizer) throws IOException {
    JsonObject root = new JsonObject();
    root.addProperty("version", VERSION);
    toJson(tokenizer).asMap().forEach(root::add);
    Json.write(file, root);
  }

  /**
   * Loads a tokenizer.
   *
   * @param file written by {@link #save}
   * @return a tokenizer that behaves like the saved one
   * @throws MalformedFileException if the file's content is not that of a tokenizer
   * @throws IOException if the file is missing or cannot be read
   */
  public static Tokenizer load(Path file) throws IOException {
    JsonFields fields = Json.read(file);
    int version = fields.integer("version");
    if (version != VERSION) {
      throw new MalformedFileException(
          file.toString(), -1, "tokenizer format " + version + "; this library reads " + VERSION);
    }
    return fromJson(fields);
  }

  private static JsonObject toJson(Tokenizer tokenizer) {
    JsonObject json = new JsonObject();
    if (tokenizer instanceof Gpt2Tokenizer) {
      json.addProperty("type", "gpt2");
    } else if (tokenizer instanceof ByteTokenizer) {
      json.addProperty("type", "bytes");
    } else if (tokenizer instanceof CharTokenizer characters) {
      // As numbers: a half of a surrogate pair may be in the alphabet but not in a UTF-8 file.
      json.addProperty("type", "characters");
      json.add("code_points", array(characters.codePoints()));
    } else if (tokenizer instanceof CompactTokenizer compact) {
      json.addProperty("type", "compact");
      json.add("base", toJson(compact.base()));
      json.add("kept", array(compact.kept()));
    } else {
      throw new IllegalArgumentException(
          "save tokenizer: %s is not one of this library's and must be saved by its own means"
              .formatted(tokenizer.getClass().getName()));
    }
    return json;
  }

  private static Tokenizer fromJson(JsonFields fields) throws MalformedFileException {
    String type = fields.string("type");
    try {
      Tokenizer tokenizer =
          switch (type) {
            case "gpt2" -> Gpt2Tokenizer.get();
            case "bytes" -> new ByteTokenizer();
            case "characters" -> CharTokenizer.ofCodePoints(ints(fields, "code_points"));
            case "compact" ->
                CompactTokenizer.ofKept(fromJson(fields.object("base")), ints(fields, "kept"));
            default ->
                throw new MalformedFileException(
                    fields.source(),
                    -1,
                    "tokenizer type '%s'; known are gpt2, bytes, characters, compact"
                        .formatted(type));
          };
      fields.expectNoOthers();
      return tokenizer;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new MalformedFileException(fields.source(), -1, e.getMessage());
    }
  }

  private static int[] ints(JsonFields fields, String name) throws MalformedFileException {
    return Arrays.stream(fields.longIntegers(name)).mapToInt(Math::toIntExact).toArray();
  }

  private static JsonArray array(int[] values) {
    JsonArray array = new JsonArray();
    Arrays.stream(values).forEach(array::add);
    return array;
  }
}
