package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.toymodels.kernels.Block;
import dev.circuitscope.toymodels.kernels.BlockKernels;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The samples of a training as arrays, bit for bit those that {@link ToyTrainer} draws inside its
 * loop: for training the same model elsewhere, or looking at what it saw.
 *
 * <pre>{@code
 * ToyConfig config = ToyConfig.builder(5, 2).featureProbability(0.05).build();
 * INDArray x = ToyBatches.of(config, 0).at(0); // [1024, 5], of which 5% are not zero
 * }</pre>
 */
public final class ToyBatches {

  private final ToyConfig config;
  private final int instance;
  private final BlockDistribution data;
  private final BlockKernels kernels = BlockKernels.best();

  private ToyBatches(ToyConfig config, int instance) {
    this.config = config;
    this.instance = instance;
    this.data = BlockDistribution.of(config.distribution());
  }

  /**
   * The batches of one instance.
   *
   * @param config what is trained
   * @param instance from 0 to {@code config.instances() - 1}
   * @return its batches; nothing is drawn yet
   * @throws IndexOutOfBoundsException if there is no such instance
   */
  public static ToyBatches of(ToyConfig config, int instance) {
    Objects.checkIndex(instance, config.instances());
    return new ToyBatches(config, instance);
  }

  /**
   * The batch of one step.
   *
   * @param step from 0; also beyond the end of the configured training
   * @return x, [batch, features], a new array at each call
   * @throws IllegalArgumentException if {@code step} is negative
   */
  public INDArray at(int step) {
    if (step < 0) {
      throw new IllegalArgumentException("a training step must not be negative, was " + step);
    }
    long stream = Instance.batchKey(config, instance, step);
    double p = config.featureProbability(instance);
    float[][] samples = new float[config.batch()][config.features()];
    Block block = Block.of(config.features());
    for (int s = 0; s < samples.length; s++) {
      int column = s % Block.WIDTH;
      if (column == 0) {
        data.fill(p, SampleBlock.of(kernels, block, stream, s));
      }
      for (int i = 0; i < samples[s].length; i++) {
        samples[s][i] = block.values()[i * Block.WIDTH + column];
      }
    }
    return Nd4j.createFromArray(samples);
  }
}
