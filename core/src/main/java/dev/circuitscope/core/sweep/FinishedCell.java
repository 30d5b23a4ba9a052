package dev.circuitscope.core.sweep;

import com.google.gson.JsonElement;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import java.util.Optional;

/**
 * A cell as its line in the sweep's file. It is text from where it was computed to the file and
 * back, so that no step in between can change its bits.
 *
 * @param cell its index
 * @param failed whether it failed
 * @param line {@code {"cell":3,"values":{...},"row":...}} or, if it failed, {@code
 *     {"cell":3,"values":{...},"failure":{...}}}
 */
public record FinishedCell(int cell, boolean failed, String line) {

  /**
   * Reads a line.
   *
   * @param line JSON
   * @param source name for error messages
   * @return the cell
   * @throws MalformedFileException if the line is not one that a {@link SweepJob} makes
   */
  public static FinishedCell parse(String line, String source) throws MalformedFileException {
    JsonFields fields = Json.parseObject(line, source);
    int cell = fields.integer("cell");
    boolean failed = fields.has("failure");
    if (failed == fields.has("row") || !fields.has("values")) {
      throw new MalformedFileException(
          source, -1, "a finished cell has values and either a row or a failure, not " + line);
    }
    return new FinishedCell(cell, failed, line);
  }

  <R> CellResult<R> result(Cell of, Class<R> type) {
    try {
      JsonFields fields = Json.parseObject(line, "cell " + cell);
      if (failed) {
        CellFailure failure = RowJson.fromJson(fields.get("failure"), CellFailure.class);
        return new CellResult<>(of, Optional.empty(), Optional.of(failure));
      }
      JsonElement row = fields.get("row");
      return new CellResult<>(of, Optional.of(RowJson.fromJson(row, type)), Optional.empty());
    } catch (MalformedFileException e) {
      throw new IllegalStateException("a line that was parsed before", e);
    }
  }
}
