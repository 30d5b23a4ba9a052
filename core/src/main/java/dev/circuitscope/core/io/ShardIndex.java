package dev.circuitscope.core.io;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code model.safetensors.index.json} says: which file of its directory holds which tensor.
 *
 * @param files file name of every tensor, in the order of the index
 * @param metadata names and texts; numbers as they are written
 */
public record ShardIndex(Map<String, String> files, Map<String, String> metadata) {
  /**
   * Copies the maps, keeping their order, and checks the file names.
   *
   * @param files file name of every tensor
   * @param metadata names and texts
   * @throws IllegalArgumentException if a file name is not a plain name, such as one that leads to
   *     another directory; the message lists all such
   */
  public ShardIndex {
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    List<String> bad = files.values().stream().distinct().filter(f -> !isPlain(f)).toList();
    if (!bad.isEmpty()) {
      throw new IllegalArgumentException(
          "shards must be plain file names inside the directory of the index; these are not: "
              + shown(bad));
    }
  }

  /**
   * Parses the text of an index.
   *
   * @param json text of {@code model.safetensors.index.json}
   * @param source name for error messages
   * @return the index
   * @throws MalformedFileException if it is not JSON, {@code weight_map} is missing or not an
   *     object of texts, a tensor is listed twice, or a file name is not a plain name
   */
  public static ShardIndex parse(String json, String source) throws MalformedFileException {
    JsonFields fields = Json.parseObject(json, source);
    JsonFields weightMap = fields.object("weight_map");
    Map<String, String> files = new LinkedHashMap<>();
    for (String tensor : weightMap.names()) {
      files.put(tensor, weightMap.string(tensor));
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    if (fields.has("metadata")) {
      JsonFields entries = fields.object("metadata");
      for (String name : entries.names()) {
        if (entries.has(name)) {
          metadata.put(name, text(entries.get(name)));
        }
      }
    }
    fields.expectNoOthers();
    try {
      return new ShardIndex(files, metadata);
    } catch (IllegalArgumentException e) {
      throw new MalformedFileException(source, -1, e.getMessage());
    }
  }

  /**
   * Returns the files, each once.
   *
   * @return file names in the order of the index
   */
  public Set<String> shards() {
    return Collections.unmodifiableSet(new LinkedHashSet<>(files.values()));
  }

  /** At most twenty names, so that a message stays readable. */
  static String shown(List<String> names) {
    List<String> some = new ArrayList<>(names.subList(0, Math.min(20, names.size())));
    return some + (names.size() > some.size() ? " and %d more".formatted(names.size() - 20) : "");
  }

  private static String text(JsonElement value) {
    return value instanceof JsonPrimitive single && single.isString()
        ? single.getAsString()
        : Json.toCompactString(value);
  }

  private static boolean isPlain(String file) {
    return !file.isEmpty()
        && !file.equals(".")
        && !file.equals("..")
        && file.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
  }
}
