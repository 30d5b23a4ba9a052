package dev.circuitscope.core.text;

import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * Random tokens that repeat, on which nothing but copying can predict: what induction heads are
 * measured on. A sequence is an optional start token, a prefix of random tokens, and a random block
 * repeated to the end.
 *
 * <pre>{@code
 * TokenSampler tokens = TokenSampler.uniform(1000, 20_000);
 * RepeatedSequences twice =                                      // start token, block, block
 *     RandomRepeats.ofBlocks(tokens, 50, 2).startingWith(50256).generate(8, 1L);
 * RepeatedSequences anywhere =                                   // blocks at random places
 *     RandomRepeats.atRandomPlaces(tokens, 128).generate(8, 1L);
 * }</pre>
 *
 * @param tokens what to draw
 * @param length tokens in a sequence, without the start token
 * @param periods lengths of the block to draw from
 * @param prefixes lengths of the prefix to draw from
 * @param bos start token, if sequences have one
 * @param distinct whether the tokens of prefix and block are all different, so that a repeated
 *     token has one earlier place only in each earlier block
 */
public record RandomRepeats(
    TokenSampler tokens,
    int length,
    IntRange periods,
    IntRange prefixes,
    OptionalInt bos,
    boolean distinct) {

  private static final long PURPOSE = 0x52414e44L; // "RAND"

  /** No step of a training: what heads are measured on is not what they were trained on. */
  private static final long EVALUATION = -1;

  /**
   * Checks that every sequence has room for a block and a repetition of all of it.
   *
   * @param tokens what to draw
   * @param length tokens in a sequence, without the start token
   * @param periods lengths of the block
   * @param prefixes lengths of the prefix
   * @param bos start token, if any
   * @param distinct whether the tokens of prefix and block are all different
   * @throws IllegalArgumentException if it has not, or there are too few different tokens
   */
  public RandomRepeats {
    if (periods.min() < 1 || (long) prefixes.max() + 2L * periods.max() > length) {
      throw new IllegalArgumentException(
          "random repeats: a prefix of %s and two blocks of %s tokens do not fit into %d"
              .formatted(prefixes, periods, length));
    }
    if (distinct && prefixes.max() + periods.max() > tokens.size()) {
      throw new IllegalArgumentException(
          "random repeats: %d different tokens do not suffice for a prefix of %s and a block of %s"
              .formatted(tokens.size(), prefixes, periods));
    }
    bos.ifPresent(token -> TokenText.requireInVocabulary("random repeats", token, 1 << 30));
  }

  /**
   * Repeats a block of fixed length from the first position on.
   *
   * @param tokens what to draw
   * @param period tokens in the block
   * @param repeats how often the block stands there, at least 2
   * @return options without a start token
   */
  public static RandomRepeats ofBlocks(TokenSampler tokens, int period, int repeats) {
    return new RandomRepeats(
        tokens,
        Math.multiplyExact(period, repeats),
        IntRange.of(period),
        IntRange.of(0),
        OptionalInt.empty(),
        false);
  }

  /**
   * Repeats blocks of random length after prefixes of random length, so that a head which attends a
   * fixed distance back cannot pass for an induction head. Blocks take an eighth to a third of the
   * sequence, prefixes up to a third.
   *
   * @param tokens what to draw
   * @param length tokens in a sequence, at least 3
   * @return options without a start token
   */
  public static RandomRepeats atRandomPlaces(TokenSampler tokens, int length) {
    int third = length / 3;
    return new RandomRepeats(
        tokens,
        length,
        new IntRange(Math.max(1, Math.min(third, length / 8)), Math.max(1, third)),
        new IntRange(0, third),
        OptionalInt.empty(),
        false);
  }

  /**
   * Puts a start token before every sequence, which grows by one.
   *
   * @param token start token
   * @return new options
   */
  public RandomRepeats startingWith(int token) {
    return new RandomRepeats(tokens, length, periods, prefixes, OptionalInt.of(token), distinct);
  }

  /**
   * Puts the start token of a tokenizer, if it has one, before every sequence.
   *
   * @param tokenizer where the start token comes from
   * @return new options
   */
  public RandomRepeats startingAs(Tokenizer tokenizer) {
    return new RandomRepeats(tokens, length, periods, prefixes, tokenizer.bosToken(), distinct);
  }

  /**
   * Makes the tokens of prefix and block all different.
   *
   * @return new options
   */
  public RandomRepeats withDistinctTokens() {
    return new RandomRepeats(tokens, length, periods, prefixes, bos, true);
  }

  /**
   * Draws block lengths from another range.
   *
   * @param range tokens in a block
   * @return new options
   */
  public RandomRepeats withPeriods(IntRange range) {
    return new RandomRepeats(tokens, length, range, prefixes, bos, distinct);
  }

  /**
   * Draws prefix lengths from another range.
   *
   * @param range tokens in a prefix
   * @return new options
   */
  public RandomRepeats withPrefixes(IntRange range) {
    return new RandomRepeats(tokens, length, periods, range, bos, distinct);
  }

  /**
   * Returns the number of tokens in a sequence, the start token included.
   *
   * @return sequence length
   */
  public int sequenceLength() {
    return length + bosLength();
  }

  /**
   * Draws sequences. Sequence b depends on the seed and b only.
   *
   * @param batch how many
   * @param seed decides the tokens, periods and prefixes
   * @return the sequences, and where their blocks are
   */
  public RepeatedSequences generate(int batch, long seed) {
    int[][] sequences = new int[batch][sequenceLength()];
    int[] period = new int[batch];
    int[] offset = new int[batch];
    for (int b = 0; b < batch; b++) {
      SplittableRandom random = Seeds.random(seed, PURPOSE, EVALUATION, b);
      int prefix = prefixes.draw(random);
      period[b] = periods.draw(random);
      offset[b] = bosLength() + prefix;
      fill(sequences[b], prefix, period[b], random);
    }
    return new RepeatedSequences(sequences, period, offset);
  }

  int[] sequence(long seed, long step, int row) {
    SplittableRandom random = Seeds.random(seed, PURPOSE, step, row);
    int[] sequence = new int[sequenceLength()];
    int prefix = prefixes.draw(random);
    fill(sequence, prefix, periods.draw(random), random);
    return sequence;
  }

  private void fill(int[] sequence, int prefix, int period, SplittableRandom random) {
    bos.ifPresent(token -> sequence[0] = token);
    int first = bosLength();
    int fresh = prefix + period;
    if (distinct) {
      System.arraycopy(tokens.drawDistinct(fresh, random), 0, sequence, first, fresh);
    } else {
      for (int i = first; i < first + fresh; i++) {
        sequence[i] = tokens.draw(random);
      }
    }
    for (int i = first + fresh; i < sequence.length; i++) {
      sequence[i] = sequence[i - period];
    }
  }

  private int bosLength() {
    return bos.isPresent() ? 1 : 0;
  }

  @Override
  public String toString() {
    return "%srandom blocks of %s tokens repeated to %d%s, drawn from %s"
        .formatted(
            distinct ? "distinct " : "",
            periods,
            sequenceLength(),
            prefixes.max() == 0 ? "" : " after a prefix of " + prefixes,
            tokens);
  }
}
