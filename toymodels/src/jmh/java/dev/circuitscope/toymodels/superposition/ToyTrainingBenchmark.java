package dev.circuitscope.toymodels.superposition;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One optimiser step of all instances, data generation and AdamW included: n = 20, m = 5, p = 0.1,
 * 1,024 samples. Ours runs through the public trainer, whose final evaluation counts against it.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(1)
public class ToyTrainingBenchmark {

  /** Steps per measured invocation: of ours, and of libtorch, which needs fewer to be measured. */
  static final int STEPS = 1000;

  static final int PEER_STEPS = 200;

  /** The training that both sides do. */
  @State(Scope.Benchmark)
  public static class Training {

    /** How many models at once. */
    @Param({"1", "10"})
    public int instances;

    ToyConfig config;

    /** Makes the configuration. */
    @Setup
    public void configure() {
      config = config(instances, STEPS);
    }
  }

  /** libtorch's models, which live as long as the fork. */
  @State(Scope.Benchmark)
  public static class Peer {

    LibtorchToyModel model;

    /** Loads the engine. */
    @Setup(Level.Trial)
    public void load(Training training) {
      model = new LibtorchToyModel(training.config);
    }

    /** Frees its arrays. */
    @TearDown(Level.Trial)
    public void close() {
      model.close();
    }
  }

  static ToyConfig config(int instances, int steps) {
    return ToyConfig.builder(20, 5)
        .geometricImportance(0.7)
        .featureProbability(0.1)
        .restarts(instances)
        .steps(steps)
        .build();
  }

  @Benchmark
  @OperationsPerInvocation(STEPS)
  public ToyResults circuitscope(Training training) {
    return ToyTrainer.of(training.config).train();
  }

  @Benchmark
  @OperationsPerInvocation(PEER_STEPS)
  public void libtorch(Training training, Peer peer) {
    for (int step = 0; step < PEER_STEPS; step++) {
      peer.model.step();
    }
  }
}
