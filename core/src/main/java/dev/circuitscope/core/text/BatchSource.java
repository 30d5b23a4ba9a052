package dev.circuitscope.core.text;

/**
 * Batches to train on, by number of the step. A batch is a pure function of the source's data and
 * seed and of the step: nothing is consumed, so training can resume at any step, and two models
 * that are given the same source see the same tokens.
 *
 * <pre>{@code
 * BatchSource text = TextBatches.of(corpus, 8, 256, 1L);
 * BatchSource repeats = RepeatedTextBatches.of(corpus, 8, 256, 1L);
 * BatchSource mixed = MixtureBatches.of(text, repeats, 0.3, 1L);   // 30% repeats
 * int[][] tokens = mixed.batch(step);                             // [8][256]
 * }</pre>
 */
public interface BatchSource {
  /**
   * Returns one sequence.
   *
   * @param step number of the step, from 0
   * @param row place in the batch, from 0; sources do not limit it
   * @return a fresh array of {@link #sequenceLength()} token ids
   */
  int[] sequence(long step, int row);

  /**
   * Returns the number of sequences in a batch.
   *
   * @return batch size
   */
  int batchSize();

  /**
   * Returns the number of tokens in a sequence, a start token included.
   *
   * @return sequence length
   */
  int sequenceLength();

  /**
   * Returns the size of the vocabulary that the tokens come from.
   *
   * @return number of token ids
   */
  int vocabSize();

  /**
   * Describes the data in a line that can stand in a report.
   *
   * @return what the sequences are, their source and seed
   */
  String describe();

  /**
   * Returns the batch of a step.
   *
   * @param step number of the step, from 0
   * @return fresh token ids [batch, pos]
   */
  default int[][] batch(long step) {
    int[][] batch = new int[batchSize()][];
    for (int row = 0; row < batch.length; row++) {
      batch[row] = sequence(step, row);
    }
    return batch;
  }
}
