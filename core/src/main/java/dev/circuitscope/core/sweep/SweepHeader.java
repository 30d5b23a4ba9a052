package dev.circuitscope.core.sweep;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import java.util.HexFormat;
import java.util.List;

/**
 * The first line of a sweep's file: which sweep its cells belong to.
 *
 * @param sweep the sweep's name
 * @param version of the library
 * @param settings what all cells share
 * @param row what a row holds
 * @param cells how many
 * @param sha256 of the cells' values
 */
record SweepHeader(
    String sweep, String version, JsonObject settings, String row, int cells, String sha256) {

  private static final int FORMAT = 1;

  static String digest(List<Cell> cells) {
    StringBuilder text = new StringBuilder();
    for (Cell cell : cells) {
      text.append(Json.toCompactString(cell.toJson())).append('\n');
    }
    return HexFormat.of().formatHex(Digest.sha256(text.toString()));
  }

  String line() {
    return Json.toCompactString(toJson());
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("sweep", sweep);
    json.addProperty("format", FORMAT);
    json.addProperty("version", version);
    json.add("settings", settings);
    json.addProperty("row", row);
    json.addProperty("cells", cells);
    json.addProperty("sha256", sha256);
    return json;
  }

  /**
   * Checks that a file was begun by this sweep.
   *
   * @throws MalformedFileException if the file is no sweep's
   * @throws IllegalArgumentException if it is another sweep's, with the first difference
   */
  void requireSame(String line, String file) throws MalformedFileException {
    if (line.equals(line())) {
      return;
    }
    JsonFields theirs = Json.parseObject(line, file);
    JsonObject ours = toJson();
    for (String field : ours.keySet()) {
      if (!theirs.has(field)) {
        throw new MalformedFileException(
            file, -1, "it is not a sweep's file: its first line has no '" + field + "'");
      }
      JsonElement value = theirs.get(field);
      if (!Json.toCompactString(value).equals(Json.toCompactString(ours.get(field)))) {
        throw new IllegalArgumentException(
            "cannot resume sweep '%s' from %s: it was begun with another %s, %s, and this is %s; "
                    .formatted(sweep, file, meaning(field), value, ours.get(field))
                + "give the sweep another file, or remove that one");
      }
    }
    throw new MalformedFileException(file, -1, "its first line is not one that a sweep writes");
  }

  private static String meaning(String field) {
    return switch (field) {
      case "sweep" -> "name";
      case "version" -> "version of the library";
      case "row" -> "type of rows";
      case "cells" -> "number of cells";
      case "sha256" -> "grid (SHA-256 of its values)";
      default -> field;
    };
  }
}
