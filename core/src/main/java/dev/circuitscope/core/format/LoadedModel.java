package dev.circuitscope.core.format;

import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model, and what became of its files.
 *
 * @param transformer the model
 * @param format what kind of files it came in
 * @param source the file or directory it was read from
 * @param tokenizer what turns text into its tokens, if that is known
 * @param tokenizerOrigin where the tokenizer is from, or why there is none
 * @param ignored tensors without effect that were left out, such as causal masks
 * @param notes what was assumed, and what users should know
 */
public record LoadedModel(
    Transformer transformer,
    ModelFormat format,
    Path source,
    Optional<Tokenizer> tokenizer,
    String tokenizerOrigin,
    List<String> ignored,
    List<String> notes) {

  /**
   * Copies the lists.
   *
   * @param transformer the model
   * @param format what kind of files it came in
   * @param source the file or directory it was read from
   * @param tokenizer what turns text into its tokens, if that is known
   * @param tokenizerOrigin where the tokenizer is from, or why there is none
   * @param ignored tensors without effect that were left out
   * @param notes what was assumed
   */
  public LoadedModel {
    ignored = List.copyOf(ignored);
    notes = List.copyOf(notes);
  }

  /**
   * The tokenizer, for callers that cannot do without.
   *
   * @return what turns text into the model's tokens
   * @throws IllegalStateException if there is none, with the reason
   */
  public Tokenizer requireTokenizer() {
    return tokenizer.orElseThrow(
        () -> new IllegalStateException(source + " has no tokenizer: " + tokenizerOrigin));
  }

  @Override
  public String toString() {
    return "%s, %s, tokenizer: %s".formatted(transformer, format.label(), tokenizerOrigin);
  }
}
