package dev.circuitscope.toymodels.superposition;

import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the machine can do: a 1024 x 1024 x 1024 float32 product by OpenBLAS on all cores. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(1)
@State(Scope.Benchmark)
public class SgemmBenchmark {

  static final int SIZE = 1024;
  private static final int PRODUCTS = 20;

  private final INDArray a = Nd4j.createUninitialized(new long[] {SIZE, SIZE}, 'f').assign(0.5f);
  private final INDArray b = Nd4j.createUninitialized(new long[] {SIZE, SIZE}, 'f').assign(0.5f);
  private final INDArray c = Nd4j.create(new int[] {SIZE, SIZE}, 'f');

  @Benchmark
  @OperationsPerInvocation(PRODUCTS)
  public INDArray sgemm() {
    for (int i = 0; i < PRODUCTS; i++) {
      Nd4j.gemm(a, b, c, false, false, 1, 0);
    }
    return c;
  }
}
