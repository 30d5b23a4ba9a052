package dev.circuitscope.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.MalformedFileException;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A tokenizer.json")
class HuggingFaceTokenizerTest {

  private static final String TEXT =
      "The quick brown fox, 1234 times; naïve café 日本語 🙂\n\n\tdon't   stop?! {x = y[3];}";

  @TempDir private static Path directory;

  /**
   * GPT-2's vocabulary as a tokenizer.json: each token's merge is what byte-pair encoding with the
   * tokens of lower rank makes of its bytes.
   */
  private static JsonObject gpt2() {
    Gpt2Tokenizer gpt2 = Gpt2Tokenizer.get();
    JsonObject vocab = new JsonObject();
    JsonArray merges = new JsonArray();
    Map<String, Integer> ranks = new HashMap<>();
    for (int token = 0; token < 50256; token++) {
      String bytes = new String(gpt2.tokenBytes(token), StandardCharsets.ISO_8859_1);
      if (bytes.length() > 1) {
        List<String> parts = split(bytes, ranks);
        merges.add(printable(parts.get(0)) + " " + printable(parts.get(1)));
      }
      ranks.put(bytes, token);
      vocab.addProperty(printable(bytes), token);
    }
    vocab.addProperty("<|endoftext|>", 50256);
    JsonObject model = new JsonObject();
    model.addProperty("type", "BPE");
    model.add("vocab", vocab);
    model.add("merges", merges);
    JsonObject json =
        JsonParser.parseString(
                """
                {"version": "1.0", "truncation": null, "padding": null,
                 "added_tokens": [{"id": 50256, "content": "<|endoftext|>", "single_word": false,
                   "lstrip": false, "rstrip": false, "normalized": true, "special": true}],
                 "normalizer": null,
                 "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false,
                   "trim_offsets": true, "use_regex": true},
                 "post_processor": {"type": "ByteLevel", "add_prefix_space": true,
                   "trim_offsets": false, "use_regex": true},
                 "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true,
                   "use_regex": true}}
                """)
            .getAsJsonObject();
    json.add("model", model);
    return json;
  }

