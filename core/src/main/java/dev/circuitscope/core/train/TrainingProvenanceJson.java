package dev.circuitscope.core.train;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.circuitscope.core.model.ConfigJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A {@link TrainingProvenance} as JSON, and what two of them disagree about. */
final class TrainingProvenanceJson {

  static final String PLATFORM = "platform";

  private TrainingProvenanceJson() {}

  static JsonObject of(TrainingProvenance p) {
    JsonObject platform = new JsonObject();
    platform.addProperty("circuitscope", p.libraryVersion());
    platform.addProperty("java", p.javaVersion());
    platform.addProperty("kernels", p.kernels());
    JsonObject json = new JsonObject();
    json.add(PLATFORM, platform);
    json.add("model", JsonParser.parseString(ConfigJson.write(p.model())));
    json.add("training", of(p.training()));
    json.addProperty("initial_weights_sha256", p.initialWeights());
    json.add("data", of(p.data()));
    p.heldOut().ifPresent(data -> json.add("held_out", of(data)));
    return json;
  }

  private static JsonObject of(TrainingConfig c) {
    JsonObject json = new JsonObject();
    json.addProperty("steps", c.steps());
    json.addProperty("seed", c.seed());
    json.addProperty("log_every", c.logEvery());
    json.addProperty("evaluate_every", c.evaluateEvery());
    JsonObject optimizer = new JsonObject();
    optimizer.addProperty("name", "AdamW");
    optimizer.addProperty("learning_rate", c.optimizer().learningRate());
    optimizer.addProperty("beta1", c.optimizer().beta1());
    optimizer.addProperty("beta2", c.optimizer().beta2());
    optimizer.addProperty("eps", c.optimizer().eps());
    optimizer.addProperty("weight_decay", c.optimizer().weightDecay());
    if (c.optimizer().clipNorm() < Double.POSITIVE_INFINITY) {
      optimizer.addProperty("clip_norm", c.optimizer().clipNorm());
    }
    json.add("optimizer", optimizer);
    JsonObject schedule = new JsonObject();
    schedule.addProperty("warmup", c.schedule().warmup());
    schedule.addProperty("final_fraction", c.schedule().finalFraction());
    json.add("schedule", schedule);
    return json;
  }

  private static JsonObject of(DataDescription data) {
    JsonObject json = new JsonObject();
    json.addProperty("description", data.description());
    json.addProperty("sha256", data.sha256());
    return json;
  }

  /** One line for each field that differs, with its path and both values. */
  static List<String> differences(JsonObject before, JsonObject now) {
    Map<String, String> old = new TreeMap<>();
    Map<String, String> current = new TreeMap<>();
    flatten("", before, old);
    flatten("", now, current);
    TreeSet<String> paths = new TreeSet<>(old.keySet());
    paths.addAll(current.keySet());
    List<String> differences = new ArrayList<>();
    for (String path : paths) {
      String was = old.getOrDefault(path, "absent");
      String is = current.getOrDefault(path, "absent");
      if (!was.equals(is)) {
        differences.add(path + " was " + was + " and is now " + is);
      }
    }
    return differences;
  }

  private static void flatten(String path, JsonElement element, Map<String, String> into) {
    if (element.isJsonObject()) {
      element
          .getAsJsonObject()
          .asMap()
          .forEach((name, e) -> flatten(path.isEmpty() ? name : path + "." + name, e, into));
    } else {
      into.put(path, element.toString());
    }
  }
}
