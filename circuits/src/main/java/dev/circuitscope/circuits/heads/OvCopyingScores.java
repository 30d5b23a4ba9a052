package dev.circuitscope.circuits.heads;

import dev.circuitscope.circuits.algebra.FullCircuits;
import dev.circuitscope.circuits.algebra.HeadCircuit;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.model.Transformer;
import java.util.Arrays;
import java.util.List;

/**
 * How much each head copies, by its weights: sum of lambda over sum of |lambda| for the eigenvalues
 * of its full OV circuit W_E W_V W_O W_U (A Mathematical Framework for Transformer Circuits,
 * section "Copying heads"; TransformerLens's {@code full_OV} circuits have the same).
 *
 * <p>1 is a head that raises the logit of whatever it attends to, -1 one that lowers it; random
 * weights are near 0. Weights are taken as they are: fold LayerNorm first to count its weights in.
 *
 * <pre>{@code
 * HeadScores copying = OvCopyingScores.of(model);
 * }</pre>
 */
public final class OvCopyingScores {

  private OvCopyingScores() {}

  /**
   * Scores every head.
   *
   * @param model which predicts the tokens that it reads
   * @return from -1 to 1
   * @throws IllegalArgumentException if it predicts another vocabulary
   */
  public static HeadScores of(Transformer model) {
    int layers = model.config().nLayers();
    int heads = model.config().nHeads();
    FullCircuits full = FullCircuits.of(model);
    double[][] values = new double[layers][heads];
    for (int layer = 0; layer < layers; layer++) {
      List<HeadCircuit> circuits = HeadCircuit.ofLayer(model, layer);
      double[] row = values[layer];
      Parallel.forEach(
          heads, head -> row[head] = full.ovEigenvalues(circuits.get(head)).positivity());
    }
    double[][] none = new double[layers][heads];
    Arrays.stream(none).forEach(row -> Arrays.fill(row, Double.NaN));
    return new HeadScores(
        "OV copying",
        "sum of the eigenvalues of W_E W_V W_O W_U over the sum of their magnitudes",
        values,
        none,
        0,
        0,
        Provenance.ofWeights(model.config()));
  }
}
