package dev.circuitscope.core.train;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.model.ParameterLayout;
import dev.circuitscope.core.model.Weights;
import java.util.Optional;

/**
 * A training whose loss, gradient or weights are no longer finite. What was saved before stays: the
 * last checkpoint is good.
 */
public final class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Updates made. */
  private final long step;

  /** Null if only the loss is not finite. */
  private final String parameter;

  /** NaN or an infinity. */
  private final double value;

  /** At that step. */
  private final double learningRate;

  private TrainingDivergedException(
      String message, long step, String parameter, double value, double learningRate) {
    super(message);
    this.step = step;
    this.parameter = parameter;
    this.value = value;
    this.learningRate = learningRate;
  }

  /**
   * Looks for the first number that is not finite: in the weights, then in the gradients, then in
   * the loss, which is the order of cause and effect.
   */
  static Optional<TrainingDivergedException> find(
      long step, double learningRate, Weights weights, Weights gradients, double loss) {
    return inside("the weight", weights, step, learningRate)
        .or(() -> inside("the gradient of", gradients, step, learningRate))
        .or(
            () ->
                Double.isFinite(loss)
                    ? Optional.empty()
                    : Optional.of(at("the loss", null, loss, step, learningRate)));
  }

  private static Optional<TrainingDivergedException> inside(
      String what, Weights numbers, long step, double learningRate) {
    FloatBlock block = numbers.block();
    ParameterLayout layout = numbers.layout();
    float[] values = block.toArray();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        String name = layout.at(i).name();
        return Optional.of(at(what + " " + name, name, values[i], step, learningRate));
      }
    }
    return Optional.empty();
  }

  private static TrainingDivergedException at(
      String what, String parameter, double value, long step, double learningRate) {
    String message =
        ("training diverged at step %d: %s is %s (learning rate %s); try a lower learning rate, a"
                + " longer warm-up, gradient clipping, or a larger eps; the last checkpoint, if one"
                + " was written, is from before and good")
            .formatted(step, what, value, learningRate);
    return new TrainingDivergedException(message, step, parameter, value, learningRate);
  }

  /**
   * When it was noticed.
   *
   * @return the number of updates that had been made
   */
  public long step() {
    return step;
  }

  /**
   * Where.
   *
   * @return the name of the first parameter of which a weight or gradient is not finite; empty if
   *     only the loss is not
   */
  public Optional<String> parameter() {
    return Optional.ofNullable(parameter);
  }

  /**
   * What was found.
   *
   * @return NaN or an infinity
   */
  public double value() {
    return value;
  }

  /**
   * The learning rate at that step.
   *
   * @return peak times schedule
   */
  public double learningRate() {
    return learningRate;
  }
}
