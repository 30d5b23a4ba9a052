package dev.circuitscope.toymodels.superposition;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019) for one array of parameters, on
 * float32 state, with bias-corrected moments and eps added outside the root.
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

  /** One step. All arrays are indexed alike, or the compiler would not vectorise the loop. */
  void update(float[] theta, float[] gradient, double learningRate) {
    // The bias corrections 1 - beta^t.
    beta1Power *= BETA1;
    beta2Power *= BETA2;
    float keep = (float) (1 - learningRate * decay);
    float rate = (float) (learningRate / (1 - beta1Power));
    float unbias = (float) (1 / Math.sqrt(1 - beta2Power));
    float b1 = (float) BETA1;
    float c1 = (float) (1 - BETA1);
    float b2 = (float) BETA2;
    float c2 = (float) (1 - BETA2);
    float eps = (float) EPS;
    for (int i = 0; i < theta.length; i++) {
      float g = gradient[i];
      float m = b1 * mean[i] + c1 * g;
      float v = b2 * square[i] + c2 * g * g;
      mean[i] = m;
      square[i] = v;
      theta[i] = keep * theta[i] - rate * m / ((float) Math.sqrt(v) * unbias + eps);
    }
  }
}
