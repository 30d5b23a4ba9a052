package dev.circuitscope.toymodels.superposition;

import java.util.List;

/**
 * The training loss over time: exact means of every step's batch loss, in windows.
 *
 * @param steps for each window, the number of steps made at its end
 * @param losses for each window, the mean over its steps of the batch loss before the update
 */
public record LossHistory(List<Integer> steps, List<Double> losses) {

  /**
   * Checks that both lists have the same length.
   *
   * @param steps for each window
   * @param losses for each window
   * @throws IllegalArgumentException if they have not
   */
  public LossHistory {
    steps = List.copyOf(steps);
    losses = List.copyOf(losses);
    if (steps.size() != losses.size()) {
      throw new IllegalArgumentException(
          "a loss history needs one loss per step, was "
              + steps.size()
              + " steps, "
              + losses.size()
              + " losses");
    }
  }

  /**
   * The last window's loss.
   *
   * @return NaN if nothing was recorded
   */
  public double last() {
    return losses.isEmpty() ? Double.NaN : losses.get(losses.size() - 1);
  }
}
