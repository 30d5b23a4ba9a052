package dev.circuitscope.core.text;

import java.util.SplittableRandom;

/**
 * Blocks of real text, each repeated until its window is full: a block of random period from a
 * random place of the corpus, entered at a random offset. Every token from the second pass on can
 * be predicted by copying, which is what induction heads do; a share of such windows among plain
 * text ({@link MixtureBatches}) makes a small model form them early.
 */
public final class RepeatedTextBatches implements BatchSource {
  private static final long PURPOSE = 0x52455045L; // "REPE"
  private static final int SHORTEST = 8;

  private final TokenizedCorpus corpus;
  private final BatchShape shape;
  private final IntRange periods;

  private RepeatedTextBatches(TokenizedCorpus corpus, BatchShape shape, IntRange periods) {
    if (periods.min() < 1) {
      throw new IllegalArgumentException(
          "repeated text: period %d must be positive".formatted(periods.min()));
    }
    corpus.requireLength("repeated text", periods.max());
    this.corpus = corpus;
    this.shape = shape;
    this.periods = periods;
  }

  /**
   * Makes a source with periods from 8 to half the sequence, both at most as long as the corpus.
   *
   * @param corpus where the blocks come from
   * @param batchSize sequences in a batch
   * @param sequenceLength tokens in a sequence, the start token included
   * @param seed decides periods, places and offsets
   * @return the source
   * @throws IllegalArgumentException if a size is not positive
   */
  public static RepeatedTextBatches of(
      TokenizedCorpus corpus, int batchSize, int sequenceLength, long seed) {
    BatchShape shape = BatchShape.of(corpus, batchSize, sequenceLength, seed);
    int longest = Math.max(1, Math.min(sequenceLength / 2, corpus.length()));
    return new RepeatedTextBatches(
        corpus, shape, new IntRange(Math.min(SHORTEST, longest), longest));
  }

  /**
   * Returns a source with other periods.
   *
   * @param range tokens in a block, drawn uniformly
   * @return a new source
   * @throws IllegalArgumentException if a period is 0 or longer than the corpus
   */
  public RepeatedTextBatches withPeriods(IntRange range) {
    return new RepeatedTextBatches(corpus, shape, range);
  }

  /**
   * Returns the same windows with their first token left as it is.
   *
   * @return a new source
   */
  public RepeatedTextBatches withoutBos() {
    return new RepeatedTextBatches(corpus, shape.withoutBos(), periods);
  }

  @Override
  public int[] sequence(long step, int row) {
    SplittableRandom random = shape.random(PURPOSE, step, row);
    int period = periods.draw(random);
    int place = random.nextInt(corpus.length() - period + 1);
    int offset = random.nextInt(period);
    int[] sequence = new int[shape.length()];
    for (int i = 0; i < sequence.length; i++) {
      sequence[i] = corpus.token(place + (offset + i) % period);
    }
    return shape.start(sequence);
  }

  @Override
  public int batchSize() {
    return shape.batch();
  }

  @Override
  public int sequenceLength() {
    return shape.length();
  }

  @Override
  public int vocabSize() {
    return corpus.tokenizer().vocabSize();
  }

  @Override
  public String describe() {
    return "%s repeated blocks (period %s) of text from %s".formatted(shape, periods, corpus);
  }
}
