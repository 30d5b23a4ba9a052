package dev.circuitscope.core.text;

import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A {@code tokenizer.json} of the tokenizers library: byte-pair encodings, Unigram, WordPiece.
 *
 * <p>It is run by the library itself, through {@code ai.djl.huggingface:tokenizers}, which is an
 * optional dependency with its native code inside; nothing is downloaded. The native code is
 * unpacked once, to the directory that the property {@code ENGINE_CACHE_DIR} names or {@code
 * ~/.djl.ai}.
 *
 * <p>As in that library, the name of a special token within a text becomes that token, unlike in
 * other tokenizers of this package, and decoding is the file's own. The start token is the {@code
 * bos_token} of {@code tokenizer_config.json} beside it or, without such a file, the first there is
 * of {@code <s>}, {@code <bos>}, {@code <|begin_of_text|>} and {@code <|endoftext|>}; as in
 * TransformerLens it is added by {@link #encodeWithBos} only.
 *
 * <pre>{@code
 * Tokenizer pythia = HuggingFaceTokenizer.load(Path.of("pythia-70m/tokenizer.json"));
 * }</pre>
 */
public final class HuggingFaceTokenizer implements Tokenizer {

  private static final String LIBRARY = "ai.djl.huggingface.tokenizers.HuggingFaceTokenizer";

  /** What to do if the optional dependency is missing. */
  public static final String MISSING =
      "tokenizer.json needs the optional dependency ai.djl.huggingface:tokenizers:0.36.0;"
          + " add it to the class path";

  private final NativeTokenizer library;
  private final TokenizerVocabulary vocabulary;
  private final OptionalInt bos;

  private HuggingFaceTokenizer(
      NativeTokenizer library, TokenizerVocabulary vocabulary, OptionalInt bos) {
    this.library = library;
    this.vocabulary = vocabulary;
    this.bos = bos;
  }

  /**
   * Whether the optional dependency is on the class path.
   *
   * @return whether {@link #load} can work
   */
  public static boolean isAvailable() {
    try {
      Class.forName(LIBRARY, false, HuggingFaceTokenizer.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Loads a tokenizer.
   *
   * @param file a {@code tokenizer.json}
   * @return the tokenizer
   * @throws MalformedFileException if the file is not of that kind
   * @throws IllegalStateException if the optional dependency is missing; it names the coordinates
   * @throws IOException if the file cannot be read
   */
  public static HuggingFaceTokenizer load(Path file) throws IOException {
    if (!isAvailable()) {
      throw new IllegalStateException(MISSING);
    }
    TokenizerVocabulary vocabulary = TokenizerVocabulary.read(Json.read(file));
    OptionalInt bos = StartToken.find(file.resolveSibling("tokenizer_config.json"), vocabulary);
    return new HuggingFaceTokenizer(NativeTokenizer.load(file), vocabulary, bos);
  }

  @Override
  public int[] encode(String text) {
    TokenText.utf8(text);
    return library.encode(text);
  }

  @Override
  public String decode(int[] tokens) {
    for (int token : tokens) {
      TokenText.requireInVocabulary("decode", token, vocabSize());
    }
    return library.decode(tokens);
  }

  @Override
  public byte[] tokenBytes(int token) {
    TokenText.requireInVocabulary("token bytes", token, vocabSize());
    return vocabulary.bytes(token);
  }

  @Override
  public String tokenText(int token) {
    TokenText.requireInVocabulary("token text", token, vocabSize());
    byte[] bytes = vocabulary.bytes(token);
    return bytes.length == 0 ? vocabulary.name(token) : TokenText.label(bytes);
  }

  /** The number of tokens; ids that the file leaves out count as special tokens. */
  @Override
  public int vocabSize() {
    return vocabulary.size();
  }

  @Override
  public OptionalInt bosToken() {
    return bos;
  }

  @Override
  public String toString() {
    return "tokenizer.json (" + vocabSize() + " tokens)";
  }
}
