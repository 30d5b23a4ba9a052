package dev.circuitscope.examples.model;

import dev.circuitscope.core.format.LoadOptions;
import dev.circuitscope.core.format.LoadedModel;
import dev.circuitscope.core.format.Models;
import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Rotary;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The argument MODEL of a command, and options for what its files do not say; a picocli mixin.
 *
 * <pre>{@code
 * @Mixin private ModelArgument model;
 * ...
 * LoadedModel loaded = model.load();
 * }</pre>
 */
public final class ModelArgument {

  @Parameters(
      paramLabel = "MODEL",
      description =
          "a directory or file: this library's, Hugging Face's (GPT-2, GPT-NeoX, Llama, Mistral),"
              + " TransformerLens's, nanoGPT's ckpt.pt, llama2.c's .bin")
  private Path path;

  @Option(
      names = "--context",
      paramLabel = "N",
      description = "the longest sequence, if the files do not say or for a shorter one")
  private Integer context;

  @Option(
      names = "--activation",
      paramLabel = "KIND",
      description = "what MLPs apply: ${COMPLETION-CANDIDATES}")
  private Activation activation;

  @Option(
      names = "--normalization",
      paramLabel = "KIND",
      description = "where weights do not tell: ${COMPLETION-CANDIDATES}")
  private Normalization normalization;

  @Option(
      names = "--eps",
      paramLabel = "X",
      description = "what the normalisation adds under its square root")
  private Double eps;

  @Option(
      names = "--positions",
      paramLabel = "KIND",
      description = "where weights do not tell: ${COMPLETION-CANDIDATES}")
  private Positions positions;

  @Option(
      names = "--rotary-dim",
      paramLabel = "N",
      description = "rotary positions over the first N coordinates of a head")
  private Integer rotaryDim;

  @Option(
      names = "--rotary-base",
      paramLabel = "X",
      defaultValue = "10000",
      description = "the base of rotary positions (default: ${DEFAULT-VALUE})")
  private double rotaryBase;

  @Option(
      names = "--rotary-pairs",
      paramLabel = "KIND",
      defaultValue = "HALVES",
      description = "which coordinates are a pair: ${COMPLETION-CANDIDATES} (default: HALVES)")
  private Rotary.Pairing rotaryPairs;

  @Option(
      names = "--parallel-mlp",
      arity = "1",
      paramLabel = "true|false",
      description = "whether MLPs stand beside attention instead of after it")
  private Boolean parallelMlp;

  /** For picocli, which fills in the options. */
  public ModelArgument() {}

  /**
   * Loads the model.
   *
   * @return the model, its tokenizer, and what became of its files
   * @throws IllegalArgumentException if an option is impossible or of no use for the format
   * @throws IOException if the files cannot be read, are of no known format, or need more options
   */
  public LoadedModel load() throws IOException {
    LoadOptions.Builder options = LoadOptions.builder();
    if (context != null) {
      options.context(context);
    }
    if (activation != null) {
      options.activation(activation);
    }
    if (normalization != null) {
      options.normalization(normalization);
    }
    if (eps != null) {
      options.eps(eps);
    }
    if (positions != null) {
      options.positions(positions);
    }
    if (rotaryDim != null) {
      options.rotary(new Rotary(rotaryDim, rotaryBase, rotaryPairs));
    }
    if (parallelMlp != null) {
      options.parallelMlp(parallelMlp);
    }
    return Models.load(path, options.build());
  }

  /**
   * What to print when {@link #load} fails.
   *
   * @param e what it threw
   * @return one line
   */
  public static String oneLine(Exception e) {
    String message =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getFile() + ": " + f.getReason()
            : String.valueOf(e.getMessage());
    return message.replaceAll("\\s*\\R\\s*", " ");
  }
}
