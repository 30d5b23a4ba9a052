package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.train.AdamW;
import dev.circuitscope.core.train.AdamWConfig;
import dev.circuitscope.core.train.GradientNorm;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A forward pass with every activation kept, and a training step with AdamW, of a 2-layer
 * attention-only model: d_model 256, 8 heads, context 256, batch 8, vocabulary 1024.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class TransformerBenchmark {

  static final int SGEMM = 1024;
  private static final int SGEMM_ROWS = 256;

  /** The model and batch of both sides. */
  @State(Scope.Benchmark)
  public static class Work {

    final Transformer model = model();
    final int[][] tokens = tokens();
    final Weights gradients = Weights.zeros(model.config());
    final AdamW optimizer = new AdamW(AdamWConfig.of(1e-3), model.config());
  }

  /** libtorch's model. */
  @State(Scope.Benchmark)
  public static class Peer {

    LibtorchTransformer model;

    /** Loads the engine. */
    @Setup(Level.Trial)
    public void load() {
      model = new LibtorchTransformer(model(), tokens());
    }

    /** Frees its arrays. */
    @TearDown(Level.Trial)
    public void close() {
      model.close();
    }
  }

  /** The factors of the product that shows what the machine can do. */
  @State(Scope.Benchmark)
  public static class Square {

    final FloatBlock a = FloatBlock.zeros(SGEMM * SGEMM);
    final FloatBlock b = FloatBlock.zeros(SGEMM * SGEMM);
    final FloatBlock c = FloatBlock.zeros(SGEMM * SGEMM);
  }

  static Transformer model() {
    return Transformer.create(
        TransformerConfig.attentionOnly(2).heads(8).dModel(256).vocab(1024).context(256).build(),
        42L);
  }

  static int[][] tokens() {
    SplittableRandom random = new SplittableRandom(1);
    int[][] tokens = new int[8][256];
    for (int[] sequence : tokens) {
      for (int t = 0; t < sequence.length; t++) {
        sequence[t] = random.nextInt(1024);
      }
    }
    return tokens;
  }

  @Benchmark
  public int forwardCircuitscope(Work work) {
    try (Run run = work.model.runWithCache(work.tokens)) {
      return run.cache().points().size();
    }
  }

  @Benchmark
  public long forwardLibtorch(Peer peer) {
    return peer.model.forwardWithCache();
  }

  @Benchmark
  public double stepCircuitscope(Work work) {
    double loss = work.model.lossAndGradients(work.tokens, work.gradients);
    double norm = GradientNorm.of(work.gradients);
    work.optimizer.update(work.model.weights(), work.gradients, norm, 1e-3);
    return loss;
  }

  @Benchmark
  public void stepLibtorch(Peer peer) {
    peer.model.trainingStep();
  }

  @Benchmark
  public void sgemm(Square s) {
    Parallel.forEach(
        SGEMM / SGEMM_ROWS,
        i ->
            Blas.gemm(
                1,
                s.a.matrix(i * SGEMM_ROWS * SGEMM, SGEMM_ROWS, SGEMM),
                s.b.matrix(0, SGEMM, SGEMM),
                0,
                s.c.matrix(i * SGEMM_ROWS * SGEMM, SGEMM_ROWS, SGEMM)));
  }
}
