package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import java.nio.FloatBuffer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Patches of many copies where every position is a row of its own: row r is that of copy, example
 * and position rows[r].
 */
record RowPatch(
    List<int[]> rows, List<PatchRegion> regions, FloatBuffer source, int length, double strength)
    implements Hook {

  /** x + strength (source - x) in the part of each row that its copy's region covers. */
  @Override
  public INDArray forward(INDArray activation, HookPoint at) {
    FloatBuffer values = FlatFloats.own(activation);
    long[] row = activation.shape();
    row[0] = 1;
    row[1] = 1;
    int width = 1;
    for (int axis = 2; axis < row.length; axis++) {
      width *= (int) row[axis];
    }
    for (int r = 0; r < rows.size(); r++) {
      int[] which = rows.get(r);
      int to = r * width;
      int from = (which[1] * length + which[2]) * width;
      withoutPosition(regions.get(which[0]))
          .forEachRun(
              at,
              row,
              (first, n) -> Blend.into(values, to + first, source, from + first, n, strength));
    }
    return activation;
  }

  /** The same region of a row, whose only position is 0. */
  private static PatchRegion withoutPosition(PatchRegion region) {
    return region.index(PatchAxis.POS).isPresent() ? region.with(PatchAxis.POS, 0) : region;
  }
}
