package dev.circuitscope.circuits.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Against dense matrices that are drawn whole and multiplied out. */
class RandomCircuitsTest {

  private static final int SAMPLES = 500;

  private static TransformerConfig config(int d, int e, int vocab, boolean tied) {
    return TransformerConfig.attentionOnly(1)
        .heads(1)
        .dModel(d)
        .dHead(e)
        .vocab(vocab)
        .tiedUnembedding(tied)
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "5,2,9,false",
    "5,2,9,true",
    "6,3,4,false",
    "6,3,4,true",
    "2,3,7,false",
    "1,1,1,false"
  })
  void positivityOfOvIsDistributedAsThatOfDenseCircuits(int d, int e, int vocab, boolean tied) {
    RandomSpread spread = RandomCircuits.ovPositivity(config(d, e, vocab, tied), SAMPLES, 3L);
    assertSame(
        spread,
        random -> {
          INDArray wE = normal(random, vocab, d);
          INDArray wU = tied ? wE.transpose() : normal(random, d, vocab);
          INDArray ov = normal(random, d, e).mmul(normal(random, e, d));
          return positivity(wE.mmul(ov).mmul(wU));
        });
    assertThat(spread.mean()).isCloseTo(0, within(0.1));
  }

  @ParameterizedTest
  @CsvSource({"5,2,9", "6,3,4", "2,3,7", "3,1,1"})
  void positivityOfQkIsDistributedAsThatOfDenseCircuits(int d, int e, int vocab) {
    assertSame(
        RandomCircuits.qkPositivity(config(d, e, vocab, false), SAMPLES, 3L),
        random -> {
          INDArray wE = normal(random, vocab, d);
          INDArray qk = normal(random, d, e).mmul(normal(random, e, d));
          return positivity(wE.mmul(qk).mmul(wE.transpose()));
        });
  }

  @ParameterizedTest
  @CsvSource({"8,2", "8,8", "3,5", "1,1"})
  void compositionIsDistributedAsThatOfDenseCircuits(int d, int e) {
    assertSame(
        RandomCircuits.composition(config(d, e, 5, false), SAMPLES, 3L),
        random -> {
          INDArray write = normal(random, d, e).mmul(normal(random, e, d));
          INDArray read = normal(random, d, e).mmul(normal(random, e, d));
          return norm(write.mmul(read)) / norm(write) / norm(read);
        });
  }

  /** For wide streams the squared score of two random heads is 1 / d_model. */
  @Test
  void compositionOfRandomHeadsIsOneOverTheRootOfTheWidth() {
    RandomSpread spread = RandomCircuits.composition(config(400, 20, 5, false), 20, 1L);
    assertThat(spread.mean()).isCloseTo(1 / Math.sqrt(400), within(0.001));
  }

  /** E tr(G G^T) = rows columns, for G and for the triangle in its place. */
  @ParameterizedTest
  @CsvSource({"4,9", "9,4", "3,3", "5,1", "1,1", "1,2"})
  void trianglesHaveTheMomentsOfWholeMatrices(int rows, int columns) {
    double sum = 0;
    double squares = 0;
    int n = 4000;
    for (int i = 0; i < n; i++) {
      double[] triangle =
          new GaussianMatrices(new SplittableRandom(i))
              .triangle(rows, columns)
              .dup('c')
              .data()
              .asDouble();
      double trace = 0;
      for (double x : triangle) {
        trace += x * x;
      }
      sum += trace / n;
      squares += trace * trace / n;
    }
    double k = rows * columns;
    // chi-squared with k degrees of freedom: mean k, variance 2 k
    assertThat(sum).isCloseTo(k, within(5 * Math.sqrt(2 * k / n)));
    assertThat(squares - sum * sum).isCloseTo(2 * k, within(0.25 * k + 0.5));
  }

  @Test
  void samplesDependOnTheSeedAndNotOnTheThreads() {
    TransformerConfig config = config(6, 3, 12, false);
    RandomSpread spread = RandomCircuits.ovPositivity(config, 50, 3L);
    assertThat(RandomCircuits.ovPositivity(config, 50, 4L)).isNotEqualTo(spread);
    int before = Parallel.threads();
    try {
      Parallel.setThreads(1);
      assertThat(RandomCircuits.ovPositivity(config, 50, 3L)).isEqualTo(spread);
    } finally {
      Parallel.setThreads(before);
    }
  }

  @Test
  void oneSampleIsRefused() {
    assertThatThrownBy(() -> RandomCircuits.composition(config(2, 2, 2, false), 1, 1L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 2 samples, was 1");
  }

  /** Kolmogorov and Smirnov: the distance of two samples of n, beyond 1.95 sqrt(2 / n) at 0.1%. */
  private static void assertSame(RandomSpread spread, ToDoubleFunction<SplittableRandom> dense) {
    double[] a = spread.values();
    SplittableRandom random = new SplittableRandom(99L);
    double[] b = new double[a.length];
    for (int i = 0; i < b.length; i++) {
      b[i] = dense.applyAsDouble(random);
    }
    double farthest = 0;
    for (double at : new double[] {-0.9, -0.6, -0.3, -0.1, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9}) {
      farthest = Math.max(farthest, Math.abs(below(a, at + 1e-9) - below(b, at + 1e-9)));
    }
    assertThat(farthest).isLessThan(1.95 * Math.sqrt(2.0 / a.length));
    assertThat(spread.mean()).isCloseTo(Arrays.stream(b).average().orElseThrow(), within(0.08));
  }

  private static double below(double[] values, double bound) {
    return (double) Arrays.stream(values).filter(v -> v < bound).count() / values.length;
  }

  private static double positivity(INDArray dense) {
    return new FactoredMatrix(dense, Nd4j.eye(dense.size(0)).castTo(DataType.DOUBLE))
        .eigenvalues()
        .positivity();
  }

  private static double norm(INDArray m) {
    return Matrices.norm(m.dup('c').toDoubleMatrix());
  }

  private static INDArray normal(SplittableRandom random, int rows, int columns) {
    double[] values = new double[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return Nd4j.createFromArray(values).reshape('c', rows, columns);
  }
}
