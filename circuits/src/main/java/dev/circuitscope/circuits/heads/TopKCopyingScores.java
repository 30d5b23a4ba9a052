package dev.circuitscope.circuits.heads;

import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.algebra.FactoredMatrix;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.hook.Head;
import java.util.concurrent.atomic.LongAdder;

/**
 * How often a head copies in particular: the share of tokens that are among the k logits which
 * their own row of the full OV circuit W_E W_V W_O W_U raises most. Random heads have k / d_vocab.
 *
 * <p>The eigenvalues say how much a circuit copies on the whole; this says for how many tokens.
 *
 * <pre>{@code
 * double share = TopKCopyingScores.accuracy(circuits.fullOv(new Head(1, 4)), 10);
 * HeadScores all = TopKCopyingScores.of(circuits, 10);
 * }</pre>
 */
public final class TopKCopyingScores {

  private TopKCopyingScores() {}

  /**
   * Scores every head. It looks at d_vocab^2 entries for each, which takes seconds a head at 50,257
   * tokens.
   *
   * @param circuits of a model that predicts the tokens that it reads
   * @param k how many logits count as raised most, from 1 to d_vocab
   * @return from 0 to 1
   * @throws IllegalArgumentException if the model predicts another vocabulary, or k is outside its
   *     range
   */
  public static HeadScores of(Circuits circuits, int k) {
    int vocab = circuits.model().config().dVocab();
    double[][] values =
        new double[circuits.model().config().nLayers()][circuits.model().config().nHeads()];
    for (Head head : circuits.heads()) {
      values[head.layer()][head.head()] = accuracy(circuits.fullOv(head), k);
    }
    return HeadScores.ofWeights(
        "top-%d copying".formatted(k),
        "share of tokens among the %d largest entries of their row of W_E W_V W_O W_U".formatted(k),
        values,
        (double) Math.min(k, vocab) / vocab,
        Provenance.ofWeights(circuits.model().config(), circuits.processing()));
  }

  /**
   * The share of a circuit's rows whose entry on the diagonal is among the k largest. Of equal
   * entries those of lower columns count as larger, so that a circuit of zeros has k / n.
   *
   * @param circuit [n, n]
   * @param k from 1 to n
   * @return from 0 to 1
   * @throws IllegalArgumentException if the circuit is not square or k is outside its range
   */
  public static double accuracy(FactoredMatrix circuit, int k) {
    if (circuit.rows() != circuit.columns()) {
      throw new IllegalArgumentException(
          "top-k copying: the circuit is [%d, %d], it must lead to the tokens that it reads"
              .formatted(circuit.rows(), circuit.columns()));
    }
    if (k < 1 || k > circuit.columns()) {
      throw new IllegalArgumentException(
          "top-k copying: k is from 1 to %d, was %d".formatted(circuit.columns(), k));
    }
    LongAdder copied = new LongAdder();
    circuit.forEachRow(
        (row, entries) -> {
          if (before(row, entries) < k) {
            copied.increment();
          }
        });
    return (double) copied.sum() / circuit.rows();
  }

  /** How many entries come before that on the diagonal. */
  private static int before(int row, double[] entries) {
    double own = entries[row];
    int before = 0;
    for (int column = 0; column < row; column++) {
      before += entries[column] >= own ? 1 : 0;
    }
    for (int column = row + 1; column < entries.length; column++) {
      before += entries[column] > own ? 1 : 0;
    }
    return before;
  }
}
