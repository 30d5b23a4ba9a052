package dev.circuitscope.circuits.sampling;

import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.TransformerConfig;

/**
 * How sequences run through a model: with which hooks, and how many at a time. The number at a time
 * bounds memory; it does not change results.
 *
 * <pre>{@code
 * InductionScores.of(model, sampling, RunSettings.with(Hooks.zeroHead(0, 3)));
 * }</pre>
 *
 * @param hooks what to do at which points, in every batch; a hook which holds an array with a batch
 *     axis needs a batch of that size and as many sequences
 * @param batch sequences at a time; 0 to choose by memory
 */
public record RunSettings(Hooks hooks, int batch) {

  /** Floats that one batch may keep or compute in its largest parts: 64 MB. */
  private static final long FLOATS = 1L << 24;

  /**
   * Checks the batch.
   *
   * @param hooks what to do at which points, in every batch; a hook which holds an array with a
   *     batch axis needs a batch of that size and as many sequences
   * @param batch sequences at a time; 0 to choose by memory
   * @throws IllegalArgumentException if the batch is negative
   */
  public RunSettings {
    if (batch < 0) {
      throw new IllegalArgumentException(
          "a run takes at least 1 sequence at a time, or 0 to choose by memory, was " + batch);
    }
  }

  /**
   * Runs the model as it is.
   *
   * @return no hooks, batches chosen by memory
   */
  public static RunSettings plain() {
    return with(Hooks.none());
  }

  /**
   * Runs the model with hooks: ablated, patched, steered.
   *
   * @param hooks what to do at which points
   * @return those hooks, batches chosen by memory
   */
  public static RunSettings with(Hooks hooks) {
    return new RunSettings(hooks, 0);
  }

  /**
   * Runs so many sequences at a time.
   *
   * @param sequences at least 1
   * @return new settings
   */
  public RunSettings inBatchesOf(int sequences) {
    if (sequences < 1) {
      throw new IllegalArgumentException("a batch has at least 1 sequence, was " + sequences);
    }
    return new RunSettings(hooks, sequences);
  }

  int batchFor(TransformerConfig config, int length) {
    if (batch > 0) {
      return batch;
    }
    long patterns = (long) config.nLayers() * config.nHeads() * length * length;
    long logits = (long) length * config.dVocab();
    return (int) Math.max(1, FLOATS / Math.max(1, patterns + logits));
  }
}
