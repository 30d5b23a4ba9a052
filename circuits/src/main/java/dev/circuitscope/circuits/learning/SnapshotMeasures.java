package dev.circuitscope.circuits.learning;

import dev.circuitscope.circuits.heads.RepeatScores;
import dev.circuitscope.circuits.learning.snapshots.ModelSnapshots;
import dev.circuitscope.circuits.learning.snapshots.SnapshotProgress;
import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.model.Transformer;

/**
 * What is measured at every snapshot of a training: always on the same tokens, so that curves move
 * because the model does.
 *
 * @param repeats random repeats for scores of heads and for the copy loss
 * @param heldOut text that is not trained on, [sequence, pos]; not copied
 * @param positions which losses the in-context learning score compares
 */
public record SnapshotMeasures(RepeatSampling repeats, int[][] heldOut, LossPositions positions) {

  /**
   * Checks that the held-out text reaches as far as the late position.
   *
   * @param repeats random repeats for scores of heads and for the copy loss
   * @param heldOut text that is not trained on, [sequence, pos]; not copied
   * @param positions which losses the in-context learning score compares
   * @throws IllegalArgumentException if there is no text or it is too short
   */
  public SnapshotMeasures {
    if (heldOut.length == 0 || heldOut[0].length - 2 < positions.late()) {
      throw new IllegalArgumentException(
          "snapshot measures: held-out text must have at least one sequence of %d tokens, has %d sequences%s"
              .formatted(
                  positions.late() + 2,
                  heldOut.length,
                  heldOut.length == 0 ? "" : " of " + heldOut[0].length));
    }
  }

  /**
   * Measures one snapshot.
   *
   * @param step of training
   * @param tokensSeen in training so far
   * @param model as it is at that step
   * @return the measurements
   */
  public Snapshot measure(long step, long tokensSeen, Transformer model) {
    RunSettings plain = RunSettings.plain();
    return new Snapshot(
        step,
        tokensSeen,
        RepeatScores.of(model, repeats, plain),
        CopyLoss.of(model, repeats, plain),
        InContextLearning.of(model, heldOut, positions, plain));
  }

  /**
   * Measures all snapshots of a training.
   *
   * @param run the models
   * @param progress is told after each
   * @return the measurements in order
   */
  public ScoreTimeline timeline(ModelSnapshots run, SnapshotProgress progress) {
    return new ScoreTimeline(
        run.map((moment, model) -> measure(moment.step(), moment.tokens(), model), progress));
  }
}
