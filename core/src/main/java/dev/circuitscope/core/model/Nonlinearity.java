package dev.circuitscope.core.model;

/**
 * What an MLP applies to rows of neurons, and its gradient, on tiles that are in the cache. Up to
 * its LayerNorm in the case of solu_ln.
 */
interface Nonlinearity {

  /**
   * x becomes f(x).
   *
   * @param x rows times width elements from 0 on
   * @param spare as long, overwritten
   */
  void apply(float[] x, float[] spare, int rows, int width);

  /**
   * dy becomes dx.
   *
   * @param x what f was applied to; overwritten
   * @param dy the gradient of f(x)
   * @param spare as long, overwritten
   */
  void gradient(float[] x, float[] dy, float[] spare, int rows, int width);

  static Nonlinearity of(Activation kind) {
    return switch (kind) {
      case RELU -> new Relu();
      case GELU -> new Gelu();
      case GELU_NEW -> new TanhGelu();
      case SILU -> new Silu();
      case SOLU, SOLU_LN -> new Solu();
    };
  }
}
