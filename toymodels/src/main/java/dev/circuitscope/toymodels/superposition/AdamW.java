package dev.circuitscope.toymodels.superposition;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019), on float32 state, with
 * bias-corrected moments and eps added outside the root.
 */
final class AdamW {

  static final double BETA1 = 0.9;
  static final double BETA2 = 0.999;
  static final double EPS = 1e-8;

  private final float[] mean;
  private final float[] square;
  private final float decay;
  private double beta1Power = 1;
  private double beta2Power = 1;

  AdamW(int parameters, double weightDecay) {
    this.mean = new float[parameters];
    this.square = new float[parameters];
    this.decay = (float) weightDecay;
  }

  /** Starts a step: the bias corrections 1 - beta^t count it from here on. */
  void nextStep() {
    beta1Power *= BETA1;
    beta2Power *= BETA2;
  }

  /**
   * Updates one array of parameters.
   *
   * @param offset where these parameters' state and gradient lie
   */
  void update(float[] theta, float[] gradient, int offset, double learningRate) {
    float keep = (float) (1 - learningRate * decay);
    float rate = (float) (learningRate / (1 - beta1Power));
    float unbias = (float) (1 / Math.sqrt(1 - beta2Power));
    float b1 = (float) BETA1;
    float c1 = (float) (1 - BETA1);
    float b2 = (float) BETA2;
    float c2 = (float) (1 - BETA2);
    float eps = (float) EPS;
    for (int i = 0; i < theta.length; i++) {
      float g = gradient[offset + i];
      float m = b1 * mean[offset + i] + c1 * g;
      float v = b2 * square[offset + i] + c2 * g * g;
      mean[offset + i] = m;
      square[offset + i] = v;
      theta[i] = keep * theta[i] - rate * m / ((float) Math.sqrt(v) * unbias + eps);
    }
  }
}
