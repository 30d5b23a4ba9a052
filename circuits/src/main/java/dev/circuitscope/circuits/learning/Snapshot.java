package dev.circuitscope.circuits.learning;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.heads.RepeatScores;

/**
 * What was measured on a model at one moment of its training.
 *
 * @param step of training
 * @param tokensSeen in training so far
 * @param heads scores of every head
 * @param copyLoss losses on random repeats
 * @param inContext in-context learning score and loss on held-out text
 */
public record Snapshot(
    long step,
    long tokensSeen,
    RepeatScores heads,
    CopyLoss copyLoss,
    InContextLearning inContext) {

  /**
   * Checks the counts.
   *
   * @param step of training
   * @param tokensSeen in training so far
   * @param heads scores of every head
   * @param copyLoss losses on random repeats
   * @param inContext in-context learning score and loss on held-out text
   * @throws IllegalArgumentException if a count is negative
   */
  public Snapshot {
    if (step < 0 || tokensSeen < 0) {
      throw new IllegalArgumentException(
          "a snapshot's step and tokens are at least 0, were " + step + " and " + tokensSeen);
    }
  }

  /**
   * Renders the snapshot.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("step", step);
    json.addProperty("tokens_seen", tokensSeen);
    json.add("heads", heads.toJson());
    json.add("copy_loss", copyLoss.toJson());
    json.add("in_context", inContext.toJson());
    return json;
  }
}
