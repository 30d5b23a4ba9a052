package dev.circuitscope.core.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The tokens of a {@code tokenizer.json} and the bytes that they stand for. Byte-level encodings
 * write each byte as a printable character; those after SentencePiece write a space as U+2581 and a
 * lone byte as {@code <0xE2>}.
 */
final class TokenizerVocabulary {

  private static final int MAX_SIZE = 10_000_000;
  private static final String SPACE = "\u2581";

  private final String[] names;
  private final boolean[] special;
  private final boolean[] added;
  private final Map<String, Integer> ids = new HashMap<>();
  private final boolean byteLevel;

  private TokenizerVocabulary(int size, boolean byteLevel) {
    this.names = new String[size];
    this.special = new boolean[size];
    this.added = new boolean[size];
    this.byteLevel = byteLevel;
  }

  static TokenizerVocabulary read(JsonFields json) throws MalformedFileException {
    try {
      return readAll(json);
    } catch (ClassCastException
        | IllegalStateException
        | IndexOutOfBoundsException
        | NullPointerException
        | NumberFormatException
        | UnsupportedOperationException e) {
      throw new MalformedFileException(
          json.source(), -1, "the vocabulary of tokenizer.json is not as it should be");
    }
  }

  private static TokenizerVocabulary readAll(JsonFields json) throws MalformedFileException {
    JsonFields model = json.object("model");
    Map<String, Integer> tokens = new HashMap<>();
    JsonElement vocab = model.get("vocab");
    if (vocab instanceof JsonObject) {
      JsonFields byName = model.object("vocab");
      for (String name : byName.names()) {
        tokens.put(name, byName.integer(name));
      }
    } else if (vocab instanceof JsonArray list) {
      for (int id = 0; id < list.size(); id++) {
        tokens.put(list.get(id).getAsJsonArray().get(0).getAsString(), id);
      }
    }
    Map<Integer, JsonObject> addedTokens = new HashMap<>();
    if (json.has("added_tokens") && json.get("added_tokens") instanceof JsonArray list) {
      for (JsonElement token : list) {
        JsonObject fields = token.getAsJsonObject();
        addedTokens.put(fields.get("id").getAsInt(), fields);
      }
    }
    int size = 0;
    for (int id : tokens.values()) {
      size = Math.max(size, id + 1);
    }
    for (int id : addedTokens.keySet()) {
      size = Math.max(size, id + 1);
    }
    if (size < 1 || size > MAX_SIZE) {
      throw new MalformedFileException(json.source(), -1, "a vocabulary of " + size + " tokens");
    }
    TokenizerVocabulary vocabulary = new TokenizerVocabulary(size, isByteLevel(json));
    tokens.forEach(vocabulary::add);
    addedTokens.forEach(vocabulary::addAdded);
    return vocabulary;
  }

  private static boolean isByteLevel(JsonFields json) {
    return text(json, "decoder").contains("\"ByteLevel\"")
        || text(json, "pre_tokenizer").contains("\"ByteLevel\"");
  }

  private static String text(JsonFields json, String name) {
    try {
      return json.has(name) ? json.get(name).toString() : "";
    } catch (MalformedFileException e) {
      throw new IllegalStateException("a field that is there was missing", e);
    }
  }

  private void add(String name, int id) {
    names[id] = name;
    ids.put(name, id);
  }

  private void addAdded(int id, JsonObject token) {
    add(token.get("content").getAsString(), id);
    added[id] = true;
    special[id] = token.has("special") && token.get("special").getAsBoolean();
  }

  int size() {
    return names.length;
  }

  OptionalInt id(String name) {
    Integer id = ids.get(name);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  String name(int token) {
    return names[token] == null ? "<" + token + ">" : names[token];
  }

  /** What a token stands for; nothing for special tokens and for ids without a token. */
  byte[] bytes(int token) {
    String name = names[token];
    if (name == null || special[token]) {
      return new byte[0];
    }
    if (added[token]) {
      return name.getBytes(StandardCharsets.UTF_8);
    }
    if (byteLevel) {
      return ByteLevel.bytes(name);
    }
    if (name.matches("<0x[0-9A-Fa-f]{2}>")) {
      return new byte[] {(byte) Integer.parseInt(name.substring(3, 5), 16)};
    }
    return name.replace(SPACE, " ").getBytes(StandardCharsets.UTF_8);
  }
}
