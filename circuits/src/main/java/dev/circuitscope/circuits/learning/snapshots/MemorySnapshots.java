package dev.circuitscope.circuits.learning.snapshots;

import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.BatchSource;
import java.util.List;
import java.util.TreeMap;

/**
 * The models of a training, in memory. Not for several threads at once.
 *
 * <pre>{@code
 * MemorySnapshots run = MemorySnapshots.of(source);
 * Trainer.of(config, source, training).onSnapshot(SnapshotSchedule.logSpaced(10), run).train();
 * }</pre>
 */
public final class MemorySnapshots implements ModelSnapshots {

  private final long tokensPerStep;
  private final TreeMap<Long, Transformer> models = new TreeMap<>();

  /**
   * Holds no model yet.
   *
   * @param tokensPerStep that the training sees in a batch, at least 1
   * @throws IllegalArgumentException if that is less than 1
   */
  public MemorySnapshots(long tokensPerStep) {
    this.tokensPerStep = SameTraining.requireTokens(tokensPerStep);
  }

  /**
   * Holds no model yet.
   *
   * @param source that the training gets its batches from
   * @return snapshots to be filled
   */
  public static MemorySnapshots of(BatchSource source) {
    return new MemorySnapshots(SameTraining.tokensPerStep(source));
  }

  @Override
  public List<TrainingMoment> moments() {
    return models.keySet().stream()
        .map(step -> new TrainingMoment(step, step * tokensPerStep))
        .toList();
  }

  @Override
  public Transformer at(long step) {
    Transformer model = models.get(step);
    if (model == null) {
      throw SameTraining.noSuchStep(step, moments());
    }
    return model;
  }

  @Override
  public void observe(long step, Transformer model) {
    if (models.containsKey(step)) {
      SameTraining.requireSameModel(step, models.get(step), model);
    } else {
      if (!models.isEmpty()) {
        SameTraining.requireSameShape(step, models.firstEntry().getValue().config(), model);
      }
      models.put(new TrainingMoment(step, step * tokensPerStep).step(), model);
    }
  }

  /** How many there are, from where to where. */
  @Override
  public String toString() {
    return SameTraining.describe("in memory", moments());
  }
}
