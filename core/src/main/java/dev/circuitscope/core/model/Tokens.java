package dev.circuitscope.core.model;

/** What a model accepts as a batch of sequences. */
final class Tokens {

  private Tokens() {}

  /**
   * Checks a batch.
   *
   * @return its size
   * @throws IllegalArgumentException if it is empty or ragged, or a sequence is too long, or a
   *     token is outside the vocabulary
   */
  static Rows check(int[][] tokens, TransformerConfig config) {
    if (tokens.length == 0 || tokens[0].length == 0) {
      throw new IllegalArgumentException(
          "the batch is empty: "
              + tokens.length
              + " sequences"
              + (tokens.length == 0 ? "" : " of 0 tokens"));
    }
    int pos = tokens[0].length;
    requireFits(pos, config);
    for (int b = 0; b < tokens.length; b++) {
      if (tokens[b].length != pos) {
        throw new IllegalArgumentException(
            "all sequences of a batch have one length: sequence 0 has "
                + pos
                + " tokens, sequence "
                + b
                + " has "
                + tokens[b].length);
      }
      for (int t = 0; t < pos; t++) {
        if (tokens[b][t] < 0 || tokens[b][t] >= config.dVocab()) {
          throw new IllegalArgumentException(
              "token "
                  + tokens[b][t]
                  + " of sequence "
                  + b
                  + " at position "
                  + t
                  + " is outside the vocabulary of "
                  + config.dVocab());
        }
      }
    }
    return new Rows(tokens.length, pos);
  }

  /** Refuses a sequence that is too long. */
  static void requireFits(int pos, TransformerConfig config) {
    if (pos > config.nCtx()) {
      throw new IllegalArgumentException(
          "a sequence of "
              + pos
              + " tokens exceeds the model's context of "
              + config.nCtx()
              + "; cut it, or train with a longer context");
    }
  }

  /** As {@link #check}, for runs that predict a next token. */
  static Rows checkForLoss(int[][] tokens, TransformerConfig config) {
    Rows rows = check(tokens, config);
    if (rows.pos() < 2) {
      throw new IllegalArgumentException(
          "a loss needs sequences of at least 2 tokens, got " + rows.pos());
    }
    for (int[] sequence : tokens) {
      for (int t = 1; t < sequence.length; t++) {
        if (sequence[t] >= config.dVocabOut()) {
          throw new IllegalArgumentException(
              "the model predicts "
                  + config.dVocabOut()
                  + " tokens, so it has no loss for token "
                  + sequence[t]);
        }
      }
    }
    return rows;
  }
}
