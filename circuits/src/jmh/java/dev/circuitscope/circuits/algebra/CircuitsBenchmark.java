package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a person waits for on a model of GPT-2's size: 12 layers of 12 heads, d_model 768, d_head
 * 64, vocabulary 50,257, LayerNorm. And the dense way, where it still fits.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@Fork(1)
public class CircuitsBenchmark {

  private static final int DENSE_PAIRS = 12;

  private final Transformer model =
      Transformer.create(
          TransformerConfig.attentionOnly(12)
              .heads(12)
              .dModel(768)
              .vocab(50_257)
              .context(32)
              .build(),
          1L);
  private Circuits circuits;
  private FactoredMatrix wide;
  private INDArray dense;
  private List<HeadCircuit> first;
  private List<HeadCircuit> second;

  /** Circuits that have computed nothing yet. */
  @Setup(Level.Iteration)
  public void prepare() {
    circuits = Circuits.of(model);
    first = circuits.heads().stream().limit(DENSE_PAIRS).map(circuits::head).toList();
    second = circuits.heads().stream().skip(DENSE_PAIRS).limit(1).map(circuits::head).toList();
    int[] tokens = IntStream.range(0, 2048).toArray();
    wide = circuits.fullOv(new Head(3, 3)).selectRows(tokens).selectColumns(tokens);
    dense = wide.product();
  }

  /**
   * Q-, K- and V-composition of all 9,504 pairs, each with the spread of 100 random pairs.
   *
   * @return the scores
   */
  @Benchmark
  public Object compositionOfAllPairs() {
    return List.of(
        CompositionScores.of(circuits, Composition.Q, 1L),
        CompositionScores.of(circuits, Composition.K, 2L),
        CompositionScores.of(circuits, Composition.V, 3L));
  }

  /**
   * The eigenvalues of all 144 circuits [50257, 50257].
   *
   * @return the last head's
   */
  @Benchmark
  public Object eigenvaluesOfAllFullOvCircuits() {
    Eigenvalues[] values = new Eigenvalues[circuits.heads().size()];
    values[0] = circuits.ovEigenvalues(circuits.heads().get(0));
    Parallel.forEach(
        values.length - 1,
        i -> values[i + 1] = circuits.ovEigenvalues(circuits.heads().get(i + 1)));
    return values;
  }

  /**
   * What random heads have: 100 of them.
   *
   * @return the spread
   */
  @Benchmark
  public Object spreadOfRandomCopying() {
    return RandomCircuits.ovPositivity(model.config(), 100, 1L);
  }

  /**
   * The 20 largest of 2.5 billion entries.
   *
   * @return the entries
   */
  @Benchmark
  public Object topEntriesOfAFullOvCircuit() {
    return circuits.fullOv(new Head(5, 5)).top(20, TopOrder.LARGEST);
  }

  /**
   * Eigenvalues of a circuit [2048, 2048] of rank 64, by its factors.
   *
   * @return the eigenvalues
   */
  @Benchmark
  public Object eigenvaluesFactored() {
    return wide.eigenvalues();
  }

  /**
   * Eigenvalues of the same circuit, dense.
   *
   * @return the eigenvalues
   */
  @Benchmark
  public Object eigenvaluesDense() {
    return Lapack.eigenvalues(dense);
  }

  /**
   * K-composition of 12 pairs, by dense products of [768, 768].
   *
   * @return the sum of the scores
   */
  @Benchmark
  public Object compositionOf12PairsDense() {
    double sum = 0;
    INDArray read = second.get(0).qk().product().transpose();
    for (HeadCircuit head : first) {
      INDArray write = head.ov().product();
      sum +=
          write.mmul(read).norm2Number().doubleValue()
              / write.norm2Number().doubleValue()
              / read.norm2Number().doubleValue();
    }
    return sum;
  }
}
