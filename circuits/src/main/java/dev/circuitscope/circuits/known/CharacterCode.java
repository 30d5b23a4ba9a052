package dev.circuitscope.circuits.known;

/**
 * k^2 vectors of k = 2^m dimensions that are nearly orthogonal, deterministic and with a proven
 * bound: dual BCH codewords as signs. Thing (a, b), with a and b elements of the field GF(2^m), is
 *
 * <pre>c(x) = (-1)^L(a x + b x^3) / sqrt(k)    for every x of GF(2^m)</pre>
 *
 * with L the lowest bit. The inner product of two things is a sum of characters of a polynomial of
 * degree 3, which is at most 2 sqrt(k) / k (Weil), and as an integer multiple of 2^floor(m / 2 + 1)
 * / k the coherence is 2^(floor(m / 2) + 1 - m). The first k things (b = 0) are orthogonal.
 *
 * <p>Random signs of 256 dimensions have inner products up to 0.4 among 50,257 tokens; these have
 * 1/8.
 */
final class CharacterCode implements Code {

  private static final int LEAST = 2;

  /** An irreducible polynomial over GF(2) of each degree from 2, its coefficients as bits. */
  private static final int[] IRREDUCIBLE = {
    0b111,
    0b1011,
    0b10011,
    0b100101,
    0b1000011,
    0b10000011,
    0b100011011,
    0b1000010001,
    0b10000001001
  };

  private final int size;
  private final int degree;
  private final int[] linear;
  private final int[] cubic;

  private CharacterCode(int size, int degree) {
    this.size = size;
    this.degree = degree;
    int k = 1 << degree;
    this.linear = new int[k];
    this.cubic = new int[k];
    for (int x = 0; x < k; x++) {
      linear[x] = functional(x);
      cubic[x] = functional(times(x, times(x, x)));
    }
  }

  /** The shortest code of so many things whose coherence is at most the given one. */
  static CharacterCode coherent(int size, double atMost) {
    for (int m = LEAST; m < LEAST + IRREDUCIBLE.length; m++) {
      if (1L << 2 * m >= size && coherence(size, m) <= atMost) {
        return new CharacterCode(size, m);
      }
    }
    throw new IllegalArgumentException(
        "no code of coherence %s for %d tokens or positions; at most 2^20 have one of 1/16"
            .formatted(atMost, size));
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int dimension() {
    return 1 << degree;
  }

  @Override
  public double coherence() {
    return coherence(size, degree);
  }

  @Override
  public double at(int thing, int x) {
    int a = thing & (dimension() - 1);
    int b = thing >>> degree;
    int odd = Integer.bitCount((a & linear[x]) ^ (b & cubic[x])) & 1;
    return (1 - 2 * odd) / Math.sqrt(dimension());
  }

  private static double coherence(int size, int m) {
    return size <= 1 << m ? 0 : Math.scalb(1.0, m / 2 + 1 - m);
  }

  /** The bits t for which L(a x) is the parity of a & t. */
  private int functional(int x) {
    int t = 0;
    for (int bit = 0; bit < degree; bit++) {
      t |= (times(1 << bit, x) & 1) << bit;
    }
    return t;
  }

  /** The product in GF(2^m). */
  private int times(int x, int y) {
    int product = 0;
    int shifted = x;
    for (int bit = 0; bit < degree; bit++) {
      if ((y >> bit & 1) == 1) {
        product ^= shifted;
      }
      shifted <<= 1;
      if (shifted >> degree == 1) {
        shifted ^= IRREDUCIBLE[degree - LEAST];
      }
    }
    return product;
  }
}
