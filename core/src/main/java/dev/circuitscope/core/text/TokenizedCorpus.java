package dev.circuitscope.core.text;

import java.util.Arrays;
import java.util.Objects;

/**
 * A corpus encoded once: all documents in one row of tokens, the start token (if the tokenizer has
 * one) before each.
 *
 * <pre>{@code
 * TokenizedCorpus tokens = TokenizedCorpus.of(corpus, tokenizer);
 * int[] first = tokens.window(0, 128);
 * }</pre>
 */
public final class TokenizedCorpus {
  private final Tokenizer tokenizer;
  private final CorpusProvenance provenance;
  private final int[] tokens;
  private final int[] starts;

  private TokenizedCorpus(
      Tokenizer tokenizer, CorpusProvenance provenance, int[] tokens, int[] starts) {
    this.tokenizer = tokenizer;
    this.provenance = provenance;
    this.tokens = tokens;
    this.starts = starts;
  }

  /**
   * Encodes a corpus.
   *
   * @param corpus documents
   * @param tokenizer what to encode them with
   * @return the tokens
   * @throws IllegalArgumentException if there are no tokens, or more than 2^31 - 9
   */
  public static TokenizedCorpus of(Corpus corpus, Tokenizer tokenizer) {
    Objects.requireNonNull(tokenizer, "tokenizer");
    int[] tokens = new int[1 << 16];
    int[] starts = new int[corpus.documents().size()];
    int length = 0;
    for (int d = 0; d < starts.length; d++) {
      int[] document = tokenizer.encodeWithBos(corpus.documents().get(d).text());
      long needed = (long) length + document.length;
      if (needed > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            "tokenize corpus '%s': more than 2^31 tokens; use a part".formatted(corpus.name()));
      }
      if (needed > tokens.length) {
        long grown = Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * tokens.length));
        tokens = Arrays.copyOf(tokens, (int) grown);
      }
      System.arraycopy(document, 0, tokens, length, document.length);
      starts[d] = length;
      length += document.length;
    }
    if (length == 0) {
      throw new IllegalArgumentException(
          "tokenize corpus '%s': it has no text".formatted(corpus.name()));
    }
    return new TokenizedCorpus(
        tokenizer, corpus.provenance(), Arrays.copyOf(tokens, length), starts);
  }

  /**
   * Returns what encoded the corpus.
   *
   * @return the tokenizer
   */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * Returns what text this was.
   *
   * @return name, size and hash of the corpus
   */
  public CorpusProvenance provenance() {
    return provenance;
  }

  /**
   * Returns the number of tokens, start tokens included.
   *
   * @return length of the row
   */
  public int length() {
    return tokens.length;
  }

  /**
   * Returns one token.
   *
   * @param position place in the row
   * @return its id
   */
  public int token(int position) {
    return tokens[position];
  }

  /**
   * Returns the number of documents.
   *
   * @return documents
   */
  public int documentCount() {
    return starts.length;
  }

  /**
   * Returns the tokens of one document, its start token included.
   *
   * @param document number from 0
   * @return a copy
   */
  public int[] document(int document) {
    int end = document + 1 < starts.length ? starts[document + 1] : tokens.length;
    return Arrays.copyOfRange(tokens, starts[document], end);
  }

  /**
   * Returns successive tokens, across documents if need be.
   *
   * @param start place of the first
   * @param length how many
   * @return a copy
   * @throws IndexOutOfBoundsException if the window does not fit into the row
   */
  public int[] window(int start, int length) {
    Objects.checkFromIndexSize(start, length, tokens.length);
    return Arrays.copyOfRange(tokens, start, start + length);
  }

  /**
   * Cuts the row into successive windows that do not overlap, to measure a loss on all of it.
   *
   * @param length tokens in each
   * @return every whole window in order, [window, pos]
   * @throws IllegalArgumentException if the row is shorter than one window
   */
  public int[][] windows(int length) {
    requireLength("windows", length);
    int[][] windows = new int[tokens.length / length][];
    Arrays.setAll(windows, i -> window(i * length, length));
    return windows;
  }

  void requireLength(String operation, int length) {
    if (length < 1 || length > tokens.length) {
      throw new IllegalArgumentException(
          "%s: sequences of %d tokens cannot be taken from the %d tokens of corpus '%s'"
              .formatted(operation, length, tokens.length, provenance.name()));
    }
  }

  /** One line: name, sizes and tokenizer. */
  @Override
  public String toString() {
    return "corpus '%s' (%d documents, %d tokens: %s)"
        .formatted(provenance.name(), starts.length, tokens.length, tokenizer);
  }
}
