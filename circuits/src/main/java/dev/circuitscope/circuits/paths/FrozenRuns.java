package dev.circuitscope.circuits.paths;

import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.ReferenceTransformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/**
 * {@link FrozenRun}s of many sequences over the same weights. Each is made when it is needed and
 * not kept.
 *
 * <pre>{@code
 * FrozenRuns runs = FrozenRuns.of(model, sequences).describedAs("held-out text");
 * List<Double> losses = runs.map((i, run) -> run.loss(run.logits()));   // on all threads
 * }</pre>
 */
public final class FrozenRuns {

  private final LinearWeights weights;
  private final int[][] sequences;
  private final Provenance provenance;

  private FrozenRuns(LinearWeights weights, int[][] sequences, Provenance provenance) {
    this.weights = weights;
    this.sequences = sequences;
    this.provenance = provenance;
  }

  /**
   * Prepares runs of a model.
   *
   * @param model its float32 weights are taken as they are
   * @param sequences [sequence][pos], equally long
   * @return the runs
   * @throws IllegalArgumentException if there is no sequence or their lengths differ
   */
  public static FrozenRuns of(Transformer model, int[][] sequences) {
    return of(ReferenceTransformer.of(model.config(), model.weights()), sequences);
  }

  /**
   * Prepares runs of a float64 model.
   *
   * @param model any
   * @param sequences [sequence][pos], equally long
   * @return the runs
   * @throws IllegalArgumentException if there is no sequence or their lengths differ
   */
  public static FrozenRuns of(ReferenceTransformer model, int[][] sequences) {
    if (sequences.length == 0) {
      throw new IllegalArgumentException("there is no sequence to run; give at least one");
    }
    for (int[] sequence : sequences) {
      if (sequence.length != sequences[0].length) {
        throw new IllegalArgumentException(
            "sequences must be equally long, were %d and %d tokens"
                .formatted(sequences[0].length, sequence.length));
      }
    }
    int[][] copy = Arrays.stream(sequences).map(int[]::clone).toArray(int[][]::new);
    return new FrozenRuns(
        new LinearWeights(model), copy, provenance(model.config(), copy, "given tokens"));
  }

  /**
   * The same runs with another description of their sequences.
   *
   * @param data what the sequences are, in words
   * @return new runs
   */
  public FrozenRuns describedAs(String data) {
    return new FrozenRuns(weights, sequences, provenance(weights.config(), sequences, data));
  }

  /**
   * The number of sequences.
   *
   * @return at least 1
   */
  public int size() {
    return sequences.length;
  }

  /**
   * The shape of the model.
   *
   * @return its configuration
   */
  public TransformerConfig config() {
    return weights.config();
  }

  /**
   * Runs the model on one sequence.
   *
   * @param sequence from 0
   * @return a new run
   * @throws IndexOutOfBoundsException if there is no such sequence
   */
  public FrozenRun run(int sequence) {
    return FrozenRun.of(weights, sequences[sequence]);
  }

  /**
   * What to compute on a sequence.
   *
   * @param <T> of the result
   */
  @FunctionalInterface
  public interface Measure<T> {
    /**
     * Computes it; called from several threads.
     *
     * @param sequence its number
     * @param run of it
     * @return a result
     */
    T of(int sequence, FrozenRun run);
  }

  /**
   * Runs every sequence, on all threads of the library, and keeps what is computed on it.
   *
   * @param <T> of the results
   * @param measure what to compute
   * @return a result for each sequence, in order
   */
  public <T> List<T> map(Measure<T> measure) {
    List<T> results = new ArrayList<>(Collections.nCopies(size(), null));
    Parallel.forEach(size(), i -> results.set(i, measure.of(i, run(i))));
    return results;
  }

  /**
   * Where results come from.
   *
   * @return the model's shape and the sequences
   */
  public Provenance provenance() {
    return provenance;
  }

  private static Provenance provenance(TransformerConfig config, int[][] sequences, String data) {
    return Provenance.of(config, sequences, data, OptionalLong.empty(), RunSettings.plain());
  }
}
