package dev.circuitscope.examples.training;

import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.Tokenizer;
import dev.circuitscope.core.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;

/** Trained models on disk. */
public final class ModelFiles {

  private ModelFiles() {}

  /**
   * Writes a model and its tokenizer, as {@code circuitscope generate} and the like find them.
   *
   * @param model what was trained
   * @param tokenizer of its text
   * @param directory made if absent
   * @throws IOException if it cannot be written
   */
  public static void save(Transformer model, Tokenizer tokenizer, Path directory)
      throws IOException {
    model.save(directory);
    Tokenizers.save(directory.resolve("tokenizer.json"), tokenizer);
  }
}
