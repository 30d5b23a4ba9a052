package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.array.LogSumExp;
import dev.circuitscope.core.array.Parallel;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * mean over b and t of sum_v p (log p - log q), with p the softmax of given logits and q that of
 * the measured ones: D_KL(p || q).
 */
final class KlDivergence implements DifferentiableMetric {

  /** Rows of a task. */
  private static final int ROWS = 32;

  private final long[] shape;
  private final int vocabulary;
  private final int rows;
  private final float[] p;
  private final double[] own;

  KlDivergence(INDArray logits) {
    if (logits.rank() != 3 || logits.length() == 0) {
      throw new IllegalArgumentException(
          "divergence: takes logits [batch, pos, d_vocab_out], was "
              + Arrays.toString(logits.shape()));
    }
    this.shape = logits.shape().clone();
    this.vocabulary = (int) logits.size(2);
    this.rows = Math.toIntExact(logits.length() / vocabulary);
    float[] x = FlatFloats.copy(logits);
    this.p = new float[x.length];
    forEachRow(
        row -> {
          double normalizer = LogSumExp.of(x, row * vocabulary, vocabulary);
          for (int i = row * vocabulary; i < (row + 1) * vocabulary; i++) {
            p[i] = (float) Math.exp(x[i] - normalizer);
          }
        });
    this.own = expectedLogs(x);
  }

  @Override
  public double of(INDArray logits) {
    double[] other = expectedLogs(values(logits));
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += own[row] - other[row];
    }
    return sum / rows;
  }

  /** (q - p) / count. */
  @Override
  public INDArray gradient(INDArray logits) {
    float[] x = values(logits);
    forEachRow(
        row -> {
          double normalizer = LogSumExp.of(x, row * vocabulary, vocabulary);
          for (int i = row * vocabulary; i < (row + 1) * vocabulary; i++) {
            x[i] = (float) ((Math.exp(x[i] - normalizer) - p[i]) / rows);
          }
        });
    return FlatFloats.array(x, shape);
  }

  @Override
  public String label() {
    return "KL divergence";
  }

  /** sum_v p log q of each row. */
  private double[] expectedLogs(float[] x) {
    double[] expected = new double[rows];
    forEachRow(
        row -> {
          double sum = 0;
          for (int i = row * vocabulary; i < (row + 1) * vocabulary; i++) {
            sum += (double) p[i] * x[i];
          }
          expected[row] = sum - LogSumExp.of(x, row * vocabulary, vocabulary);
        });
    return expected;
  }

  private void forEachRow(IntConsumer body) {
    Parallel.forEach(
        (rows + ROWS - 1) / ROWS,
        task -> {
          for (int row = task * ROWS; row < Math.min(rows, (task + 1) * ROWS); row++) {
            body.accept(row);
          }
        });
  }

  private float[] values(INDArray logits) {
    if (!Arrays.equals(logits.shape(), shape)) {
      throw new IllegalArgumentException(
          "divergence: from logits %s, those measured are %s"
              .formatted(Arrays.toString(shape), Arrays.toString(logits.shape())));
    }
    return FlatFloats.copy(logits);
  }
}
