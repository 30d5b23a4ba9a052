package dev.circuitscope.core.text;

import java.util.SplittableRandom;

/**
 * Blocks of real tokens, each repeated until its window is full: a block of random period, entered
 * at a random offset. Every token from the second pass on can be predicted by copying, which is
 * what induction heads do; a share of such windows among plain text ({@link MixtureBatches}) makes
 * a small model form them early.
 *
 * <p>A block is a passage from a random place of the corpus, or, {@link #scattered}, tokens from as
 * many random places: then nothing but the repetition predicts them, and heads form sooner still.
 */
public final class RepeatedTextBatches implements BatchSource {
  private static final long PURPOSE = 0x52455045L; // "REPE"
  private static final int SHORTEST = 8;

  private final TokenizedCorpus corpus;
  private final BatchShape shape;
  private final IntRange periods;
  private final boolean scattered;

  private RepeatedTextBatches(
      TokenizedCorpus corpus, BatchShape shape, IntRange periods, boolean scattered) {
    if (periods.min() < 1) {
      throw new IllegalArgumentException(
          "repeated text: period %d must be positive".formatted(periods.min()));
    }
    corpus.requireLength("repeated text", periods.max());
    this.corpus = corpus;
    this.shape = shape;
    this.periods = periods;
    this.scattered = scattered;
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
        corpus, shape, new IntRange(Math.min(SHORTEST, longest), longest), false);
  }

  /**
   * Returns a source with other periods.
   *
   * @param range tokens in a block, drawn uniformly
   * @return a new source
   * @throws IllegalArgumentException if a period is 0 or longer than the corpus
   */
  public RepeatedTextBatches withPeriods(IntRange range) {
    return new RepeatedTextBatches(corpus, shape, range, scattered);
  }

  /**
   * Returns a source whose blocks are made of tokens from random places of the corpus, each from
   * its own, instead of passages.
   *
   * @return a new source
   */
  public RepeatedTextBatches scattered() {
    return new RepeatedTextBatches(corpus, shape, periods, true);
  }

  /**
   * Returns the same windows with their first token left as it is.
   *
   * @return a new source
   */
  public RepeatedTextBatches withoutBos() {
    return new RepeatedTextBatches(corpus, shape.withoutBos(), periods, scattered);
  }

  @Override
  public int[] sequence(long step, int row) {
    SplittableRandom random = shape.random(PURPOSE, step, row);
    int[] block = new int[periods.draw(random)];
    int place = random.nextInt(corpus.length() - block.length + 1);
    int offset = random.nextInt(block.length);
    for (int i = 0; i < block.length; i++) {
      block[i] = corpus.token(scattered ? random.nextInt(corpus.length()) : place + i);
    }
    int[] sequence = new int[shape.length()];
    for (int i = 0; i < sequence.length; i++) {
      sequence[i] = block[(offset + i) % block.length];
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
    return "%s repeated blocks (period %s) of %s from %s"
        .formatted(shape, periods, scattered ? "tokens from random places" : "text", corpus);
  }
}
