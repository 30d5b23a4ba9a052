package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.toymodels.kernels.Block;
import dev.circuitscope.toymodels.kernels.BlockKernels;
import dev.circuitscope.toymodels.kernels.CounterRandom;
import java.util.Arrays;
import java.util.List;

/**
 * One model in training. A step's batch is cut into blocks of {@link Block#WIDTH} samples whose
 * sums are added in the order of the blocks, so it makes no difference who computes them.
 */
final class Instance {

  private static final int INITIAL_WEIGHTS = 0;
  private static final int DATA = 1;

  private final ToyConfig config;
  private final int index;
  private final Weights w;
  private final BlockKernels.Output output;

  /** Of each thread that shares a step, which finds in its cache what it wrote before. */
  private final ThreadLocal<ChunkPass> passes = ThreadLocal.withInitial(this::newPass);

  /** What adds up the sums, and does all of a step that is not shared. */
  private final ChunkPass main;

  private final int chunks;
  private final float[] total;

  /** The sums of each block if a step is split, else of one at a time. */
  private final float[][] sums;

  private final Weights gradient;
  private final AdamW[] optimizers;
  private int step;

  /**
   * @param split whether the blocks of a step are shared out among threads
   */
  Instance(ToyConfig config, int index, boolean split) {
    this.config = config;
    long key = key(config, index);
    this.index = index;
    this.w =
        Weights.xavierNormal(
            config.architecture(),
            config.features(),
            config.hidden(),
            CounterRandom.key(key, INITIAL_WEIGHTS));
    this.output =
        output(config.architecture().output(), config.importance(), w.bias(), config.batch());
    this.chunks = (config.batch() + Block.WIDTH - 1) / Block.WIDTH;
    this.main = newPass();
    this.total = main.newSums();
    this.sums = new float[split ? chunks : 1][];
    Arrays.setAll(sums, c -> main.newSums());
    this.gradient = w.copy();
    this.optimizers = new AdamW[w.arrays().size()];
    Arrays.setAll(optimizers, a -> new AdamW(w.arrays().get(a).length, config.weightDecay()));
  }

  /** The key of everything random about one instance. */
  static long key(ToyConfig config, int index) {
    return CounterRandom.key(config.seed(), index);
  }

  /** The stream of samples that one step of an instance sees. */
  static long batchKey(ToyConfig config, int index, int step) {
    return CounterRandom.key(CounterRandom.key(key(config, index), DATA), step);
  }

  /** The loss is the mean over samples and features, so c_i = 2 I_i / (samples n). */
  static BlockKernels.Output output(
      ToyActivation activation, List<Float> importance, float[] bias, int samples) {
    float[] scale = new float[bias.length];
    for (int i = 0; i < scale.length; i++) {
      scale[i] = (float) (2.0 * importance.get(i) / ((double) samples * scale.length));
    }
    return new BlockKernels.Output(activation.floor, bias, scale);
  }

  /** Makes one optimiser step; returns the loss before it. */
  double step() {
    double loss = computeGradient();
    double rate = config.learningRate() * config.training().schedule().factor(step, config.steps());
    List<float[]> parameters = w.arrays();
    List<float[]> gradients = gradient.arrays();
    for (int a = 0; a < optimizers.length; a++) {
      optimizers[a].update(parameters.get(a), gradients.get(a), rate);
    }
    step++;
    return loss;
  }

  private ChunkPass newPass() {
    return new ChunkPass(
        BlockKernels.best(),
        config.architecture(),
        config.distribution(),
        config.featureProbability(index),
        w);
  }

  /** The loss of the coming step's batch, and its gradient in {@link #gradient}. */
  double computeGradient() {
    long stream = batchKey(config, index, step);
    Arrays.fill(total, 0f);
    if (sums.length > 1) {
      Parallel.forEach(chunks, c -> pass(passes.get(), stream, c, sums[c]));
      for (float[] part : sums) {
        add(part, total);
      }
    } else {
      for (int c = 0; c < chunks; c++) {
        pass(main, stream, c, sums[0]);
        add(sums[0], total);
      }
    }
    main.gradientOf(total, gradient);
    return main.lossOf(total);
  }

  private void pass(ChunkPass pass, long stream, int chunk, float[] to) {
    int first = chunk * Block.WIDTH;
    int count = Math.min(Block.WIDTH, config.batch() - first);
    pass.run(w, output, new ChunkPass.Samples(stream, first, count), to);
  }

  private static void add(float[] from, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += from[i];
    }
  }

  Weights gradient() {
    return gradient;
  }

  Weights weights() {
    return w;
  }

  ToyModel model() {
    return new ToyModel(config.architecture(), w);
  }
}
