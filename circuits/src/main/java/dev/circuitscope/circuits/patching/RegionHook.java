package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gives a region of every example values that do not depend on the run; no gradient passes. */
final class RegionHook implements Hook {

  private final PatchRegion region;
  private final Optional<long[]> shape;
  private final Filler filler;

  RegionHook(PatchRegion region, Filler filler) {
    this(region, Optional.empty(), filler);
  }

  /** Refuses activations of another shape than that of the run which the values are from. */
  RegionHook(PatchRegion region, Optional<long[]> shape, Filler filler) {
    this.region = region;
    this.shape = shape;
    this.filler = filler;
  }

  /** Overwrites neighbouring elements of one example. */
  @FunctionalInterface
  interface Filler {
    /**
     * @param activation of all examples
     * @param example number in the batch
     * @param at first element within the example
     * @param n how many
     */
    void fill(FloatBuffer activation, int example, int at, int n);
  }

  @Override
  public INDArray forward(INDArray activation, HookPoint at) {
    if (shape.isPresent() && !Arrays.equals(activation.shape(), shape.get())) {
      throw new IllegalArgumentException(
          "cannot patch %s: the run's activation is %s, the other run's %s"
              .formatted(at, Arrays.toString(activation.shape()), Arrays.toString(shape.get())));
    }
    fill(activation, at, filler);
    return activation;
  }

  @Override
  public INDArray backward(INDArray gradient, HookPoint at) {
    int width = Math.toIntExact(gradient.length() / gradient.size(0));
    fill(gradient, at, (values, example, from, n) -> zero(values, example * width + from, n));
    return gradient;
  }

  private void fill(INDArray array, HookPoint at, Filler with) {
    FloatBuffer values = FlatFloats.own(array);
    for (int b = 0; b < array.size(0); b++) {
      int example = b;
      region.forEachRun(at, array.shape(), (from, n) -> with.fill(values, example, from, n));
    }
  }

  static void zero(FloatBuffer values, int from, int n) {
    for (int i = from; i < from + n; i++) {
      values.put(i, 0);
    }
  }
}
