package dev.circuitscope.toymodels.superposition;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Optimiser steps of all instances, data generation and AdamW included: p = 0.1, 1,024 samples.
 * Ours runs through the public trainer, whose final evaluation counts against it. How many steps a
 * measurement makes is the size's: {@link ToySize#steps}, {@link ToySize#peerSteps}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(1)
public class ToyTrainingBenchmark {

  /** The training that both sides do. */
  @State(Scope.Benchmark)
  public static class Training {

    /** Which size. */
    @Param({"PENTAGON", "NOTEBOOK", "MIDDLE", "GEOMETRY"})
    public String size;

    /** How many models at once. */
    @Param({"1", "4", "20"})
    public int instances;

    ToySize chosen;
    ToyConfig config;

    /** Makes the configuration. */
    @Setup
    public void configure() {
      chosen = ToySize.valueOf(size);
      config = chosen.config(instances, chosen.steps);
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

  @Benchmark
  public ToyResults circuitscope(Training training) {
    return ToyTrainer.of(training.config).train();
  }

  @Benchmark
  public void libtorch(Training training, Peer peer) {
    for (int step = 0; step < training.chosen.peerSteps; step++) {
      peer.model.step();
    }
  }
}
