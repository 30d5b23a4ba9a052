package dev.circuitscope.core.sweep;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The rows of a sweep, in the order of its grid.
 *
 * <pre>{@code
 * double[][] loss = results.matrix(p, importance, Row::loss);  // [p][importance]
 * List<CellResult<Row>> failed = results.failures();
 * }</pre>
 *
 * @param <R> type of a row
 * @param sweep the sweep's name
 * @param version of the library
 * @param settings what all cells share
 * @param grid the configurations
 * @param cells what came of each, in the same order
 */
public record SweepResults<R>(
    String sweep, String version, JsonObject settings, Grid grid, List<CellResult<R>> cells) {

  private static final int SHOWN = 20;

  /**
   * Checks that there is a result for each cell.
   *
   * @param sweep the sweep's name
   * @param version of the library
   * @param settings what all cells share; copied
   * @param grid the configurations
   * @param cells what came of each, in the same order; copied
   * @throws IllegalArgumentException if a cell's result is missing
   */
  public SweepResults {
    settings = settings.deepCopy();
    cells = List.copyOf(cells);
    if (cells.size() != grid.size()) {
      throw new IllegalArgumentException(
          "sweep '%s' has %d cells, but there are results of %d"
              .formatted(sweep, grid.size(), cells.size()));
    }
  }

  /**
   * What all cells share.
   *
   * @return by name, a copy
   */
  @Override
  public JsonObject settings() {
    return settings.deepCopy();
  }

  /**
   * The rows.
   *
   * @return in the grid's order
   * @throws IllegalStateException if a cell failed, with its failure
   */
  public List<R> rows() {
    return cells.stream().map(CellResult::get).toList();
  }

  /**
   * The cells that have no row.
   *
   * @return in the grid's order
   */
  public List<CellResult<R>> failures() {
    return cells.stream().filter(cell -> cell.failure().isPresent()).toList();
  }

  /**
   * A number of each row over two axes, ready for a heat map. Where several cells share both
   * values, such as those of several seeds, it is the mean over those that did not fail.
   *
   * @param rows axis that runs down
   * @param columns axis that runs across
   * @param number of a row
   * @return [row][column]; NaN where there is no cell, or all failed
   * @throws IllegalArgumentException if the grid does not have an axis
   */
  public double[][] matrix(Axis<?> rows, Axis<?> columns, ToDoubleFunction<R> number) {
    double[][] sums = new double[rows.size()][columns.size()];
    int[][] counts = new int[rows.size()][columns.size()];
    for (CellResult<R> result : cells) {
      int r = rows.values().indexOf(result.cell().get(rows));
      int c = columns.values().indexOf(result.cell().get(columns));
      if (result.row().isPresent()) {
        sums[r][c] += number.applyAsDouble(result.get());
        counts[r][c]++;
      }
    }
    for (int r = 0; r < sums.length; r++) {
      for (int c = 0; c < sums[r].length; c++) {
        sums[r][c] /= counts[r][c];
      }
    }
    return sums;
  }

  /**
   * Everything.
   *
   * @return the sweep's provenance and an object for each cell
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("sweep", sweep);
    json.addProperty("version", version);
    json.add("settings", settings());
    JsonArray each = new JsonArray(cells.size());
    cells.forEach(cell -> each.add(cell.toJson()));
    json.add("cells", each);
    return json;
  }

  /**
   * A line for the sweep and one for each of its first cells.
   *
   * @return several lines
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: %d cells, %d failed, %s, version %s%n"
            .formatted(sweep, cells.size(), failures().size(), settings, version));
    int width =
        cells.stream().limit(SHOWN).mapToInt(c -> c.cell().toString().length()).max().orElse(0);
    for (CellResult<R> result : cells.subList(0, Math.min(SHOWN, cells.size()))) {
      String cell = result.cell().toString();
      text.append("  ").append(cell).append(" ".repeat(width - cell.length())).append("  ");
      text.append(
          result
              .row()
              .map(Object::toString)
              .orElseGet(() -> "failed: " + result.failure().orElseThrow()));
      text.append(System.lineSeparator());
    }
    if (cells.size() > SHOWN) {
      text.append("  and %d more%n".formatted(cells.size() - SHOWN));
    }
    return text.toString();
  }
}
