package dev.circuitscope.examples.induction;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.circuits.learning.ScoreTimeline;
import dev.circuitscope.circuits.learning.Snapshot;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.train.LogEntry;
import dev.circuitscope.core.train.TrainingResult;
import java.util.List;
import java.util.Optional;

/**
 * One model, from its first weights to its last.
 *
 * @param name for legends, such as {@code 2 layers}
 * @param training the model and its losses
 * @param timeline what was measured on the way
 * @param seconds it took, measurements included
 */
public record ModelRun(
    String name, TrainingResult training, ScoreTimeline timeline, double seconds) {

  /**
   * The trained model.
   *
   * @return the model
   */
  public Transformer model() {
    return training.model();
  }

  /**
   * What was measured at the end.
   *
   * @return the last snapshot
   */
  public Snapshot last() {
    return timeline.snapshots().get(timeline.snapshots().size() - 1);
  }

  /**
   * The head with the highest induction score at the end.
   *
   * @return the head
   */
  public Head bestHead() {
    return last().heads().induction().best();
  }

  /**
   * The highest induction score at the end.
   *
   * @return 0 to 1
   */
  public double bestInduction() {
    return last().heads().induction().score(bestHead());
  }

  /**
   * The head of the first layer that attends to the previous token most, at the end.
   *
   * @return the head
   */
  public Head previousTokenHead() {
    HeadScores scores = last().heads().previousToken();
    return scores.ranking().stream().filter(h -> h.layer() == 0).findFirst().orElseThrow();
  }

  /**
   * Heads whose induction score ends at a threshold or above.
   *
   * @param threshold of the score
   * @return the best first
   */
  public List<Head> inductionHeads(double threshold) {
    HeadScores scores = last().heads().induction();
    return scores.ranking().stream().filter(h -> scores.score(h) >= threshold).toList();
  }

  /**
   * When a head's induction score rises.
   *
   * @param head of the model
   * @return the window; nothing if it does not
   */
  public Optional<PhaseChange> rise(Head head) {
    return PhaseChange.ofRise(
        timeline.steps(), timeline.induction(head), ScoreTimeline.LEAST_INDUCTION_RISE);
  }

  /**
   * Tokens seen, in millions, when a step was reached.
   *
   * @param step of training
   * @return millions of tokens
   */
  public double millions(double step) {
    Snapshot last = last();
    return last.step() == 0 ? 0 : step * last.tokensSeen() / last.step() / 1e6;
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("name", name);
    json.addProperty("seconds", seconds);
    json.add("provenance", training.provenance().toJson());
    json.add("timeline", timeline.toJson());
    JsonArray history = new JsonArray();
    for (LogEntry entry : training.history()) {
      history.add(parsed(entry));
    }
    json.add("history", history);
    return json;
  }

  private static JsonElement parsed(LogEntry entry) {
    try {
      return Json.parse(entry.toJson(), "log entry");
    } catch (MalformedFileException e) {
      throw new IllegalStateException("a log entry writes JSON", e);
    }
  }
}
