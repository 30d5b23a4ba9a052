package dev.circuitscope.examples.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.circuitscope.core.model.ConfigJson;
import java.util.List;
import java.util.Map;

/** A {@link ModelSummary} for people and for programs. */
final class SummaryText {

  private static final int SHOWN = 3;

  private SummaryText() {}

  static JsonObject json(ModelSummary summary) {
    JsonObject json = new JsonObject();
    json.addProperty("source", summary.loaded().source().toString());
    json.addProperty("format", summary.loaded().format().label());
    json.add("config", config(summary));
    json.addProperty("parameters", summary.model().config().parameters());
    JsonObject counts = new JsonObject();
    summary.byComponent().forEach(counts::addProperty);
    json.add("parameters_by_component", counts);
    JsonObject shapes = new JsonObject();
    summary.shapes().forEach((name, shape) -> shapes.add(name, JsonParser.parseString(shape)));
    json.add("shapes", shapes);
    json.add("weight_processing", array(summary.processing()));
    json.addProperty("tokenizer", tokenizer(summary));
    json.addProperty("tokenizer_origin", summary.loaded().tokenizerOrigin());
    json.add("ignored_tensors", array(summary.loaded().ignored()));
    json.add("notes", array(summary.loaded().notes()));
    return json;
  }

  static String text(ModelSummary summary) {
    StringBuilder text = new StringBuilder();
    line(text, "model", summary.model().toString());
    line(text, "format", summary.loaded().format().label());
    line(text, "source", summary.loaded().source().toString());
    for (Map.Entry<String, JsonElement> entry : config(summary).entrySet()) {
      if (!entry.getKey().equals("init")) {
        line(text, "  " + entry.getKey(), entry.getValue().toString().replace("\"", ""));
      }
    }
    line(text, "parameters", "%,d".formatted(summary.model().config().parameters()));
    summary
        .byComponent()
        .forEach((name, count) -> line(text, "  " + name, "%,15d".formatted(count)));
    line(text, "shapes", "N is 0 to n_layers - 1");
    summary.shapes().forEach((name, shape) -> line(text, "  " + name, shape));
    line(text, "processing", listed(summary.processing()));
    line(text, "tokenizer", tokenizer(summary) + " (" + summary.loaded().tokenizerOrigin() + ")");
    line(text, "ignored", listed(summary.loaded().ignored()));
    summary.loaded().notes().forEach(note -> line(text, "note", note));
    return text.toString();
  }

  private static JsonObject config(ModelSummary summary) {
    return JsonParser.parseString(ConfigJson.write(summary.model().config())).getAsJsonObject();
  }

  private static String tokenizer(ModelSummary summary) {
    return summary.loaded().tokenizer().map(Object::toString).orElse("none");
  }

  private static String listed(List<String> names) {
    if (names.size() <= SHOWN) {
      return names.isEmpty() ? "none" : String.join(", ", names);
    }
    return "%s and %d more"
        .formatted(String.join(", ", names.subList(0, SHOWN)), names.size() - SHOWN);
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("%-28s%s%n".formatted(name, value));
  }

  private static JsonArray array(List<String> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }
}
