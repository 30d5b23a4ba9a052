package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Queries, keys or values that are known before a layer runs: those of the unpatched run, {@code
 * base}, but for the changed rows {@code from} to {@code to - 1}, which have their own.
 */
record GivenVectors(
    FloatBuffer base, float[] own, ChangedRows rows, int from, int to, Copies copies)
    implements Hook {

  @Override
  public INDArray forward(INDArray activation, HookPoint at) {
    FloatBuffer values = FlatFloats.own(activation);
    int examples = Math.toIntExact(activation.size(0));
    int example = Math.toIntExact(activation.length() / examples);
    int width = example / copies.positions();
    for (int e = 0; e < examples; e++) {
      values.put(e * example, base, copies.rowOf(e) * width, example);
    }
    for (int r = from; r < to; r++) {
      values.put(copies.place(rows.row(r)) * width, own, r * width, width);
    }
    return activation;
  }

  @Override
  public boolean overwrites() {
    return true;
  }
}
