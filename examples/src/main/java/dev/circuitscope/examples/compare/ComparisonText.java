package dev.circuitscope.examples.compare;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;

/** A comparison as a table for people, and as JSON for programs. */
final class ComparisonText {

  private ComparisonText() {}

  static String table(GoldenComparison comparison) {
    List<String[]> rows = new ArrayList<>();
    rows.add(
        new String[] {"group", "tensors", "max abs", "max rel", "allowed", "", "worst tensor"});
    for (TensorGroup g : comparison.groups()) {
      rows.add(
          new String[] {
            g.kind().label(),
            String.valueOf(g.count()),
            "%.1e".formatted(g.largestAbsolute()),
            "%.1e".formatted(g.largestRelative()),
            "%.0e %s".formatted(g.allowed(), g.kind().gradient() ? "rel" : "abs"),
            g.within() ? "ok" : "BEYOND",
            g.worst()
          });
    }
    StringBuilder text = new StringBuilder();
    text.append(comparison.file()).append('\n').append(comparison.model()).append("\n\n");
    int[] widths = widths(rows);
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < row.length; c++) {
        boolean number = c >= 1 && c <= 3;
        line.append((number ? "%" : "%-").concat(Math.max(1, widths[c]) + "s  ").formatted(row[c]));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    text.append('\n');
    comparison.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    if (!comparison.notCovered().isEmpty()) {
      text.append("not covered (")
          .append(comparison.notCovered().size())
          .append("): ")
          .append(String.join(", ", comparison.notCovered()))
          .append('\n');
    }
    return text.append(comparison.within() ? "within tolerance\n" : "BEYOND tolerance\n")
        .toString();
  }

  static JsonElement json(GoldenComparison comparison) {
    JsonObject json = new JsonObject();
    json.addProperty("file", comparison.file());
    json.addProperty("model", comparison.model());
    json.addProperty("tolerance", comparison.tolerance());
    json.addProperty("within", comparison.within());
    JsonArray groups = new JsonArray();
    for (TensorGroup g : comparison.groups()) {
      JsonObject group = new JsonObject();
      group.addProperty("group", g.kind().label());
      group.addProperty("tensors", g.count());
      group.add("max_abs_error", number(g.largestAbsolute()));
      group.add("max_rel_error", number(g.largestRelative()));
      group.addProperty("worst_tensor", g.worst());
      group.addProperty("allowed", g.allowed());
      group.addProperty("allowed_is", g.kind().gradient() ? "relative" : "absolute");
      group.addProperty("within", g.within());
      groups.add(group);
    }
    json.add("groups", groups);
    json.add("not_covered", array(comparison.notCovered()));
    json.add("notes", array(comparison.notes()));
    return json;
  }

  /** JSON has no infinity; it becomes a text. */
  private static JsonPrimitive number(double value) {
    return Double.isFinite(value)
        ? new JsonPrimitive(value)
        : new JsonPrimitive(String.valueOf(value));
  }

  private static JsonArray array(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }

  private static int[] widths(List<String[]> rows) {
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int c = 0; c < row.length; c++) {
        widths[c] = Math.max(widths[c], row[c].length());
      }
    }
    return widths;
  }
}
