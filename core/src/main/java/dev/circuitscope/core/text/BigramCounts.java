package dev.circuitscope.core.text;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How often each token follows each other one. Only pairs that occur take memory.
 *
 * <pre>{@code
 * BigramCounts bigrams = BigramCounts.of(corpus);
 * bigrams.entropy();                          // nats: what a model of bigrams cannot get below
 * int[] next = bigrams.continuations(token);  // the most frequent first
 * BigramModel smooth = BigramModel.of(bigrams);
 * }</pre>
 */
public final class BigramCounts {

  private final int vocabSize;
  private final int[] rows;
  private final int[] next;
  private final int[] counts;
  private final long[] contexts;
  private final long total;

  /** {@code rows}, as {@code next} before equal ones are merged, has a start for every token. */
  private BigramCounts(int vocabSize, int[] starts, int[] unmerged) {
    this.vocabSize = vocabSize;
    this.contexts = new long[vocabSize];
    this.rows = new int[vocabSize + 1];
    int[] merged = new int[unmerged.length];
    int[] mergedCounts = new int[unmerged.length];
    int size = 0;
    for (int a = 0; a < vocabSize; a++) {
      rows[a] = size;
      contexts[a] = starts[a + 1] - starts[a];
      Arrays.sort(unmerged, starts[a], starts[a + 1]);
      for (int i = starts[a]; i < starts[a + 1]; i++) {
        if (size == rows[a] || merged[size - 1] != unmerged[i]) {
          merged[size++] = unmerged[i];
        }
        mergedCounts[size - 1]++;
      }
    }
    rows[vocabSize] = size;
    this.next = Arrays.copyOf(merged, size);
    this.counts = Arrays.copyOf(mergedCounts, size);
    this.total = unmerged.length;
  }

  /** Sees the continuations of a token. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Sees one pair.
     *
     * @param next the token that follows
     * @param count how often, at least 1
     */
    void read(int next, int count);
  }

  /**
   * Counts the pairs of a corpus within its documents; a start token counts as what its document's
   * first token follows.
   *
   * @param corpus encoded documents
   * @return the counts
   */
  public static BigramCounts of(TokenizedCorpus corpus) {
    return ofSequences(
        IntStream.range(0, corpus.documentCount()).mapToObj(corpus::document).toArray(int[][]::new),
        corpus.tokenizer().vocabSize());
  }

  /**
   * Counts the pairs of sequences, such as windows of a corpus or batches: the pairs that a model
   * is asked for when it runs on them.
   *
   * @param sequences of any lengths; not modified
   * @param vocabSize number of token ids
   * @return the counts
   * @throws IllegalArgumentException if an id is outside the vocabulary
   */
  public static BigramCounts ofSequences(int[][] sequences, int vocabSize) {
    int[] starts = new int[vocabSize + 1];
    for (int[] sequence : sequences) {
      for (int t = 0; t < sequence.length; t++) {
        TokenText.requireInVocabulary("bigram counts", sequence[t], vocabSize);
        if (t + 1 < sequence.length) {
          starts[sequence[t] + 1]++;
        }
      }
    }
    Arrays.parallelPrefix(starts, Math::addExact);
    int[] fill = starts.clone();
    int[] next = new int[starts[vocabSize]];
    for (int[] sequence : sequences) {
      for (int t = 0; t + 1 < sequence.length; t++) {
        next[fill[sequence[t]]++] = sequence[t + 1];
      }
    }
    return new BigramCounts(vocabSize, starts, next);
  }

  /**
   * Returns the number of tokens in the vocabulary.
   *
   * @return how many ids there are
   */
  public int vocabSize() {
    return vocabSize;
  }

  /**
   * Returns how many pairs were counted.
   *
   * @return sum of the counts
   */
  public long total() {
    return total;
  }

  /**
   * Returns how many different pairs there are.
   *
   * @return number of counts above 0
   */
  public int distinct() {
    return next.length;
  }

  /**
   * Returns how often a token is followed by any.
   *
   * @param token the first of a pair
   * @return its count
   * @throws IllegalArgumentException if the id is outside the vocabulary
   */
  public long count(int token) {
    requireToken(token);
    return contexts[token];
  }

  /**
   * Returns how often a pair occurs.
   *
   * @param token the first
   * @param following the second
   * @return its count
   * @throws IllegalArgumentException if an id is outside the vocabulary
   */
  public int count(int token, int following) {
    requireToken(token);
    requireToken(following);
    int at = Arrays.binarySearch(next, rows[token], rows[token + 1], following);
    return at < 0 ? 0 : counts[at];
  }

  /**
   * Shows all that follow a token, in order of their ids.
   *
   * @param token the first of the pairs
   * @param reader sees each different one once
   * @throws IllegalArgumentException if the id is outside the vocabulary
   */
  public void forEach(int token, Reader reader) {
    requireToken(token);
    for (int i = rows[token]; i < rows[token + 1]; i++) {
      reader.read(next[i], counts[i]);
    }
  }

  /**
   * Returns what follows a token, the most frequent first, ties by id.
   *
   * @param token the first of the pairs
   * @return token ids
   * @throws IllegalArgumentException if the id is outside the vocabulary
   */
  public int[] continuations(int token) {
    requireToken(token);
    return IntStream.range(rows[token], rows[token + 1])
        .boxed()
        .sorted(Comparator.comparingInt((Integer i) -> -counts[i]))
        .mapToInt(i -> next[i])
        .toArray();
  }

  /**
   * Returns the tokens that are followed by others, the most frequent first, ties by id.
   *
   * @return token ids
   */
  public int[] byFrequency() {
    return TokenFrequencies.ofCounts(contexts).byFrequency();
  }

  /**
   * Returns the conditional entropy of these pairs, -sum c(a, b) ln(c(a, b) / c(a)) / sum c: the
   * least mean loss on them of any prediction from the current token alone. On text that was not
   * counted, every prediction does worse; see {@link BigramModel#crossEntropy}.
   *
   * @return nats a pair; 0 when nothing was counted
   */
  public double entropy() {
    double sum = 0;
    for (int a = 0; a < vocabSize; a++) {
      for (int i = rows[a]; i < rows[a + 1]; i++) {
        sum -= counts[i] * Math.log((double) counts[i] / contexts[a]);
      }
    }
    return total == 0 ? 0 : sum / total;
  }

  private void requireToken(int token) {
    TokenText.requireInVocabulary("bigram counts", token, vocabSize);
  }

  /** One line: how many pairs. */
  @Override
  public String toString() {
    return "%d bigrams, %d different, over %d tokens".formatted(total, next.length, vocabSize);
  }
}
