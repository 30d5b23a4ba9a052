package dev.circuitscope.examples.superposition.uniform;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.MalformedFileException;

/** Every number of the study, but the weights. */
final class UniformJson {

  private UniformJson() {}

  static JsonObject of(UniformResult result) {
    Gson gson = new Gson();
    JsonObject json = new JsonObject();
    json.add("recipe", gson.toJsonTree(result.recipe()));
    json.addProperty("seed", result.results().config().seed());
    json.addProperty("seconds", result.seconds());
    JsonArray rows = new JsonArray();
    for (UniformRow row : result.rows()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("sparsity", row.sparsity());
      entry.addProperty("featureProbability", row.run().featureProbability());
      entry.addProperty("loss", row.run().finalLoss());
      entry.addProperty("totalDimensionality", row.totalDimensionality());
      entry.addProperty("learned", row.learned());
      entry.add("geometry", parsed(row.geometry().toJson()));
      entry.add("clusters", parsed(row.clusters().toJson()));
      entry.add("graph", parsed(row.graph().toJson()));
      rows.add(entry);
    }
    json.add("sparsities", rows);
    return json;
  }

  private static JsonElement parsed(String json) {
    try {
      return Json.parse(json, "uniform importance");
    } catch (MalformedFileException e) {
      throw new IllegalStateException("results write JSON", e);
    }
  }
}
