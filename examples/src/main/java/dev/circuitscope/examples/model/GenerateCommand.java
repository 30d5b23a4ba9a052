package dev.circuitscope.examples.model;

import dev.circuitscope.core.format.LoadedModel;
import dev.circuitscope.core.generate.Generation;
import dev.circuitscope.core.generate.GenerationOptions;
import dev.circuitscope.core.generate.Generator;
import dev.circuitscope.core.generate.Sampling;
import dev.circuitscope.core.text.Tokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code circuitscope generate MODEL}. */
@Command(
    name = "generate",
    description = "Lets a model continue a text, and prints it as it comes.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the text was written", "2:the files or an option cannot be used"})
public final class GenerateCommand implements Callable<Integer> {

  private static final int WRITTEN = 0;
  private static final int BAD_INPUT = 2;

  @Spec private CommandSpec spec;

  @Mixin private ModelArgument model;

  @Option(names = "--prompt", paramLabel = "TEXT", description = "the text to continue")
  private String prompt;

  @Option(
      names = "--tokens",
      paramLabel = "ID",
      split = ",",
      description = "the tokens to continue, instead of a text: 1,2,3")
  private int[] tokens;

  @Option(
      names = "--max-new",
      paramLabel = "N",
      defaultValue = "50",
      description = "tokens to write at most (default: ${DEFAULT-VALUE})")
  private int maxNew;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "what logits are divided by; 0 is greedy (default: 1)")
  private Double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "draw from the K most likely tokens (default: all)")
  private Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "draw from the fewest tokens that have probability P (default: 1)")
  private Double topP;

  @Option(names = "--greedy", description = "take the most likely token each time")
  private boolean greedy;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "seed of the draws (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "1",
      description = "how many texts (default: ${DEFAULT-VALUE})")
  private int samples;

  @Option(
      names = "--stop",
      paramLabel = "ID",
      split = ",",
      description = "end a text at this token; several: 1,2,3")
  private int[] stop = {};

  @Option(
      names = "--stats",
      description = "print speed, log-probability and why it stopped to standard error")
  private boolean stats;

  /** For picocli, which fills in the options. */
  public GenerateCommand() {}

  /**
   * Loads the model and writes.
   *
   * @return 0, or 2 if the files or an option cannot be used
   */
  @Override
  public Integer call() {
    try {
      require((prompt == null) != (tokens == null), "give either --prompt or --tokens");
      require(samples >= 1, "--samples must be at least 1, was " + samples);
      GenerationOptions options =
          GenerationOptions.of(maxNew).withSampling(sampling()).stoppingAt(stop);
      LoadedModel loaded = model.load();
      Optional<Tokenizer> tokenizer = loaded.tokenizer();
      int[] start = start(loaded);
      Generator generator =
          tokenizer
              .map(t -> Generator.of(loaded.transformer(), t))
              .orElseGet(() -> Generator.of(loaded.transformer()));
      String shown = prompt != null ? prompt : text(tokenizer, start);
      for (int sample = 0; sample < samples; sample++) {
        write(generator, start, shown, options.fromExample(sample), tokenizer.isPresent());
      }
      return WRITTEN;
    } catch (IOException | IllegalArgumentException e) {
      spec.commandLine().getOut().flush();
      spec.commandLine().getErr().println("generate: " + ModelArgument.oneLine(e));
      spec.commandLine().getErr().flush();
      return BAD_INPUT;
    }
  }

  private Sampling sampling() {
    if (greedy) {
      require(
          temperature == null && topK == null && topP == null,
          "--greedy does not go with --temperature, --top-k and --top-p");
      return Sampling.greedy();
    }
    Sampling sampling = Sampling.random(seed);
    if (temperature != null) {
      sampling = sampling.withTemperature(temperature);
    }
    if (topK != null) {
      sampling = sampling.withTopK(topK);
    }
    return topP == null ? sampling : sampling.withTopP(topP);
  }

  private int[] start(LoadedModel loaded) {
    if (tokens != null) {
      for (int token : tokens) {
        int size = loaded.transformer().config().dVocab();
        require(
            token >= 0 && token < size,
            "token %d is outside the vocabulary, ids 0 to %d".formatted(token, size - 1));
      }
      return tokens;
    }
    require(
        loaded.tokenizer().isPresent(),
        "the model has no tokenizer (%s); give --tokens".formatted(loaded.tokenizerOrigin()));
    return loaded.requireTokenizer().encodeWithBos(prompt);
  }

  private static String text(Optional<Tokenizer> tokenizer, int[] tokens) {
    return tokenizer
        .filter(t -> Arrays.stream(tokens).allMatch(id -> id < t.vocabSize()))
        .map(t -> t.decode(tokens))
        .orElseGet(() -> ids(tokens));
  }

  private void write(
      Generator generator, int[] start, String shown, GenerationOptions options, boolean asText) {
    PrintWriter out = spec.commandLine().getOut();
    if (samples > 1) {
      out.printf("== %d of %d%n", options.firstExample() + 1, samples);
    }
    long began = System.nanoTime();
    List<Generation> written =
        generator.generate(
            new int[][] {start},
            options,
            token -> {
              if (token.step() == 0) {
                out.print(shown);
              }
              out.print(asText ? token.text() : " " + token.token());
              out.flush();
            });
    Generation generation = written.get(0);
    if (generation.newTokens().isEmpty()) {
      out.print(shown);
    }
    out.println();
    out.flush();
    if (stats) {
      report(generation, (System.nanoTime() - began) * 1e-9);
    }
  }

  private void report(Generation generation, double seconds) {
    int n = generation.newTokens().size();
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "%d tokens after %d, %s: %.1f tokens/s, %.3f nats, stopped by %s%n",
        n,
        generation.prompt().size(),
        generation.sampling(),
        n / seconds,
        generation.logProbability(),
        generation.stopReason().label());
    err.flush();
  }

  private static String ids(int[] tokens) {
    return Arrays.stream(tokens).mapToObj(String::valueOf).collect(Collectors.joining(" "));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
