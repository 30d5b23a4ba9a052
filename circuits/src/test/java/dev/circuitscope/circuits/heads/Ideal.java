package dev.circuitscope.circuits.heads;

import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import org.nd4j.linalg.factory.Nd4j;

/** Heads whose attention is as written, put in place of a model's by hooks. */
final class Ideal {

  private Ideal() {}

  interface Attention {
    double at(int dest, int src);
  }

  /** Every head of a layer attends so, on every sequence. */
  static RunSettings layer(int layer, Attention attention) {
    return RunSettings.with(
        Hooks.at(
            HookPoint.pattern(layer),
            (pattern, at) -> {
              int length = (int) pattern.size(2);
              float[] all = new float[(int) pattern.length()];
              for (int i = 0; i < all.length; i++) {
                int dest = i / length % length;
                int src = i % length;
                all[i] = src <= dest ? (float) attention.at(dest, src) : 0;
              }
              return Nd4j.createFromArray(all).reshape(pattern.shape());
            }));
  }

  /** All attention goes a fixed number of positions back, or to the first position. */
  static Attention back(int distance) {
    return (dest, src) -> src == Math.max(0, dest - distance) ? 1 : 0;
  }

  static Attention uniform() {
    return (dest, src) -> 1.0 / (dest + 1);
  }

  /** 1 + 1/2 + ... + 1/n. */
  static double harmonic(int n) {
    double sum = 0;
    for (int i = n; i >= 1; i--) {
      sum += 1.0 / i;
    }
    return sum;
  }
}
