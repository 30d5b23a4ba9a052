package dev.circuitscope.core.text;

import java.util.Arrays;

/** Fresh {@linkplain RandomRepeats repeated random tokens} at every step, to train on. */
public final class RandomRepeatBatches implements BatchSource {
  private final RandomRepeats repeats;
  private final BatchShape shape;
  private final int vocabSize;

  private RandomRepeatBatches(RandomRepeats repeats, BatchShape shape, int vocabSize) {
    this.repeats = repeats;
    this.shape = shape;
    this.vocabSize = vocabSize;
  }

  /**
   * Makes a source of repeated random tokens.
   *
   * @param repeats what the sequences look like
   * @param vocabSize size of the model's vocabulary
   * @param batchSize sequences in a batch
   * @param seed decides the tokens
   * @return the source
   * @throws IllegalArgumentException if a token is outside the vocabulary or the batch is empty
   */
  public static RandomRepeatBatches of(
      RandomRepeats repeats, int vocabSize, int batchSize, long seed) {
    int largest = Arrays.stream(repeats.tokens().ids()).max().orElseThrow();
    TokenText.requireInVocabulary("random repeats", largest, vocabSize);
    repeats.bos().ifPresent(bos -> TokenText.requireInVocabulary("random repeats", bos, vocabSize));
    return new RandomRepeatBatches(
        repeats,
        new BatchShape(batchSize, repeats.sequenceLength(), repeats.bos(), seed),
        vocabSize);
  }

  @Override
  public int[] sequence(long step, int row) {
    return repeats.sequence(shape.seed(), step, row);
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
    return vocabSize;
  }

  @Override
  public String describe() {
    return shape + " " + repeats;
  }
}
