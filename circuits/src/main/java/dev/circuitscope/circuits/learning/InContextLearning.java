package dev.circuitscope.circuits.learning;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.BatchedRuns;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.model.Transformer;
import java.util.OptionalLong;

/**
 * The in-context learning score: the loss late in a text minus the loss early in it, in nats,
 * averaged over texts (In-context Learning and Induction Heads, "In-context learning score"). The
 * more negative it is, the more a model gains from what it has read; after the paper's phase change
 * it is about -0.4.
 *
 * <pre>{@code
 * InContextLearning icl = InContextLearning.of(model, heldOut);
 * icl.score().mean();              // -0.41
 * icl.lossByPosition();            // for a chart
 * }</pre>
 *
 * @param score loss at the late minus loss at the early position, over sequences
 * @param loss mean loss of each sequence, over sequences: the evaluation loss
 * @param positions which positions are compared
 * @param lossByPosition [pos - 1], at t the mean loss of predicting token t + 1; copied in and out
 * @param provenance the model's shape and the sequences
 */
public record InContextLearning(
    SampleMean score,
    SampleMean loss,
    LossPositions positions,
    double[] lossByPosition,
    Provenance provenance) {

  /**
   * Copies the losses.
   *
   * @param score loss at the late minus loss at the early position, over sequences
   * @param loss mean loss of each sequence, over sequences: the evaluation loss
   * @param positions which positions are compared
   * @param lossByPosition [pos - 1], at t the mean loss of predicting token t + 1; copied in and
   *     out
   * @param provenance the model's shape and the sequences
   */
  public InContextLearning {
    lossByPosition = lossByPosition.clone();
  }

  /**
   * Measures a model at the paper's positions, scaled to the sequences' length.
   *
   * @param model to measure
   * @param tokens held-out text [sequence, pos], pos at least 3
   * @return the score
   * @throws IllegalArgumentException if there is no sequence, sequences are too short, or the model
   *     refuses them
   */
  public static InContextLearning of(Transformer model, int[][] tokens) {
    LossPositions positions = LossPositions.scaledTo(tokens.length == 0 ? 0 : tokens[0].length);
    return of(model, tokens, positions, RunSettings.plain());
  }

  /**
   * Measures a model at given positions.
   *
   * @param model to measure
   * @param tokens held-out text [sequence, pos]
   * @param positions which losses to compare; the late one is at most pos - 2
   * @param settings hooks and batch size
   * @return the score
   * @throws IllegalArgumentException if the late position has no loss or the model refuses the
   *     tokens
   */
  public static InContextLearning of(
      Transformer model, int[][] tokens, LossPositions positions, RunSettings settings) {
    if (tokens.length > 0 && positions.late() > tokens[0].length - 2) {
      throw new IllegalArgumentException(
          "in-context learning: sequences of %d tokens have losses at positions 0 to %d, the late position was %d; use LossPositions.scaledTo(%d)"
              .formatted(
                  tokens[0].length, tokens[0].length - 2, positions.late(), tokens[0].length));
    }
    float[][] losses = BatchedRuns.losses(model, tokens, settings);
    double[] scores = new double[losses.length];
    double[] means = new double[losses.length];
    for (int b = 0; b < losses.length; b++) {
      scores[b] = (double) losses[b][positions.late()] - losses[b][positions.early()];
      means[b] = LossCurves.mean(losses[b]);
    }
    Provenance provenance =
        Provenance.of(model.config(), tokens, "given tokens", OptionalLong.empty(), settings);
    return new InContextLearning(
        SampleMean.of(scores),
        SampleMean.of(means),
        positions,
        LossCurves.byPosition(losses),
        provenance);
  }

  /**
   * The loss along the sequence.
   *
   * @return at t the mean loss of predicting token t + 1, in nats; a copy
   */
  @Override
  public double[] lossByPosition() {
    return lossByPosition.clone();
  }

  /**
   * Renders the result.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("score", score.toJson());
    json.add("loss", loss.toJson());
    json.addProperty("early", positions.early());
    json.addProperty("late", positions.late());
    json.add("loss_by_position", JsonNumbers.of(lossByPosition));
    json.add("provenance", provenance.toJson());
    return json;
  }

  /** The score, the positions and the loss, over where they come from. */
  @Override
  public String toString() {
    return "in-context learning score %s nats (loss at %d minus loss at %d), mean loss %s%n%s"
        .formatted(score, positions.late(), positions.early(), loss, provenance);
  }
}
