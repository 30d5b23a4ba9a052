package dev.circuitscope.core.array;

/**
 * exp(x) for x from -87 to 88 in float32, by exp(x) = 2^k exp(r) with r = x - k ln 2 and a Taylor
 * polynomial of degree 7, whose remainder is below 6e-9 relative for |r| up to (ln 2) / 2.
 */
public final class Exponential {

  /** Below this the result is 0: exp(-87) is the last above the smallest normal float. */
  public static final float LOWEST = -87f;

  /** 1 / ln 2. */
  public static final float LOG2_E = 1.4426950408889634f;

  /** ln 2 in two parts; the first has few enough bits for k * LN2_HIGH to be exact. */
  public static final float LN2_HIGH = 0.693359375f;

  /** What {@link #LN2_HIGH} lacks of ln 2. */
  public static final float LN2_LOW = -2.12194440e-4f;

  /** Added and subtracted, 1.5 * 2^23 rounds to an integer and leaves it in the low bits. */
  public static final float ROUND = 12582912f;

  /** Coefficient of r^2. */
  public static final float C2 = 1f / 2;

  /** Coefficient of r^3. */
  public static final float C3 = 1f / 6;

  /** Coefficient of r^4. */
  public static final float C4 = 1f / 24;

  /** Coefficient of r^5. */
  public static final float C5 = 1f / 120;

  /** Coefficient of r^6. */
  public static final float C6 = 1f / 720;

  /** Coefficient of r^7. */
  public static final float C7 = 1f / 5040;

  /** Above this the result overflows. */
  public static final float HIGHEST = 88f;

  private Exponential() {}

  /**
   * The logistic function of one number.
   *
   * @param x any number
   * @return 1 / (1 + exp(-x))
   */
  public static float sigmoid(float x) {
    return 1 / (1 + of(Math.min(-x, HIGHEST)));
  }

  /**
   * The exponential of one number.
   *
   * @param x up to 88
   * @return exp(x), or 0 below {@link #LOWEST}
   */
  public static float of(float x) {
    if (x < LOWEST) {
      return 0f;
    }
    float shifted = x * LOG2_E + ROUND;
    float k = shifted - ROUND;
    float r = x - k * LN2_HIGH - k * LN2_LOW;
    float p = 1 + r * (1 + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * (C6 + r * C7))))));
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(shifted) << 23));
  }
}
