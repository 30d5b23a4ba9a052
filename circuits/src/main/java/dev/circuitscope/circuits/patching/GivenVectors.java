package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Queries, keys or values that are known before a layer runs: those of the unpatched run, {@code
 * base}, but for rows {@code from} to {@code to - 1}, whose are given. The run has the positions
 * from {@code start} on, of copies that begin with row {@code first} of the batch.
 */
record GivenVectors(
    FloatBuffer base, float[] given, ChangedRows rows, int from, int to, Copies copies)
    implements Hook {

  /** Which copies of the batch run, and from which position on. */
  record Copies(int batch, int first, int length, int start) {}

  @Override
  public INDArray forward(INDArray activation, HookPoint at) {
    FloatBuffer values = FlatFloats.own(activation);
    int examples = Math.toIntExact(activation.size(0));
    int example = Math.toIntExact(activation.length() / examples);
    int width = example / (copies.length() - copies.start());
    for (int e = 0; e < examples; e++) {
      int row = e % copies.batch() * copies.length() + copies.start();
      values.put(e * example, base, row * width, example);
    }
    for (int r = from; r < to; r++) {
      int place = rows.place(r, copies.first(), copies.length(), copies.start());
      values.put(place * width, given, r * width, width);
    }
    return activation;
  }

  @Override
  public boolean overwrites() {
    return true;
  }
}
