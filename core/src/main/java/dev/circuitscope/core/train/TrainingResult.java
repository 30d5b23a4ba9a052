package dev.circuitscope.core.train;

import dev.circuitscope.core.model.Transformer;
import java.util.List;

/**
 * What a training gave.
 *
 * @param model the trained model, which nothing changes any more
 * @param history what was measured on the way, by step
 * @param step the number of updates made
 * @param provenance where the model comes from
 */
public record TrainingResult(
    Transformer model, List<LogEntry> history, long step, TrainingProvenance provenance) {

  /**
   * Copies the history.
   *
   * @param model the trained model
   * @param history by step
   * @param step updates made
   * @param provenance where the model comes from
   */
  public TrainingResult {
    history = List.copyOf(history);
  }

  /**
   * Whether the training reached its end; if not, it was interrupted or stopped.
   *
   * @return whether all steps were made
   */
  public boolean finished() {
    return step == provenance.training().steps();
  }

  /** One line: steps, tokens, and the last losses. */
  @Override
  public String toString() {
    String losses =
        history.isEmpty()
            ? "nothing measured"
            : "train loss %.4f".formatted(history.get(history.size() - 1).trainLoss());
    for (int i = history.size() - 1; i >= 0; i--) {
      if (history.get(i).evalLoss().isPresent()) {
        losses += ", held-out loss %.4f".formatted(history.get(i).evalLoss().getAsDouble());
        break;
      }
    }
    return "TrainingResult(%d of %d steps, %s)"
        .formatted(step, provenance.training().steps(), losses);
  }
}
