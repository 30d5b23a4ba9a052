package dev.circuitscope.core.array;

/**
 * The standard normal distribution in float32: what gelu is made of.
 *
 * <p>With t = 1 / (1 + {@value #P} |x|), Phi(-|x|) = exp(-x^2 / 2) t (A0 + A1 t + ... + A7 t^7).
 * The coefficients are a minimax fit of the relative error, below 1.5e-7 for |x| up to 14, beyond
 * which the float32 exponential is 0; evaluated in float32 the relative error stays below 1e-6.
 */
public final class NormalDistribution {

  /** How fast t falls with |x|. */
  public static final float P = 0.3f;

  /** Coefficient of t. */
  public static final float A0 = 0.11962929778239127f;

  /** Coefficient of t^2. */
  public static final float A1 = 0.1207539739432058f;

  /** Coefficient of t^3. */
  public static final float A2 = 0.09991336806715988f;

  /** Coefficient of t^4. */
  public static final float A3 = 0.12856207740403422f;

  /** Coefficient of t^5. */
  public static final float A4 = -0.053684574113505676f;

  /** Coefficient of t^6. */
  public static final float A5 = 0.2063545981620246f;

  /** Coefficient of t^7. */
  public static final float A6 = -0.15720376081581772f;

  /** Coefficient of t^8. */
  public static final float A7 = 0.03567494667258018f;

  /** 1 / sqrt(2 pi), the density at 0. */
  public static final float PEAK = 0.3989422804014327f;

  private NormalDistribution() {}

  /**
   * The probability of a number up to x.
   *
   * @param x any number
   * @return Phi(x) = (1 + erf(x / sqrt 2)) / 2
   */
  public static float cumulative(float x) {
    float lower = lowerTail(x, bell(x));
    return x < 0 ? lower : 1 - lower;
  }

  /**
   * The error function.
   *
   * @param x any number
   * @return erf(x) = 2 Phi(x sqrt 2) - 1
   */
  public static float erf(float x) {
    float y = x * 1.4142135623730951f;
    float outside = 2 * lowerTail(y, bell(y));
    return x < 0 ? outside - 1 : 1 - outside;
  }

  /** gelu(x) = x Phi(x). */
  static float gelu(float x) {
    return x * cumulative(x);
  }

  /** gelu'(x) = Phi(x) + x phi(x). */
  static float geluSlope(float x) {
    float bell = bell(x);
    float lower = lowerTail(x, bell);
    return (x < 0 ? lower : 1 - lower) + x * (bell * PEAK);
  }

  /** exp(-x^2 / 2). */
  private static float bell(float x) {
    return Exponential.of(-0.5f * x * x);
  }

  /** Phi(-|x|). */
  private static float lowerTail(float x, float bell) {
    float t = 1 / (1 + P * Math.abs(x));
    float p = A0 + t * (A1 + t * (A2 + t * (A3 + t * (A4 + t * (A5 + t * (A6 + t * A7))))));
    return bell * (t * p);
  }
}
