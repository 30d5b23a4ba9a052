package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Many patches in one run: copy i of the batch, examples i B to (i + 1) B - 1, gets the i-th
 * region's values. The run has the positions from {@code start} on, where all regions lie; the
 * source has all.
 */
record BatchPatch(List<PatchRegion> regions, FloatBuffer source, int start, double strength)
    implements Hook {

  /** x + strength (source - x) in each copy's region. */
  @Override
  public INDArray forward(INDArray activation, HookPoint at) {
    FloatBuffer values = FlatFloats.own(activation);
    int batch = Math.toIntExact(activation.size(0)) / regions.size();
    int pos = PatchAxis.POS.of(at.site());
    long[] whole = activation.shape();
    whole[pos] += start;
    int width = (int) Arrays.stream(whole, 1, whole.length).reduce(1, (a, b) -> a * b);
    int row = (int) Arrays.stream(whole, pos + 1, whole.length).reduce(1, (a, b) -> a * b);
    int left = start * row;
    int rows = (int) whole[pos] * row;
    for (int i = 0; i < regions.size(); i++) {
      for (int b = 0; b < batch; b++) {
        int from = b * width;
        int to = (i * batch + b) * (width - width / rows * left);
        regions
            .get(i)
            .forEachRun(
                at,
                whole,
                (first, n) ->
                    Blend.into(
                        values,
                        to + first - (first / rows + 1) * left,
                        source,
                        from + first,
                        n,
                        strength));
      }
    }
    return activation;
  }
}
