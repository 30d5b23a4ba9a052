package dev.circuitscope.core.text;

/**
 * Two sources mixed sequence by sequence. A sequence that falls to a source is exactly the one that
 * the source alone has at that step and row, so that changing the share keeps the rest of the data.
 */
public final class MixtureBatches implements BatchSource {
  private static final long PURPOSE = 0x4d495854L; // "MIXT"

  private final BatchSource first;
  private final BatchSource second;
  private final double shareOfSecond;
  private final long seed;

  private MixtureBatches(BatchSource first, BatchSource second, double shareOfSecond, long seed) {
    this.first = first;
    this.second = second;
    this.shareOfSecond = shareOfSecond;
    this.seed = seed;
  }

  /**
   * Mixes two sources.
   *
   * @param first gives the other sequences
   * @param second gives the share
   * @param shareOfSecond probability that a sequence comes from the second, 0 to 1
   * @param seed decides which sequences do
   * @return the mixture
   * @throws IllegalArgumentException if the share is outside 0 to 1 or the sources differ in batch
   *     size, sequence length or vocabulary
   */
  public static MixtureBatches of(
      BatchSource first, BatchSource second, double shareOfSecond, long seed) {
    if (!(shareOfSecond >= 0 && shareOfSecond <= 1)) {
      throw new IllegalArgumentException(
          "mixture of batches: share " + shareOfSecond + " is outside 0 to 1");
    }
    requireSame("batch size", first.batchSize(), second.batchSize());
    requireSame("sequence length", first.sequenceLength(), second.sequenceLength());
    requireSame("vocabulary size", first.vocabSize(), second.vocabSize());
    return new MixtureBatches(first, second, shareOfSecond, seed);
  }

  @Override
  public int[] sequence(long step, int row) {
    return isFromSecond(step, row) ? second.sequence(step, row) : first.sequence(step, row);
  }

  /**
   * Says which source a sequence comes from.
   *
   * @param step number of the step
   * @param row place in the batch
   * @return whether it is the second
   */
  public boolean isFromSecond(long step, int row) {
    return Seeds.random(seed, PURPOSE, step, row).nextDouble() < shareOfSecond;
  }

  @Override
  public int batchSize() {
    return first.batchSize();
  }

  @Override
  public int sequenceLength() {
    return first.sequenceLength();
  }

  @Override
  public int vocabSize() {
    return first.vocabSize();
  }

  @Override
  public String describe() {
    return "%.1f%% of sequences from [%s], the others from [%s], mixed by seed %d"
        .formatted(100 * shareOfSecond, second.describe(), first.describe(), seed);
  }

  private static void requireSame(String what, int first, int second) {
    if (first != second) {
      throw new IllegalArgumentException(
          "mixture of batches: the sources differ in %s, %d and %d".formatted(what, first, second));
    }
  }
}
