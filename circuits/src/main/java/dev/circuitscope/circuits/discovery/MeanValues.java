package dev.circuitscope.circuits.discovery;

import dev.circuitscope.circuits.edges.Sender;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Sums of what senders write over sequences of one length, and their means. */
final class MeanValues {

  private final int sequences;
  private final int length;
  private final Map<Sender, double[]> written = new HashMap<>();
  private final Map<Integer, double[]> z = new HashMap<>();

  MeanValues(int sequences, int length) {
    this.sequences = sequences;
    this.length = length;
  }

  /** Adds some sequences, whose rows are examples and positions together. */
  void add(SenderValues values, int rows) {
    values.written().forEach((s, x) -> add(written.computeIfAbsent(s, k -> sum(x, rows)), x));
    values.z().forEach((layer, x) -> add(z.computeIfAbsent(layer, k -> sum(x, rows)), x));
  }

  /** The means as arrays of a batch: by position, or one for all. */
  SenderValues tiled(int batch, int pos, boolean overPositions) {
    Function<double[], float[]> means = sum -> tiled(sum, batch, pos, overPositions);
    Map<Sender, float[]> meanWritten = new HashMap<>();
    written.forEach((sender, sum) -> meanWritten.put(sender, means.apply(sum)));
    Map<Integer, float[]> meanZ = new HashMap<>();
    z.forEach((layer, sum) -> meanZ.put(layer, means.apply(sum)));
    return new SenderValues(meanWritten, meanZ);
  }

  private float[] tiled(double[] sum, int batch, int pos, boolean overPositions) {
    int width = sum.length / length;
    double[] mean = new double[overPositions ? width : sum.length];
    for (int i = 0; i < sum.length; i++) {
      mean[i % mean.length] += sum[i] / ((double) sequences * (overPositions ? length : 1));
    }
    float[] all = new float[batch * pos * width];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) mean[i % mean.length];
    }
    return all;
  }

  private double[] sum(float[] x, int rows) {
    return new double[x.length / rows * length];
  }

  private static void add(double[] sum, float[] x) {
    for (int i = 0; i < x.length; i++) {
      sum[i % sum.length] += x[i];
    }
  }
}
