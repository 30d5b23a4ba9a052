package dev.circuitscope.core.format;

import dev.circuitscope.core.text.Tokenizer;
import java.nio.file.Path;

final class Llama2CLoader {
  private Llama2CLoader() {}

  static boolean recognises(Path file) {
    return false;
  }

  static FoundModel load(Path file, LoadOptions options) {
    throw new UnsupportedOperationException();
  }

  static Tokenizer tokenizer(Path file, int vocab) {
    throw new UnsupportedOperationException();
  }
}
