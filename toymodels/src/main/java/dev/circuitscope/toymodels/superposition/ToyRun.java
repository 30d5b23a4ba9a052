package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.toymodels.geometry.Geometry;
import java.util.List;

/**
 * What the training of one instance ended in.
 *
 * @param instance its index
 * @param featureProbability p of its data
 * @param restart which of the instances with this p it is, from 0
 * @param model the trained model
 * @param finalLoss on held-out samples, the same ones for every restart: the mean over samples and
 *     features of I_i (x_i - x'_i)^2
 * @param history the training loss
 * @param snapshots the models at the steps that were asked for
 */
public record ToyRun(
    int instance,
    double featureProbability,
    int restart,
    ToyModel model,
    double finalLoss,
    LossHistory history,
    List<ToySnapshot> snapshots) {

  /**
   * Copies the snapshots.
   *
   * @param instance its index
   * @param featureProbability p of its data
   * @param restart which of the instances with this p it is
   * @param model the trained model
   * @param finalLoss on held-out samples
   * @param history the training loss
   * @param snapshots the models at the steps that were asked for
   */
  public ToyRun {
    snapshots = List.copyOf(snapshots);
  }

  /**
   * What the model's columns look like in space.
   *
   * @return computed anew at each call
   */
  public Geometry geometry() {
    return model.geometry();
  }
}
