package dev.circuitscope.core.text;

import com.google.gson.JsonElement;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** Which token stands before a text, by {@code tokenizer_config.json} or by custom. */
final class StartToken {

  private static final List<String> USUAL =
      List.of("<s>", "<bos>", "<|begin_of_text|>", "<|endoftext|>");

  private StartToken() {}

  static OptionalInt find(Path config, TokenizerVocabulary vocabulary) throws IOException {
    if (Files.isRegularFile(config)) {
      JsonFields json = Json.read(config);
      if (!json.has("bos_token")) {
        return OptionalInt.empty();
      }
      JsonElement bos = json.get("bos_token");
      return vocabulary.id(
          bos.isJsonObject()
              ? json.object("bos_token").string("content")
              : json.string("bos_token"));
    }
    return USUAL.stream()
        .map(vocabulary::id)
        .filter(OptionalInt::isPresent)
        .findFirst()
        .orElse(OptionalInt.empty());
  }
}
