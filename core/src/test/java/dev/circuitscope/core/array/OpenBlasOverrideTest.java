package dev.circuitscope.core.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.openblas.global.openblas;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J under an OpenBLAS newer than the one it was built with: every part of ND4J that this library
 * relies on still computes what it says.
 */
class OpenBlasOverrideTest {

  /** What the test below starts: loads the library, which then says for which CPU it decided. */
  public static final class Loads {
    public static void main(String[] args) {
      Matrix one = FloatBlock.zeros(1).matrix(0, 1, 1);
      Blas.gemm(1, one, one, 0, one);
    }
  }

  /** A generic kernel is ten times slower, and nothing else would show it. */
  @Test
  void openBlasKnowsThisCpu() throws Exception {
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Loads.class.getName());
    java.environment().put("OPENBLAS_VERBOSE", "2");
    Process process = java.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("Core: ");
    if (hasAvx2()) {
      assertThat(said)
          .doesNotContain("fallback")
          .doesNotContainPattern("Core: (Prescott|Core2|Generic|Nehalem|Barcelona|Sandybridge)");
    }
  }

  @Test
  void singularValuesThroughNd4jGiveTheMatrixBack() {
    INDArray a = random(7, 4);
    INDArray copy = a.dup('f');
    INDArray s = Nd4j.create(DataType.FLOAT, 4);
    INDArray u = Nd4j.create(DataType.FLOAT, new long[] {7, 7}, 'f');
    INDArray vt = Nd4j.create(DataType.FLOAT, new long[] {4, 4}, 'f');
    Nd4j.getBlasWrapper().lapack().gesvd(copy, s, u, vt);
    INDArray diagonal = Nd4j.zeros(DataType.FLOAT, 7, 4);
    for (int i = 0; i < 4; i++) {
      diagonal.putScalar(i, i, s.getFloat(i));
    }
    TensorAssert.assertThat(u.mmul(diagonal).mmul(vt)).isCloseTo(a, Tolerance.absolute(1e-5));
    assertThat(s.toFloatVector()).isSortedAccordingTo((x, y) -> Float.compare(y, x));
  }

  @Test
  void productsThroughNd4jAreThoseOfLoops() {
    INDArray a = random(9, 5);
    INDArray b = random(5, 6);
    INDArray expected = Nd4j.zeros(DataType.DOUBLE, 9, 6);
    for (int i = 0; i < 9; i++) {
      for (int j = 0; j < 6; j++) {
        double sum = 0;
        for (int k = 0; k < 5; k++) {
          sum += (double) a.getFloat(i, k) * b.getFloat(k, j);
        }
        expected.putScalar(i, j, sum);
      }
    }
    TensorAssert.assertThat(a.mmul(b)).isCloseTo(expected, Tolerance.absolute(1e-5));
    INDArray viewed = b.transpose().dup().transpose();
    TensorAssert.assertThat(a.mmul(viewed)).isCloseTo(expected, Tolerance.absolute(1e-5));
  }

  @Test
  void sortingThroughNd4jSorts() {
    float[] values = random(1, 501).ravel().toFloatVector();
    float[] expected = values.clone();
    Arrays.sort(expected);
    assertThat(Nd4j.sort(Nd4j.createFromArray(values), true).toFloatVector())
        .containsExactly(expected);
  }

  @Test
  void randomNumbersThroughNd4jRepeatWithTheirSeed() {
    var generator = Nd4j.getRandomFactory().getNewRandomInstance(17);
    INDArray first = generator.nextGaussian(new int[] {100, 100});
    INDArray again =
        Nd4j.getRandomFactory().getNewRandomInstance(17).nextGaussian(new int[] {100, 100});
    TensorAssert.assertThat(again).hasSameBitsAs(first);
    assertThat(first.meanNumber().doubleValue()).isCloseTo(0, within(0.05));
    assertThat(first.stdNumber().doubleValue()).isCloseTo(1, within(0.05));
  }

  @Test
  void permutedViewsShowTheSameElements() {
    INDArray a = Nd4j.arange(24).castTo(DataType.FLOAT).reshape(2, 3, 4);
    INDArray permuted = a.permute(2, 0, 1);
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 2; j++) {
        for (int k = 0; k < 3; k++) {
          assertThat(permuted.getFloat(i, j, k)).isEqualTo(12 * j + 4 * k + i);
        }
      }
    }
    assertThat(permuted.dup('c').ravel().getFloat(1)).isEqualTo(4);
    assertThat(permuted.sum(1).getFloat(3, 2)).isEqualTo(11 + 23);
  }

  @Test
  void lapackeFindsTheEigenvaluesOfAMatrixThatIsNotSymmetric() {
    // a rotation by 90 degrees beside a 2: eigenvalues i, -i and 2
    double[] a = {0, -1, 0, 1, 0, 0, 0, 0, 2};
    double[] real = new double[3];
    double[] imaginary = new double[3];
    int info =
        openblas.LAPACKE_dgeev(
            101,
            (byte) 'N',
            (byte) 'N',
            3,
            a,
            3,
            real,
            imaginary,
            new double[1],
            1,
            new double[1],
            1);
    assertThat(info).isZero();
    double[] sorted = imaginary.clone();
    Arrays.sort(sorted);
    TensorAssert.assertThat(sorted).isCloseTo(new double[] {-1, 0, 1}, Tolerance.DOUBLES);
    assertThat(Arrays.stream(real).max().orElseThrow()).isCloseTo(2, within(1e-12));
  }

  private static boolean hasAvx2() {
    try {
      return Files.readString(Path.of("/proc/cpuinfo")).contains(" avx2");
    } catch (IOException e) {
      return false;
    }
  }

  private static INDArray random(int rows, int cols) {
    SplittableRandom random = new SplittableRandom(rows * 1000 + cols);
    INDArray a = Nd4j.create(DataType.FLOAT, rows, cols);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        a.putScalar(i, j, (float) random.nextGaussian());
      }
    }
    return a;
  }
}
