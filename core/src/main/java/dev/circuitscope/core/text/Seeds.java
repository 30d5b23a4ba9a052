package dev.circuitscope.core.text;

import java.util.SplittableRandom;

/**
 * Generators by coordinates: what is drawn for a place (purpose, step, row) depends on the seed and
 * that place only, never on what was drawn before.
 */
final class Seeds {
  private Seeds() {}

  /** The generator of one place; {@code purpose} keeps different uses of one seed apart. */
  static SplittableRandom random(long seed, long purpose, long step, long row) {
    return new SplittableRandom(mix(mix(mix(mix(seed) + purpose) + step) + row));
  }

  /** A bijection of 64 bits in which every input bit moves every output bit: two xor-multiplies. */
  private static long mix(long x) {
    long z = x + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 32)) * 0xd6e8feb86659fd93L;
    z = (z ^ (z >>> 32)) * 0xd6e8feb86659fd93L;
    return z ^ (z >>> 32);
  }
}
