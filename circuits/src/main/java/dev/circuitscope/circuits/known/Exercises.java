package dev.circuitscope.circuits.known;

import java.util.SplittableRandom;

/**
 * Sequences on which each edge of a circuit matters. Tokens repeat in blocks, so that there is
 * something to find at most positions and nothing at the first ones. They begin with the start
 * token, on which heads then rest; but every fourth one for induction by keys does not, because
 * what it reads of positions only tells position 0 from what follows an earlier occurrence of the
 * first token, which must not be the start token then.
 */
final class Exercises {

  /** Four copies of the shortest block after a start token. */
  private static final int LENGTH = 17;

  /** The pointer head is sharp for up to three earlier occurrences. */
  private static final int SHORTEST = 4;

  private static final int LONGEST = 8;

  private final KnownModel known;
  private final SplittableRandom random;
  private final int length;

  Exercises(KnownModel known, long seed) {
    this.known = known;
    // mixed, so that neighbouring seeds are independent
    this.random = new SplittableRandom(new SplittableRandom(seed).nextLong());
    this.length = Math.min(LENGTH, known.settings().context());
  }

  int[][] draw(int sequences) {
    int[][] tokens = new int[sequences][length];
    for (int i = 0; i < sequences; i++) {
      boolean started = !known.name().equals(InductionCircuits.BY_KEYS) || i % 4 != 3;
      int[] block = block(started ? LONGEST : SHORTEST);
      int begin = started ? 1 : 0;
      for (int t = 0; t < length; t++) {
        tokens[i][t] = t < begin ? known.settings().start() : block[(t - begin) % block.length];
      }
    }
    return tokens;
  }

  private int[] block(int longest) {
    int others = known.settings().vocabulary() - 1;
    int most = Math.min(longest, Math.max(1, (length - 1) / 2));
    int least = Math.min(SHORTEST, most);
    int[] block = new int[least + random.nextInt(most - least + 1)];
    for (int i = 0; i < block.length; i++) {
      do {
        block[i] = token();
      } while (block.length <= others && known.words().isEmpty() && contains(block, i));
    }
    return block;
  }

  private static boolean contains(int[] block, int end) {
    for (int i = 0; i < end; i++) {
      if (block[i] == block[end]) {
        return true;
      }
    }
    return false;
  }

  /** Any but the start token; every other time one that the circuit knows, if there are such. */
  private int token() {
    if (!known.words().isEmpty() && random.nextBoolean()) {
      return known.words().get(random.nextInt(known.words().size()));
    }
    int start = known.settings().start();
    int token = random.nextInt(known.settings().vocabulary() - 1);
    return token < start ? token : token + 1;
  }
}
