package dev.circuitscope.examples.superposition.structure;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.List;

/** Every number of the study, but the weights. */
final class StructureJson {

  private StructureJson() {}

  static JsonObject of(StructureResult result) {
    JsonObject json = new JsonObject();
    json.add("recipe", Json.of(result.recipe()));
    json.addProperty("seed", result.seed());
    json.addProperty("seconds", result.seconds());
    json.add("correlated_pairs", sets(result.correlated(), 2));
    json.add("anticorrelated_pairs", sets(result.anticorrelated(), 2));
    json.add("three_correlated_pairs", sets(result.pairs(), 2));
    json.add("correlated_bases", sets(result.bases(), Structure.BASE));
    JsonArray polygons = new JsonArray();
    for (PolygonCell cell : result.polygons()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("factor", cell.factor());
      entry.addProperty("loss", cell.loss());
      entry.addProperty("shape", cell.shape().name());
      entry.add("geometry", cell.best().geometry().toJson());
      polygons.add(entry);
    }
    json.add("polygons", polygons);
    JsonObject branches = new JsonObject();
    branches.add("factors", array(result.branches().factors()));
    branches.add("pentagon", array(result.branches().pentagon()));
    branches.add("digons", array(result.branches().digons()));
    branches.add("crossing", number(result.branches().crossing()));
    json.add("branches", branches);
    return json;
  }

  private static JsonArray sets(ToyResults results, int size) {
    JsonArray array = new JsonArray();
    for (ToyRun run : results.best()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("feature_probability", run.featureProbability());
      entry.addProperty("loss", run.finalLoss());
      entry.add("sets", StructureResult.sets(run, size).toJson());
      entry.add("geometry", run.geometry().toJson());
      array.add(entry);
    }
    return array;
  }

  private static JsonArray array(List<Double> numbers) {
    JsonArray array = new JsonArray();
    numbers.forEach(number -> array.add(number(number)));
    return array;
  }

  private static JsonElement number(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
  }
}
