package dev.circuitscope.core.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.circuitscope.core.io.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** The only class that knows the optional dependency; load it when that is there. */
final class NativeTokenizer {

  private static final String OFFLINE = "ai.djl.offline";

  private final HuggingFaceTokenizer tokenizer;

  private NativeTokenizer(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Loads a file without its truncation and padding. DJL reports its first use over the network,
   * and may look for a CUDA build, unless it is told to stay offline.
   */
  static synchronized NativeTokenizer load(Path file) throws IOException {
    String before = System.getProperty(OFFLINE);
    System.setProperty(OFFLINE, "true");
    try {
      return new NativeTokenizer(
          HuggingFaceTokenizer.newInstance(
              file, Map.of("truncation", "false", "padding", "false")));
    } catch (RuntimeException e) {
      throw new MalformedFileException(
          file.toString(), -1, "the tokenizers library refuses it: " + e.getMessage());
    } finally {
      if (before == null) {
        System.clearProperty(OFFLINE);
      } else {
        System.setProperty(OFFLINE, before);
      }
    }
  }

  int[] encode(String text) {
    long[] ids = tokenizer.encode(text, false, false).getIds();
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }

  String decode(int[] tokens) {
    return tokenizer.decode(Arrays.stream(tokens).asLongStream().toArray(), false);
  }
}
