package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import java.nio.FloatBuffer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Many patches in one run: copy i of the batch, examples i B to (i + 1) B - 1, gets the i-th
 * region's values.
 */
record BatchPatch(List<PatchRegion> regions, FloatBuffer source, double strength) implements Hook {

  /** x + strength (source - x) in each copy's region. */
  @Override
  public INDArray forward(INDArray activation, HookPoint at) {
    FloatBuffer values = FlatFloats.own(activation);
    int batch = Math.toIntExact(activation.size(0)) / regions.size();
    int width = Math.toIntExact(activation.length() / activation.size(0));
    for (int i = 0; i < regions.size(); i++) {
      for (int b = 0; b < batch; b++) {
        int to = (i * batch + b) * width;
        int from = b * width;
        regions
            .get(i)
            .forEachRun(
                at,
                activation.shape(),
                (first, n) ->
                    FlatFloats.blend(source, from + first, values, to + first, n, strength));
      }
    }
    return activation;
  }
}
