package dev.circuitscope.circuits.discovery;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Activations of the engine, which are row-major float arrays, as runs of floats. */
final class Floats {

  private Floats() {}

  /** The elements themselves; valid as long as the array is held. */
  static FloatBuffer own(INDArray array) {
    return array.data().asNioFloat();
  }

  /** A copy of all elements. */
  static float[] copy(INDArray array) {
    float[] values = new float[Math.toIntExact(array.length())];
    own(array).get(0, values);
    Reference.reachabilityFence(array);
    return values;
  }

  /** Some copies of an array, one after the other, as [copies batch, pos, width]. */
  static INDArray tiled(float[] one, int copies, int batch, int pos) {
    float[] all = Arrays.copyOf(one, one.length * copies);
    for (int i = 1; i < copies; i++) {
      System.arraycopy(one, 0, all, i * one.length, one.length);
    }
    return array(all, copies * batch, pos);
  }

  /** As [batch, pos, width]. */
  static INDArray array(float[] values, int batch, int pos) {
    return Nd4j.createFromArray(values)
        .reshape('c', batch, pos, values.length / ((long) batch * pos));
  }

  static void add(float[] x, float[] to) {
    for (int i = 0; i < x.length; i++) {
      to[i] += x[i];
    }
  }

  static float[] difference(float[] x, float[] y) {
    float[] difference = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      difference[i] = x[i] - y[i];
    }
    return difference;
  }

  /** One slot of [rows, slots, width], as [rows, width]. */
  static float[] slot(FloatBuffer all, int rows, int slot, int slots, int width) {
    float[] one = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      all.get((row * slots + slot) * width, one, row * width, width);
    }
    return one;
  }
}
