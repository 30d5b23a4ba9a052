package dev.circuitscope.core.text;

import java.util.OptionalInt;
import java.util.SplittableRandom;

/** What every source of batches has: a shape, a seed, and perhaps a start token. */
record BatchShape(int batch, int length, OptionalInt bos, long seed) {
  BatchShape {
    if (batch < 1 || length < 1) {
      throw new IllegalArgumentException(
          "batches: [%d, %d] must have a positive number of sequences and tokens"
              .formatted(batch, length));
    }
  }

  static BatchShape of(TokenizedCorpus corpus, int batch, int length, long seed) {
    return new BatchShape(batch, length, corpus.tokenizer().bosToken(), seed);
  }

  BatchShape withoutBos() {
    return new BatchShape(batch, length, OptionalInt.empty(), seed);
  }

  SplittableRandom random(long purpose, long step, int row) {
    return Seeds.random(seed, purpose, step, row);
  }

  /** Puts the start token, if any, in place of the first; modifies and returns the sequence. */
  int[] start(int[] sequence) {
    bos.ifPresent(token -> sequence[0] = token);
    return sequence;
  }

  @Override
  public String toString() {
    return "%d x %d tokens%s, seed %d:"
        .formatted(batch, length, bos.isPresent() ? " with start token" : "", seed);
  }
}
