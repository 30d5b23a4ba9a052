package dev.circuitscope.circuits.known;

/**
 * How tokens and positions become vectors: one-hot, or codewords of unit length whose inner
 * products are at most a known coherence (see {@link CharacterCode}).
 */
public enum Coding {
  /** One-hot up to 128 of them; beyond that codewords of coherence at most 1/8. */
  AUTOMATIC {
    @Override
    Code code(int size) {
      return size <= EXACT ? new OneHotCode(size) : CharacterCode.coherent(size, COHERENCE);
    }
  },
  /** One-hot, so that nothing interferes: as many dimensions as there are tokens or positions. */
  ONE_HOT {
    @Override
    Code code(int size) {
      return new OneHotCode(size);
    }
  },
  /** Codewords of about sqrt(size) dimensions, whose coherence may be too high for a circuit. */
  SMALLEST {
    @Override
    Code code(int size) {
      return CharacterCode.coherent(size, 1.0 / 2);
    }
  };

  private static final int EXACT = 128;
  private static final double COHERENCE = 1.0 / 8;

  abstract Code code(int size);
}
