package dev.circuitscope.core.format;

import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Loads a model of any format that this library knows, telling by the files which one it is.
 *
 * <table>
 * <caption>What is recognised</caption>
 * <tr><th>path</th><th>format</th></tr>
 * <tr><td>directory or file of {@code Transformer.save}</td><td>this library's own</td></tr>
 * <tr><td>directory with a {@code config.json} that has a {@code model_type}, and {@code
 * model.safetensors} or {@code pytorch_model.bin}, in one file or with an index</td>
 * <td>Hugging Face: gpt2, gpt_neox, llama, mistral</td></tr>
 * <tr><td>file of tensors ({@code .safetensors}, {@code .npz}, {@code .pth}) with {@code
 * embed.W_E}, or a directory with just one</td><td>TransformerLens</td></tr>
 * <tr><td>{@code ckpt.pt} with {@code model} and {@code model_args}</td><td>nanoGPT</td></tr>
 * <tr><td>{@code .bin} with llama2.c's header, {@code tokenizer.bin} beside it</td>
 * <td>llama2.c</td></tr>
 * </table>
 *
 * <pre>{@code
 * LoadedModel pythia = Models.load(Path.of("pythia-70m"));
 * int[] tokens = pythia.requireTokenizer().encodeWithBos("Hello");
 * INDArray logits = pythia.transformer().run(new int[][] {tokens});
 * }</pre>
 *
 * <p>Nothing is downloaded, no code in a file is run, and weights are taken as they are: what
 * TransformerLens does to weights when it loads them (folding LayerNorm, centring) is a step of its
 * own. Every tensor of a file is used exactly once or known to be without effect; missing, unknown
 * and misshapen ones are an error that names them all.
 */
public final class Models {

  private Models() {}

  /**
   * Loads a model.
   *
   * @param path a directory or a file
   * @return the model, its tokenizer, and what became of the files
   * @throws MalformedFileException if the format is not known, or the files break it
   * @throws IOException if a file is missing or cannot be read
   */
  public static LoadedModel load(Path path) throws IOException {
    return load(path, LoadOptions.none());
  }

  /**
   * Loads a model whose files do not say everything about it.
   *
   * @param path a directory or a file
   * @param options what the files do not say
   * @return the model, its tokenizer, and what became of the files
   * @throws MalformedFileException if the format is not known, the files break it, or options are
   *     missing, which it names
   * @throws IllegalArgumentException if an option is given that the format has no use for
   * @throws IOException if a file is missing or cannot be read
   */
  public static LoadedModel load(Path path, LoadOptions options) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString(), null, "there is no such file or directory");
    }
    boolean isDirectory = Files.isDirectory(path);
    FoundModel found = isDirectory ? inDirectory(path, options) : inFile(path, options);
    Path directory = isDirectory ? path : path.toAbsolutePath().getParent();
    TokenizerChoice tokenizer =
        TokenizerChoice.of(directory, options, found.transformer().config(), found.format());
    return new LoadedModel(
        found.transformer(),
        found.format(),
        path,
        tokenizer.tokenizer(),
        tokenizer.origin(),
        found.ignored(),
        found.notes());
  }

  private static FoundModel inDirectory(Path directory, LoadOptions options) throws IOException {
    if (HuggingFaceLoader.describes(directory.resolve(HuggingFaceLoader.CONFIG))) {
      return HuggingFaceLoader.load(directory, options);
    }
    List<Path> candidates;
    try (Stream<Path> files = Files.list(directory)) {
      candidates = files.filter(Models::mayHoldTensors).sorted().toList();
    }
    if (candidates.size() != 1) {
      throw unknown(
          directory,
          (candidates.isEmpty()
                  ? "it has no file of tensors"
                  : "it has several files of tensors, " + names(candidates) + "; name one of them")
              + ", and no config.json with a model_type");
    }
    return inFile(candidates.get(0), options);
  }

  private static boolean mayHoldTensors(Path file) {
    String name = file.getFileName().toString();
    return !name.equals(TokenizerChoice.LLAMA2_C_FILE)
        && Files.isRegularFile(file)
        && Stream.of(".safetensors", ".npz", ".pt", ".pth", ".bin").anyMatch(name::endsWith);
  }

  private static FoundModel inFile(Path file, LoadOptions options) throws IOException {
    Path config = file.resolveSibling(HuggingFaceLoader.CONFIG);
    if (HuggingFaceLoader.TENSORS.contains(file.getFileName().toString())
        && HuggingFaceLoader.describes(config)) {
      return HuggingFaceLoader.load(config, file, options);
    }
    if (TensorFiles.kind(file) == TensorFiles.Kind.OTHER) {
      if (file.toString().endsWith(".bin")) {
        try {
          return Llama2CLoader.load(file, options);
        } catch (MalformedFileException e) {
          throw unknown(file, "read as a checkpoint of llama2.c, " + e.problem());
        }
      }
      throw unknown(file, "it is neither safetensors, .npz, a PyTorch checkpoint nor a .bin");
    }
    NamedTensors tensors =
        TensorFiles.read(file, name -> !name.startsWith(NanoGptLoader.OPTIMIZER));
    if (NanoGptLoader.recognises(tensors)) {
      return NanoGptLoader.load(file, tensors, options);
    }
    NamedTensors state = TransformerLensLoader.stateDictionary(tensors);
    if (state.contains(TransformerLensLoader.MARK)) {
      return TransformerLensLoader.load(file, state, options);
    }
    throw unknown(
        file,
        "its tensors have neither TransformerLens's names (%s) nor nanoGPT's, and no config.json with a model_type is beside it. It has %s"
            .formatted(TransformerLensLoader.MARK, someOf(tensors)));
  }

  private static MalformedFileException unknown(Path path, String why) {
    return new MalformedFileException(
        path.toString(),
        -1,
        "not a model in a known format: %s. Known are %s"
            .formatted(why, String.join(", ", labels())));
  }

  private static List<String> labels() {
    return Stream.of(ModelFormat.values()).map(ModelFormat::label).toList();
  }

  private static List<String> names(List<Path> files) {
    return files.stream().map(f -> f.getFileName().toString()).toList();
  }

  private static String someOf(NamedTensors tensors) {
    List<String> first = tensors.names().stream().limit(5).toList();
    return tensors.size() + " tensors, the first of them " + first;
  }
}