  private static List<String> split(String bytes, Map<String, Integer> ranks) {
    List<String> parts = new ArrayList<>();
    bytes.chars().forEach(c -> parts.add(String.valueOf((char) c)));
    while (parts.size() > 2) {
      int best = 0;
      int lowest = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < parts.size(); i++) {
        int rank = ranks.getOrDefault(parts.get(i) + parts.get(i + 1), Integer.MAX_VALUE);
        if (rank < lowest) {
          lowest = rank;
          best = i;
        }
      }
      parts.set(best, parts.get(best) + parts.remove(best + 1));
    }
    return parts;
  }

  /** GPT-2's printable characters for bytes, listed rather than computed where it matters. */
  private static String printable(String bytes) {
    StringBuilder text = new StringBuilder();
    for (char b : bytes.toCharArray()) {
      boolean itself = b >= 33 && b <= 126 || b >= 161 && b <= 172 || b >= 174;
      int index = b <= 32 ? b : b <= 160 ? b - 127 + 33 : 67;
      text.append(itself ? b : (char) (256 + index));
    }
    return text.toString();
  }

  @BeforeAll
  static void write() throws IOException {
    Json.write(directory.resolve("tokenizer.json"), gpt2());
  }

  private static HuggingFaceTokenizer load() throws IOException {
    return HuggingFaceTokenizer.load(directory.resolve("tokenizer.json"));
  }

  @Test
  void ofGpt2GivesTheTokensThatGpt2sOwnTokenizerGives() throws IOException {
    HuggingFaceTokenizer tokenizer = load();
    Tokenizer gpt2 = Gpt2Tokenizer.get();
    assertThat(tokenizer.encode(TEXT)).containsExactly(gpt2.encode(TEXT));
    assertThat(tokenizer.decode(tokenizer.encode(TEXT))).isEqualTo(TEXT);
    assertThat(tokenizer.encode("")).isEmpty();
    assertThat(tokenizer.vocabSize()).isEqualTo(50257);
    assertThat(tokenizer.bosToken()).hasValue(50256);
    assertThat(tokenizer.encodeWithBos("Hello world")).containsExactly(50256, 15496, 995);
    for (int token = 0; token < 50257; token++) {
      assertThat(tokenizer.tokenBytes(token)).isEqualTo(gpt2.tokenBytes(token));
      assertThat(tokenizer.tokenText(token)).isEqualTo(gpt2.tokenText(token));
    }
  }

  @Test
  void knowsTheNamesOfItsSpecialTokens() throws IOException {
    assertThat(load().encode("a<|endoftext|>")).containsExactly(64, 50256);
    assertThat(load().decode(new int[] {64, 50256})).isEqualTo("a<|endoftext|>");
  }

  @Test
  void neitherPrintsNorLeavesPropertiesBehind() throws IOException {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setProperty("ai.djl.offline", "false");
    try {
      System.setOut(new PrintStream(printed, true));
      System.setErr(new PrintStream(printed, true));
      load().encode(TEXT);
      assertThat(System.getProperty("ai.djl.offline")).isEqualTo("false");
    } finally {
      System.setOut(out);
      System.setErr(err);
      System.clearProperty("ai.djl.offline");
    }
    load();
    assertThat(System.getProperty("ai.djl.offline")).isNull();
    assertThat(printed.toString()).isEmpty();
  }

  @Test
  void withoutTheOptionalDependencyNamesItsCoordinates() throws Exception {
    List<URL> others = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains("djl")) {
        others.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader without =
        new URLClassLoader(others.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> tokenizer = without.loadClass(HuggingFaceTokenizer.class.getName());
      assertThat(tokenizer.getMethod("isAvailable").invoke(null)).isEqualTo(false);
      Path file = directory.resolve("tokenizer.json");
      assertThatThrownBy(() -> tokenizer.getMethod("load", Path.class).invoke(null, file))
          .hasCauseInstanceOf(IllegalStateException.class)
          .cause()
          .hasMessageContaining("ai.djl.huggingface:tokenizers:0.36.0");
    }
  }

  @Test
  void refusesIdsOutsideItsVocabularyAndHalvesOfPairs() throws IOException {
    HuggingFaceTokenizer tokenizer = load();
    assertThatThrownBy(() -> tokenizer.decode(new int[] {50257}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token 50257 is outside the vocabulary");
    assertThatThrownBy(() -> tokenizer.tokenText(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tokenizer.encode("\ud83d"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Nested
  @DisplayName("of SentencePiece's kind")
  class SentencePiece {

    private static final String JSON =
        """
        {"version": "1.0", "truncation": {"max_length": 2, "strategy": "LongestFirst", "stride": 0,
           "direction": "Right"}, "padding": null,
         "added_tokens": [
           {"id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": true},
           {"id": 1, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": true}],
         "normalizer": {"type": "Sequence", "normalizers": [
           {"type": "Prepend", "prepend": "\u2581"},
           {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]},
         "pre_tokenizer": null, "post_processor": null,
         "decoder": {"type": "Sequence", "decoders": [
           {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
           {"type": "ByteFallback"}, {"type": "Fuse"},
           {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
         "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>", "fuse_unk": true,
           "byte_fallback": true,
           "vocab": {"<unk>": 0, "<s>": 1, "<0xC3>": 2, "<0xA9>": 3, "\u2581": 4, "a": 5, "b": 6,
             "\u2581a": 7, "ab": 8},
           "merges": ["\u2581 a", "a b"]}}
        """;

    private HuggingFaceTokenizer load(String more) throws IOException {
      Path folder = Files.createTempDirectory(directory, "sp");
      Path file = Files.writeString(folder.resolve("tokenizer.json"), JSON);
      if (!more.isEmpty()) {
        Files.writeString(folder.resolve("tokenizer_config.json"), more);
      }
      return HuggingFaceTokenizer.load(file);
    }

    @Test
    void hasSpacesWithinTokensAndBytesForWhatItLacks() throws IOException {
      HuggingFaceTokenizer tokenizer = load("");
      assertThat(tokenizer.encode("a abé")).containsExactly(7, 7, 6, 2, 3);
      assertThat(tokenizer.tokenTexts(new int[] {1, 7, 2, 8}))
          .containsExactly("<s>", " a", "\\xC3", "ab");
      assertThat(tokenizer.tokenBytes(0)).isEmpty();
      assertThat(tokenizer.decode(new int[] {7, 7, 6, 2, 3})).isEqualTo("a abé");
    }

    @Test
    void takesItsStartTokenFromTheConfigurationBesideIt() throws IOException {
      assertThat(load("").bosToken()).hasValue(1);
      assertThat(load("{\"bos_token\": \"<unk>\"}").bosToken()).hasValue(0);
      assertThat(load("{\"bos_token\": {\"content\": \"<s>\"}}").bosToken()).hasValue(1);
      assertThat(load("{\"bos_token\": null}").bosToken()).isEmpty();
    }
  }

  @Test
  void thatIsNoneIsRefused() throws IOException {
    for (String text :
        List.of(
            "{}",
            "{\"model\": {}}",
            "{\"model\": {\"vocab\": {\"a\": -1}}}",
            "{\"model\": {\"vocab\": [7]}}",
            "{\"model\": {\"vocab\": {\"a\": 0}}}",
            "{\"model\": {\"vocab\": {\"a\": 0}}, \"added_tokens\": [{\"id\": 1}]}")) {
      Path file = Files.writeString(directory.resolve("other.json"), text);
      assertThatThrownBy(() -> HuggingFaceTokenizer.load(file))
          .as(text)
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("other.json");
    }
  }
}
