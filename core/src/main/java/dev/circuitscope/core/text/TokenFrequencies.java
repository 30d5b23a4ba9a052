package dev.circuitscope.core.text;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** How often each token of a vocabulary occurs. Start tokens between documents do not count. */
public final class TokenFrequencies {
  private final long[] counts;
  private final long total;

  private TokenFrequencies(long[] counts) {
    this.counts = counts;
    this.total = Arrays.stream(counts).sum();
  }

  /**
   * Counts the tokens of a corpus.
   *
   * @param corpus encoded documents
   * @return the counts
   */
  public static TokenFrequencies of(TokenizedCorpus corpus) {
    long[] counts = new long[corpus.tokenizer().vocabSize()];
    for (int i = 0; i < corpus.length(); i++) {
      counts[corpus.token(i)]++;
    }
    corpus.tokenizer().bosToken().ifPresent(bos -> counts[bos] = 0);
    return new TokenFrequencies(counts);
  }

  /**
   * Takes counts at hand.
   *
   * @param counts one for each token of the vocabulary; copied
   * @return the counts
   * @throws IllegalArgumentException if one is negative
   */
  public static TokenFrequencies ofCounts(long[] counts) {
    if (Arrays.stream(counts).anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException("token frequencies: a count is negative");
    }
    return new TokenFrequencies(counts.clone());
  }

  /**
   * Returns the number of tokens in the vocabulary.
   *
   * @return how many counts there are
   */
  public int vocabSize() {
    return counts.length;
  }

  /**
   * Returns how often a token occurs.
   *
   * @param token token id
   * @return its count
   * @throws IllegalArgumentException if the id is outside the vocabulary
   */
  public long count(int token) {
    TokenText.requireInVocabulary("token count", token, counts.length);
    return counts[token];
  }

  /**
   * Returns how many tokens were counted.
   *
   * @return sum of the counts
   */
  public long total() {
    return total;
  }

  /**
   * Returns the tokens that occur, the most frequent first, ties by id.
   *
   * @return token ids
   */
  public int[] byFrequency() {
    return IntStream.range(0, counts.length)
        .filter(token -> counts[token] > 0)
        .boxed()
        .sorted(Comparator.comparingLong((Integer token) -> -counts[token]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * Returns the entropy of the frequencies, -sum p ln p: the loss of the best model that ignores
   * its context.
   *
   * @return entropy in nats; 0 when nothing was counted
   */
  public double entropy() {
    double sum = 0;
    for (long count : counts) {
      if (count > 0) {
        double p = (double) count / total;
        sum -= p * Math.log(p);
      }
    }
    return sum;
  }
}
