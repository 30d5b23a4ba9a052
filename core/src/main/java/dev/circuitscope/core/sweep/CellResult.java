package dev.circuitscope.core.sweep;

import com.google.gson.JsonObject;
import java.util.Optional;

/**
 * What came of a cell: a row of results, or a failure.
 *
 * @param <R> type of a row of results
 * @param cell the configuration
 * @param row its results, unless it failed
 * @param failure why there are none, if it failed
 */
public record CellResult<R>(Cell cell, Optional<R> row, Optional<CellFailure> failure) {

  /**
   * Checks that there is one of the two.
   *
   * @param cell the configuration
   * @param row its results, unless it failed
   * @param failure why there are none, if it failed
   * @throws IllegalArgumentException if there are both, or neither
   */
  public CellResult {
    if (row.isPresent() == failure.isPresent()) {
      throw new IllegalArgumentException(
          "cell {%s} must have either a row or a failure, has %s and %s"
              .formatted(cell, row, failure));
    }
  }

  /**
   * The results.
   *
   * @return the row
   * @throws IllegalStateException if the cell failed, with the failure
   */
  public R get() {
    return row.orElseThrow(
        () ->
            new IllegalStateException(
                "cell %d {%s} failed: %s; run the sweep again with retryFailed()"
                    .formatted(cell.index(), cell, failure.orElseThrow())));
  }

  /**
   * The cell and what came of it, as in the sweep's file.
   *
   * @return {@code {"cell": 3, "values": {...}, "row": ...}}, or {@code "failure"} in its place
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("cell", cell.index());
    json.add("values", cell.toJson());
    row.ifPresent(r -> json.add("row", RowJson.toJson(r)));
    failure.ifPresent(f -> json.add("failure", f.toJson()));
    return json;
  }
}
