package dev.circuitscope.core.text;

import dev.circuitscope.core.io.AtomicFiles;
import dev.circuitscope.core.io.MalformedFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The tokenizer of llama2.c: SentencePiece's byte-pair encoding by scores, in the {@code
 * tokenizer.bin} that comes with a model.
 *
 * <p>A text gets a space in front and becomes one token per code point; a code point that the
 * vocabulary lacks becomes the bytes of its UTF-8, as ids 3 to 258. Then the two neighbours whose
 * joint text has the highest score are merged, the leftmost of several, until none can be. Token 0
 * is the unknown token, 1 the start and 2 the end.
 *
 * <p>Decoding drops one space behind the start token, so that {@code decode(encodeWithBos(text))}
 * is the start token's name and then the text.
 *
 * <pre>{@code
 * Tokenizer tokenizer = Llama2cTokenizer.read(Path.of("tokenizer.bin"));
 * int[] ids = tokenizer.encodeWithBos("Once upon a time");       // [1, 9038, 2501, 263, 931]
 * }</pre>
 */
public final class Llama2cTokenizer implements Tokenizer {
  private static final int UNKNOWN = 0;
  private static final int BOS = 1;
  private static final int EOS = 2;
  private static final int FIRST_BYTE = 3;
  private static final int FIRST_PIECE = FIRST_BYTE + 256;
  private static final long MAX_FILE = 1 << 28;

  private final List<ScoredPiece> pieces;
  private final Map<String, Integer> idOf = new HashMap<>();
  private final PieceMerger merger;

  private Llama2cTokenizer(List<ScoredPiece> pieces) {
    this.pieces = List.copyOf(pieces);
    for (int id = 0; id < pieces.size(); id++) {
      idOf.putIfAbsent(pieces.get(id).latin(), id);
    }
    this.merger = new PieceMerger(this.pieces, idOf);
  }

  /**
   * Reads a vocabulary to the end of the file.
   *
   * @param file a {@code tokenizer.bin}
   * @return the tokenizer
   * @throws MalformedFileException if it is truncated, a length or score is impossible, or it has
   *     fewer tokens than the 259 that every vocabulary begins with
   * @throws IOException if the file is missing or cannot be read
   */
  public static Llama2cTokenizer read(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE) {
      throw new MalformedFileException(file.toString(), -1, "too large for a vocabulary");
    }
    return read(Files.readAllBytes(file), file.toString());
  }

  /**
   * Reads a vocabulary of known size.
   *
   * @param file a {@code tokenizer.bin}
   * @param vocabSize number of tokens, as the model's header has it
   * @return the tokenizer
   * @throws MalformedFileException as above, or if the file has another number of tokens
   * @throws IOException if the file is missing or cannot be read
   */
  public static Llama2cTokenizer read(Path file, int vocabSize) throws IOException {
    Llama2cTokenizer tokenizer = read(file);
    if (tokenizer.vocabSize() != vocabSize) {
      throw new MalformedFileException(
          file.toString(),
          -1,
          "a vocabulary of %d tokens; the model has %d"
              .formatted(tokenizer.vocabSize(), vocabSize));
    }
    return tokenizer;
  }

  /**
   * Reads bytes in memory.
   *
   * @param content a whole {@code tokenizer.bin}
   * @param name name for error messages
   * @return the tokenizer
   * @throws MalformedFileException as for a file
   */
  public static Llama2cTokenizer read(byte[] content, String name) throws MalformedFileException {
    List<ScoredPiece> pieces = ScoredPiece.read(content, name);
    if (pieces.size() < FIRST_PIECE) {
      throw new MalformedFileException(
          name,
          content.length,
          "%d tokens; every vocabulary begins with %d: unknown, start, end and the bytes"
              .formatted(pieces.size(), FIRST_PIECE));
    }
    return new Llama2cTokenizer(pieces);
  }

  /**
   * Writes the vocabulary as llama2.c has it, atomically.
   *
   * @param file target, replaced if it exists
   * @throws IOException if writing fails; the target is then untouched
   */
  public void write(Path file) throws IOException {
    AtomicFiles.write(file, ScoredPiece.write(pieces));
  }

  @Override
  public int[] encode(String text) {
    if (text.isEmpty()) {
      return new int[0];
    }
    byte[] bytes = TokenText.utf8(" " + text);
    int[] tokens = new int[bytes.length];
    int count = 0;
    for (int start = 0, end; start < bytes.length; start = end) {
      end = start + 1;
      while (end < bytes.length && (bytes[end] & 0xC0) == 0x80) {
        end++;
      }
      Integer id = idOf.get(ScoredPiece.latin(bytes, start, end));
      if (id != null) {
        tokens[count++] = id;
      } else {
        for (int i = start; i < end; i++) {
          tokens[count++] = FIRST_BYTE + (bytes[i] & 0xff);
        }
      }
    }
    return merger.merge(Arrays.copyOf(tokens, count));
  }

  @Override
  public String decode(int[] tokens) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int previous = UNKNOWN;
    for (int token : tokens) {
      byte[] bytes = tokenBytes(token);
      if (token < FIRST_BYTE) {
        String label = token == UNKNOWN ? TokenText.REPLACEMENT : tokenText(token);
        bytes = label.getBytes(StandardCharsets.UTF_8);
      }
      boolean drop = previous == BOS && bytes.length > 0 && bytes[0] == ' ';
      all.write(bytes, drop ? 1 : 0, bytes.length - (drop ? 1 : 0));
      previous = token;
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] tokenBytes(int token) {
    TokenText.requireInVocabulary("token bytes", token, vocabSize());
    return token < FIRST_BYTE ? new byte[0] : pieces.get(token).spokenBytes();
  }

  @Override
  public String tokenText(int token) {
    TokenText.requireInVocabulary("token text", token, vocabSize());
    String label =
        switch (token) {
          case UNKNOWN -> TokenText.UNKNOWN;
          case BOS -> TokenText.BOS;
          case EOS -> "<EOS>";
          default -> TokenText.label(pieces.get(token).spokenBytes());
        };
    return label.isEmpty() ? "<" + token + ">" : label;
  }

  /**
   * Returns the score of a token; of two merges the one with the higher score comes first.
   *
   * @param token token id
   * @return its score, usually the negative of its rank
   * @throws IllegalArgumentException if the id is outside the vocabulary
   */
  public float score(int token) {
    TokenText.requireInVocabulary("token score", token, vocabSize());
    return pieces.get(token).score();
  }

  @Override
  public int vocabSize() {
    return pieces.size();
  }

  @Override
  public OptionalInt bosToken() {
    return OptionalInt.of(BOS);
  }

  /**
   * Returns the token behind a finished text.
   *
   * @return its id
   */
  public int eosToken() {
    return EOS;
  }

  @Override
  public String toString() {
    return "llama2.c (%d tokens)".formatted(vocabSize());
  }
}
