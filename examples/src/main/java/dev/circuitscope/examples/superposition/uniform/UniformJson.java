package dev.circuitscope.examples.superposition.uniform;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;

/** Every number of the study, but the weights. */
final class UniformJson {

  private UniformJson() {}

  static JsonObject of(UniformResult result) {
    JsonObject json = new JsonObject();
    json.add("recipe", Json.of(result.recipe()));
    json.addProperty("seed", result.results().config().seed());
    json.addProperty("seconds", result.seconds());
    JsonArray rows = new JsonArray();
    for (UniformRow row : result.rows()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("sparsity", row.sparsity());
      entry.addProperty("feature_probability", row.run().featureProbability());
      entry.addProperty("loss", row.run().finalLoss());
      entry.addProperty("total_dimensionality", row.totalDimensionality());
      entry.addProperty("learned", row.learned());
      entry.add("geometry", row.geometry().toJson());
      entry.add("clusters", row.clusters().toJson());
      entry.add("graph", row.graph().toJson());
      rows.add(entry);
    }
    json.add("sparsities", rows);
    return json;
  }
}
