package dev.circuitscope.core.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The configurations that a sweep goes over, in order.
 *
 * <pre>{@code
 * Axis<Integer> n = Axis.of("n", 2, 3, 5);
 * Axis<Integer> m = Axis.of("m", 1, 2, 5);
 * Grid every  = Grid.product(n, m);                              // 9 cells, m changes fastest
 * Grid useful = every.where(cell -> cell.get(m) < cell.get(n));  // 5 cells
 * }</pre>
 *
 * <p>Configurations that form no grid are one axis of records, which is an explicit list of cells:
 *
 * <pre>{@code
 * record Shape(int n, int m, double p) implements Serializable {}
 * Axis<Shape> shape = Axis.of("shape", new Shape(5, 2, 0.05), new Shape(400, 30, 0.01));
 * Grid listed = Grid.product(shape);
 * }</pre>
 */
public final class Grid {

  private final List<Axis<?>> axes;
  private final List<Cell> cells;

  private Grid(List<Axis<?>> axes, List<Cell> cells) {
    this.axes = axes;
    this.cells = List.copyOf(cells);
  }

  /**
   * Every combination of the axes' values. The last axis changes fastest.
   *
   * @param axes of different names; no axes make one cell without values
   * @return as many cells as the product of the axes' sizes
   * @throws IllegalArgumentException if two axes have the same name
   */
  public static Grid product(Axis<?>... axes) {
    List<Object[]> rows = new ArrayList<>();
    rows.add(new Object[0]);
    Set<String> seen = new HashSet<>();
    for (Axis<?> axis : axes) {
      if (!seen.add(axis.name())) {
        throw new IllegalArgumentException(
            "a grid needs axes of different names, but two are named '" + axis.name() + "'");
      }
      rows = crossed(rows, axis);
    }
    List<String> names = Arrays.stream(axes).<String>map(Axis::name).toList();
    List<Cell> cells = new ArrayList<>(rows.size());
    for (Object[] values : rows) {
      cells.add(new Cell(cells.size(), names, values));
    }
    return new Grid(List.of(axes), cells);
  }

  private static List<Object[]> crossed(List<Object[]> rows, Axis<?> axis) {
    List<Object[]> longer = new ArrayList<>();
    for (Object[] row : rows) {
      for (Object value : axis.values()) {
        Object[] next = Arrays.copyOf(row, row.length + 1);
        next[row.length] = value;
        longer.add(next);
      }
    }
    return longer;
  }

  /**
   * The cells that fulfil a condition, in the same order, numbered anew.
   *
   * @param condition on a cell
   * @return a grid with the same axes
   */
  public Grid where(Predicate<Cell> condition) {
    List<Cell> kept = new ArrayList<>();
    for (Cell cell : cells) {
      if (condition.test(cell)) {
        kept.add(cell.at(kept.size()));
      }
    }
    return new Grid(axes, kept);
  }

  /**
   * What it was made of.
   *
   * @return the axes, in order
   */
  public List<Axis<?>> axes() {
    return axes;
  }

  /**
   * The configurations.
   *
   * @return in order; the cell at i has index i
   */
  public List<Cell> cells() {
    return cells;
  }

  /**
   * The number of cells.
   *
   * @return 0 or more
   */
  public int size() {
    return cells.size();
  }
}
