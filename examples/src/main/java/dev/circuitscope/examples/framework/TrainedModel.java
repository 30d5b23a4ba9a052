package dev.circuitscope.examples.framework;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.train.LogEntry;
import dev.circuitscope.core.train.TrainingProvenance;
import java.util.List;

/**
 * A model that was trained here.
 *
 * @param name such as {@code 2 layers}
 * @param model the trained model
 * @param data what it was trained on, in words
 * @param provenance of the training
 * @param history its losses
 * @param heldOutLoss on held-out text, in nats a token
 * @param seconds the training took
 */
public record TrainedModel(
    String name,
    Transformer model,
    String data,
    TrainingProvenance provenance,
    List<LogEntry> history,
    double heldOutLoss,
    double seconds) {

  /**
   * Copies the history.
   *
   * @param name such as {@code 2 layers}
   * @param model the trained model
   * @param data what it was trained on, in words
   * @param provenance of the training
   * @param history its losses
   * @param heldOutLoss on held-out text, in nats a token
   * @param seconds the training took
   */
  public TrainedModel {
    history = List.copyOf(history);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("name", name);
    json.addProperty("trained_on", data);
    json.addProperty("held_out_loss", heldOutLoss);
    json.addProperty("seconds", seconds);
    json.add("provenance", provenance.toJson());
    JsonArray losses = new JsonArray();
    for (LogEntry entry : history) {
      JsonObject one = new JsonObject();
      one.addProperty("step", entry.step());
      one.addProperty("training_loss", entry.trainLoss());
      losses.add(one);
    }
    json.add("history", losses);
    return json;
  }
}
