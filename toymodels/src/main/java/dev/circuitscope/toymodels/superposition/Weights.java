package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.toymodels.kernels.CounterRandom;
import java.util.List;

/**
 * A model's parameters, row after row; whoever holds them says whether they may change.
 *
 * @param encoder W or W1, [hidden, features]
 * @param decoder W2, [features, hidden]; empty if the decoder is W^T
 * @param bias b, [features]
 */
record Weights(float[] encoder, float[] decoder, float[] bias) {

  /**
   * The encoder drawn from a normal distribution of variance 2 / (n + m) (Xavier), b = 0. A decoder
   * of its own starts as W2 = |W1|^T, see {@link ToyArchitecture#ABSOLUTE_VALUE}.
   */
  static Weights xavierNormal(ToyArchitecture architecture, int features, int hidden, long key) {
    double deviation = Math.sqrt(2.0 / (features + hidden));
    float[] encoder = new float[features * hidden];
    for (int i = 0; i < encoder.length; i++) {
      encoder[i] = (float) (deviation * CounterRandom.gaussian(key, i));
    }
    float[] decoder = new float[architecture.isTied() ? 0 : encoder.length];
    for (int i = 0; i < decoder.length; i++) {
      decoder[i] = Math.abs(encoder[i % hidden * features + i / hidden]);
    }
    return new Weights(encoder, decoder, new float[features]);
  }

  Weights copy() {
    return new Weights(encoder.clone(), decoder.clone(), bias.clone());
  }

  /** How many numbers. */
  int size() {
    return encoder.length + decoder.length + bias.length;
  }

  List<float[]> arrays() {
    return List.of(encoder, decoder, bias);
  }
}
