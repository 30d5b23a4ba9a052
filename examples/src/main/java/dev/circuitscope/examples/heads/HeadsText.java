package dev.circuitscope.examples.heads;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.core.format.LoadedModel;
import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.List;

/** Measurements as tables for people, and as JSON for programs. */
final class HeadsText {

  private static final int BEST = 5;

  private HeadsText() {}

  static String tables(LoadedModel loaded, HeadMeasurements measurements) {
    StringBuilder text = new StringBuilder();
    text.append(loaded.source()).append('\n').append(measurements.model()).append('\n');
    text.append("seed ").append(measurements.seed());
    measurements.startToken().ifPresent(token -> text.append(", start token ").append(token));
    text.append("\n\nBest heads, and what chance gives\n");
    text.append(aligned(best(measurements)));
    text.append("\nAll heads\n");
    text.append(aligned(all(measurements)));
    for (MeasuredScore score : measurements.scores()) {
      if (score.scores().isEmpty()) {
        text.append("\nnot measured: %s (%s)".formatted(score.name(), score.reason()));
      }
    }
    text.append('\n');
    for (HeadScores scores : measurements.measured()) {
      text.append(
          "%s: %s; %s%n".formatted(scores.name(), scores.definition(), scores.provenance()));
    }
    return text.toString();
  }

  static JsonObject json(LoadedModel loaded, HeadMeasurements measurements) {
    JsonObject json = new JsonObject();
    json.addProperty("source", loaded.source().toString());
    json.addProperty("format", loaded.format().label());
    json.addProperty("model", measurements.model().toString());
    json.addProperty("seed", measurements.seed());
    measurements.startToken().ifPresent(token -> json.addProperty("start_token", token));
    JsonObject scores = new JsonObject();
    JsonObject missing = new JsonObject();
    for (MeasuredScore score : measurements.scores()) {
      String key = score.name().replace(' ', '_');
      score.scores().ifPresent(s -> scores.add(key, s.toJson()));
      if (score.scores().isEmpty()) {
        missing.addProperty(key, score.reason());
      }
    }
    json.add("scores", scores);
    json.add("not_measured", missing);
    return json;
  }

  private static List<List<String>> best(HeadMeasurements measurements) {
    List<List<String>> rows = new ArrayList<>();
    for (HeadScores scores : measurements.measured()) {
      List<String> row = new ArrayList<>(List.of(scores.name()));
      for (Head head : scores.ranking().stream().limit(BEST).toList()) {
        row.add("%s %.3f".formatted(head, scores.score(head)));
      }
      row.add("(%.3f)".formatted(scores.chance()));
      rows.add(row);
    }
    return rows;
  }

  private static List<List<String>> all(HeadMeasurements measurements) {
    List<HeadScores> measured = measurements.measured();
    List<List<String>> rows = new ArrayList<>();
    List<String> names = new ArrayList<>(List.of("head"));
    measured.forEach(scores -> names.add(scores.name()));
    rows.add(names);
    for (int layer = 0; layer < measurements.model().config().nLayers(); layer++) {
      for (int head = 0; head < measurements.model().config().nHeads(); head++) {
        List<String> row = new ArrayList<>(List.of(new Head(layer, head).toString()));
        for (HeadScores scores : measured) {
          row.add("%.3f".formatted(scores.score(layer, head)));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** The first column to the left, the others to the right. */
  private static String aligned(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int c = 0; c < row.size(); c++) {
        if (c == widths.size()) {
          widths.add(0);
        }
        widths.set(c, Math.max(widths.get(c), row.get(c).length()));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      for (int c = 0; c < row.size(); c++) {
        String side = c == 0 ? "-" : "";
        text.append(c == 0 ? "" : "  ");
        text.append(("%" + side + widths.get(c) + "s").formatted(row.get(c)));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
