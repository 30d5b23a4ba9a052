package dev.circuitscope.core.format;

import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.Gpt2Tokenizer;
import dev.circuitscope.core.text.HuggingFaceTokenizer;
import dev.circuitscope.core.text.Llama2cTokenizer;
import dev.circuitscope.core.text.Tokenizer;
import dev.circuitscope.core.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which tokenizer a model has: that of the options, of a {@code tokenizer.json} beside its tensors,
 * of llama2.c's {@code tokenizer.bin}, or GPT-2's if the size of the vocabulary says so.
 *
 * @param tokenizer if there is one
 * @param origin where it is from, or why there is none
 */
record TokenizerChoice(Optional<Tokenizer> tokenizer, String origin) {

  static final String LLAMA2_C_FILE = "tokenizer.bin";
  private static final String JSON_FILE = "tokenizer.json";

  /** nanoGPT pads GPT-2's vocabulary to a multiple of 64. */
  private static final int GPT2_PADDED = 50304;

  static TokenizerChoice of(
      Path directory, LoadOptions options, TransformerConfig config, ModelFormat format)
      throws IOException {
    if (options.tokenizer().isPresent()) {
      return new TokenizerChoice(options.tokenizer(), "given as an option");
    }
    Path json = directory.resolve(JSON_FILE);
    if (Files.isRegularFile(json)) {
      return ofJson(json);
    }
    Path bin = directory.resolve(LLAMA2_C_FILE);
    if (format == ModelFormat.LLAMA2_C && Files.isRegularFile(bin)) {
      return new TokenizerChoice(
          Optional.of(Llama2cTokenizer.read(bin, config.dVocab())), LLAMA2_C_FILE);
    }
    int gpt2 = Gpt2Tokenizer.get().vocabSize();
    boolean padded = format == ModelFormat.NANO_GPT && config.dVocab() == GPT2_PADDED;
    if (config.dVocab() == gpt2 || padded) {
      return new TokenizerChoice(
          Optional.of(Gpt2Tokenizer.get()),
          "GPT-2's, as the vocabulary of %d suggests".formatted(config.dVocab()));
    }
    return new TokenizerChoice(
        Optional.empty(),
        "no %s beside the model, and its vocabulary of %d is not GPT-2's"
            .formatted(
                format == ModelFormat.LLAMA2_C ? LLAMA2_C_FILE : JSON_FILE, config.dVocab()));
  }

  /** This library's own files of that name say their version; the transformers library's do too. */
  private static TokenizerChoice ofJson(Path file) throws IOException {
    if (Json.read(file).has("type")) {
      return new TokenizerChoice(Optional.of(Tokenizers.load(file)), JSON_FILE);
    }
    if (!HuggingFaceTokenizer.isAvailable()) {
      return new TokenizerChoice(Optional.empty(), HuggingFaceTokenizer.MISSING);
    }
    return new TokenizerChoice(Optional.of(HuggingFaceTokenizer.load(file)), JSON_FILE);
  }
}
