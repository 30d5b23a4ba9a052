package dev.circuitscope.core.text;

/**
 * Sequences in which a block repeats to the end, and where: from position {@code offset[b]} on,
 * sequence b has period {@code period[b]}.
 *
 * @param tokens token ids [batch, pos]
 * @param period length of each sequence's block [batch]
 * @param offset position of the first token of each sequence's first block [batch]
 */
public record RepeatedSequences(int[][] tokens, int[] period, int[] offset) {
  /**
   * Checks that the sequences are equally long and repeat as stated.
   *
   * @param tokens token ids [batch, pos]; not copied
   * @param period length of the blocks [batch]; not copied
   * @param offset where the first blocks begin [batch]; not copied
   * @throws IllegalArgumentException if they do not
   */
  public RepeatedSequences {
    if (period.length != tokens.length || offset.length != tokens.length) {
      throw new IllegalArgumentException(
          "repeated sequences: %d sequences, %d periods and %d offsets"
              .formatted(tokens.length, period.length, offset.length));
    }
    for (int b = 0; b < tokens.length; b++) {
      if (period[b] < 1 || offset[b] < 0 || tokens[b].length != tokens[0].length) {
        throw new IllegalArgumentException(
            "repeated sequences: sequence %d of %d tokens with period %d and offset %d"
                .formatted(b, tokens[b].length, period[b], offset[b]));
      }
      for (int pos = offset[b] + period[b]; pos < tokens[b].length; pos++) {
        if (tokens[b][pos] != tokens[b][pos - period[b]]) {
          throw new IllegalArgumentException(
              "repeated sequences: sequence %d does not repeat at position %d".formatted(b, pos));
        }
      }
    }
  }

  /**
   * Returns the number of sequences.
   *
   * @return batch size
   */
  public int batch() {
    return tokens.length;
  }

  /**
   * Returns the number of tokens in a sequence.
   *
   * @return sequence length, 0 if there is no sequence
   */
  public int length() {
    return tokens.length == 0 ? 0 : tokens[0].length;
  }

  /**
   * Returns the first position of the second block: from here on every token has stood one period
   * earlier.
   *
   * @param sequence number in the batch
   * @return offset + period
   */
  public int firstRepeat(int sequence) {
    return offset[sequence] + period[sequence];
  }

  /**
   * Says whether a position lies in a repetition of the block.
   *
   * @param sequence number in the batch
   * @param position place in the sequence
   * @return whether it is at or behind {@link #firstRepeat}
   */
  public boolean isRepeat(int sequence, int position) {
    return position >= firstRepeat(sequence);
  }

  /**
   * Returns where an induction head attends from a repeated position: to the token after the latest
   * earlier copy of the current token.
   *
   * @param sequence number in the batch
   * @param position a position in a repetition
   * @return position - period + 1
   * @throws IllegalArgumentException if the position is not in a repetition
   */
  public int inductionTarget(int sequence, int position) {
    if (!isRepeat(sequence, position) || position >= length()) {
      throw new IllegalArgumentException(
          "induction target: position %d of sequence %d is not a repetition; those are %d to %d"
              .formatted(position, sequence, firstRepeat(sequence), length() - 1));
    }
    return position - period[sequence] + 1;
  }
}
