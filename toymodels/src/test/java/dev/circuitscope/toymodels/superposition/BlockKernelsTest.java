package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.kernels.Block;
import dev.circuitscope.toymodels.kernels.BlockKernels;
import dev.circuitscope.toymodels.kernels.CounterRandom;
import dev.circuitscope.toymodels.kernels.vector.VectorBlockKernels;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectorised kernels against the plain ones. */
class BlockKernelsTest {

  private final BlockKernels plain = BlockKernels.plain();
  private final BlockKernels vector = new VectorBlockKernels();

  @Test
  void testsRunWithVectorInstructions() {
    assertThat(BlockKernels.best()).isInstanceOf(VectorBlockKernels.class);
  }

  @Test
  void bothDrawTheSameBitsAndSoDoesTheScalarDefinition() {
    Block a = Block.of(2);
    Block b = Block.of(2);
    plain.sparseUniform(0x1234567890ABCDEFL, 77, 0.3f, a, 1);
    vector.sparseUniform(0x1234567890ABCDEFL, 77, 0.3f, b, 1);
    assertThat(b.values()).isEqualTo(a.values());
    for (int s = 0; s < Block.WIDTH; s++) {
      double u = CounterRandom.uniform(0x1234567890ABCDEFL, 77 + s);
      assertThat((double) a.values()[Block.WIDTH + s])
          .isCloseTo(Math.max(0, 1 - u / 0.3), within(1e-6));
    }
  }

  @ParameterizedTest(name = "n = {0}, m = {1}, {2} samples")
  @CsvSource({
    "1, 1, 1",
    "1, 1, 128",
    "2, 1, 16",
    "3, 2, 15",
    "4, 4, 17",
    "5, 2, 128",
    "20, 5, 128",
    "20, 5, 100",
    "21, 7, 33",
    "80, 20, 127",
    "16, 16, 1",
    "18, 70, 31",
    "61, 33, 128"
  })
  void aWholePassGivesTheSameSums(int n, int m, int samples) {
    for (ToyArchitecture architecture : ToyArchitecture.values()) {
      float[] a = pass(plain, architecture, n, m, samples);
      float[] b = pass(vector, architecture, n, m, samples);
      float largest = 0;
      for (float value : a) {
        largest = Math.max(largest, Math.abs(value));
      }
      assertThat(largest).isPositive();
      for (int q = 0; q < a.length; q++) {
        assertThat(b[q])
            .as("%s, quantity %d", architecture, q)
            .isCloseTo(a[q], within(2e-6f * largest));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "64", "127", "128"})
  void samplesBeyondTheBatchCountForNothing(int samples) {
    float[] fewer = pass(vector, ToyArchitecture.RELU_OUTPUT, 6, 3, samples);
    double expected = 0;
    float[][] w = new float[3][6];
    float[] flat = weights(6, 3, 8);
    for (int k = 0; k < 3; k++) {
      System.arraycopy(flat, 6 * k, w[k], 0, 6);
    }
    ToyModel model = ToyModel.of(w, bias(6), ToyActivation.RELU_OUTPUT);
    for (int s = 0; s < samples; s++) {
      float[] x = new float[6];
      IndependentFeatures.EQUAL.sample(0.4, new SampleRandom(5, s), x);
      float[] y = model.reconstruct(x);
      for (int i = 0; i < 6; i++) {
        expected += 0.01 * (i + 1) * (y[i] - x[i]) * (y[i] - x[i]);
      }
    }
    assertThat((double) fewer[fewer.length - 1]).isCloseTo(expected, within(1e-5 * expected));
  }

  @Test
  void notANumberIsPassedOn() {
    for (BlockKernels kernels : new BlockKernels[] {plain, vector}) {
      Weights inBias = new Weights(new float[] {1, 1}, new float[0], new float[] {Float.NaN, 0});
      Weights inEncoder = new Weights(new float[] {1, Float.NaN}, new float[0], new float[] {0, 0});
      for (Weights w : new Weights[] {inBias, inEncoder}) {
        ChunkPass pass = chunkPass(kernels, ToyArchitecture.RELU_HIDDEN, w);
        BlockKernels.Output output = new BlockKernels.Output(0f, w.bias(), new float[] {1, 1});
        float[] sums = pass.newSums();
        pass.forward(w, output, new ChunkPass.Samples(3, 0, 128), sums);
        assertThat(pass.lossOf(sums)).isNaN();
      }
    }
  }

  /** The gradients of W and b, then twice the loss. */
  private static float[] pass(
      BlockKernels kernels, ToyArchitecture architecture, int n, int m, int samples) {
    float[] decoder = architecture.isTied() ? new float[0] : weights(n, m, 9);
    Weights w = new Weights(weights(n, m, 8), decoder, bias(n));
    ChunkPass pass = chunkPass(kernels, architecture, w);
    float[] scale = new float[n];
    for (int i = 0; i < n; i++) {
      scale[i] = 0.01f * (i + 1);
    }
    BlockKernels.Output output =
        new BlockKernels.Output(architecture.output().floor, w.bias(), scale);
    // A block used before must leave nothing behind.
    float[] sums = pass.newSums();
    pass.run(w, output, new ChunkPass.Samples(99, 0, Block.WIDTH), sums);
    pass.run(w, output, new ChunkPass.Samples(5, 0, samples), sums);
    Weights gradient = w.copy();
    pass.gradientOf(sums, gradient);
    float[] all = new float[w.size() + 1];
    int at = 0;
    for (float[] array : gradient.arrays()) {
      System.arraycopy(array, 0, all, at, array.length);
      at += array.length;
    }
    all[at] = (float) (2 * pass.lossOf(sums));
    return all;
  }

  private static ChunkPass chunkPass(
      BlockKernels kernels, ToyArchitecture architecture, Weights w) {
    FeatureDistribution distribution = ToyConfig.usualDistribution(architecture);
    return new ChunkPass(kernels, architecture, distribution, 0.4, w);
  }

  private static float[] weights(int n, int m, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] w = new float[n * m];
    for (int i = 0; i < w.length; i++) {
      w[i] = (float) random.nextDouble(-1, 1);
    }
    return w;
  }

  private static float[] bias(int n) {
    float[] b = new float[n];
    for (int i = 0; i < n; i++) {
      b[i] = 0.05f * (i % 5 - 2);
    }
    return b;
  }
}
