package dev.circuitscope.core.sweep;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import java.io.Serializable;
import java.util.List;

/**
 * What an executor runs: any cell of a sweep, on any thread or machine.
 *
 * <p>It is {@link Serializable} if the task, what the task captured, and the axes' values are.
 */
public final class SweepJob implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The sweep's name. */
  private final String name;

  /** All cells of the grid. */
  private final List<Cell> cells;

  /** What rows are read back as. */
  private final Class<?> type;

  /** What makes a row of a cell. */
  private final SweepTask<?> task;

  SweepJob(String name, List<Cell> cells, Class<?> type, SweepTask<?> task) {
    this.name = name;
    this.cells = cells;
    this.type = type;
    this.task = task;
  }

  /**
   * The sweep's name.
   *
   * @return for titles and messages
   */
  public String name() {
    return name;
  }

  /**
   * Computes a cell. Whatever the task throws is the cell's failure, an {@link Error} included: a
   * cell that takes too much memory leaves the others alone.
   *
   * @param cell its index
   * @return its line for the sweep's file
   */
  public FinishedCell run(int cell) {
    JsonObject json = new JsonObject();
    json.addProperty("cell", cell);
    json.add("values", cells.get(cell).toJson());
    boolean failed = false;
    try {
      json.add("row", row(cells.get(cell)));
    } catch (Throwable thrown) {
      failed = true;
      json.add("failure", CellFailure.of(thrown).toJson());
    }
    return new FinishedCell(cell, failed, Json.toCompactString(json));
  }

  private JsonElement row(Cell cell) throws Exception {
    Object row = task.run(cell);
    if (row == null) {
      throw new IllegalStateException("the task returned null; a cell needs a row of results");
    }
    JsonElement json = RowJson.toJson(row);
    // What cannot be read back would only be found out when the sweep is resumed.
    RowJson.fromJson(json, type);
    return json;
  }
}
