package dev.circuitscope.core.plot;

import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/**
 * Builds maps of categories over two quantities, such as phase diagrams: a coloured cell for each
 * pair of values, one map beside the other, over one legend. Rows go up: the first row of a panel
 * is the lowest.
 *
 * <pre>{@code
 * Figure figure =
 *     new CategoryMap("Phases: n = 2, m = 1")
 *         .category("not learned", Color.LIGHT_GRAY)
 *         .category("learned", Palette.of(0))
 *         .logX("feature probability p", 1, 0.1, 0.01)
 *         .logY("relative importance", 0.1, 1, 10)
 *         .panel("trained", found)                    // [y][x] of 0 and 1
 *         .mark("differs from theory", differs)       // on the last panel
 *         .figure();
 * }</pre>
 */
public final class CategoryMap {

  private static final double LONGEST_SIDE = 280;

  private final String title;
  private final List<Category> categories = new ArrayList<>();
  private final List<int[][]> panels = new ArrayList<>();
  private final List<Mark[][]> marks = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Map<String, Mark> meanings = new LinkedHashMap<>();
  private String xName = "x";
  private String yName = "y";
  private GridAxis xAxis;
  private GridAxis yAxis;
  private int columns;

  private record Category(String name, Color color) {}

  /**
   * A figure without categories and panels yet.
   *
   * @param title the title; may be empty
   */
  public CategoryMap(String title) {
    this.title = Objects.requireNonNull(title, "title");
  }

  /**
   * Adds a category; the first one has number 0.
   *
   * @param name in the legend
   * @param color of its cells
   * @return this builder
   */
  public CategoryMap category(String name, Color color) {
    Objects.requireNonNull(color, "color");
    categories.add(new Category(Objects.requireNonNull(name, "name"), color));
    return this;
  }

  /**
   * Sets the axis across.
   *
   * @param name what is on it
   * @param values of each column, in even steps up or down
   * @return this builder
   * @throws IllegalArgumentException if there are none, or the steps are not even
   */
  public CategoryMap x(String name, double... values) {
    xAxis = GridAxis.of("CategoryMap.x", values, false);
    xName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Sets the axis up.
   *
   * @param name what is on it
   * @param values of each row, the lowest first, in even steps up or down
   * @return this builder
   * @throws IllegalArgumentException if there are none, or the steps are not even
   */
  public CategoryMap y(String name, double... values) {
    yAxis = GridAxis.of("CategoryMap.y", values, false);
    yName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Sets a logarithmic axis across.
   *
   * @param name what is on it
   * @param values of each column, in even ratios up or down
   * @return this builder
   * @throws IllegalArgumentException if there are none, one is not positive, or the ratios are not
   *     even
   */
  public CategoryMap logX(String name, double... values) {
    xAxis = GridAxis.of("CategoryMap.logX", values, true);
    xName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Sets a logarithmic axis up.
   *
   * @param name what is on it
   * @param values of each row, the lowest first, in even ratios up or down
   * @return this builder
   * @throws IllegalArgumentException if there are none, one is not positive, or the ratios are not
   *     even
   */
  public CategoryMap logY(String name, double... values) {
    yAxis = GridAxis.of("CategoryMap.logY", values, true);
    yName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Adds a map, over the axes and of the categories that were set before.
   *
   * @param name the panel's title
   * @param category [row][column] numbers of categories; copied
   * @return this builder
   * @throws IllegalArgumentException if an axis is missing, the shape is another, or there is no
   *     such category
   */
  public CategoryMap panel(String name, int[][] category) {
    if (xAxis == null || yAxis == null) {
      throw new IllegalArgumentException("CategoryMap.panel: set both axes before the panels");
    }
    requireShape("CategoryMap.panel", name, category.length, row -> category[row].length);
    int[][] copy = new int[category.length][];
    for (int r = 0; r < copy.length; r++) {
      copy[r] = category[r].clone();
      for (int number : copy[r]) {
        if (number < 0 || number >= categories.size()) {
          throw new IllegalArgumentException(
              "CategoryMap.panel: '%s' has category %d; there are %d, from 0"
                  .formatted(name, number, categories.size()));
        }
      }
    }
    panels.add(copy);
    marks.add(new Mark[yAxis.count()][xAxis.count()]);
    names.add(Objects.requireNonNull(name, "name"));
    return this;
  }

  /**
   * Marks cells of the last panel. A cell keeps the last mark that it is given.
   *
   * @param meaning in the legend; at most three different ones a figure
   * @param cells [row][column] true for the cells to mark
   * @return this builder
   * @throws IllegalArgumentException if there is no panel, the shape is another, or this is a
   *     fourth meaning
   */
  public CategoryMap mark(String meaning, boolean[][] cells) {
    if (panels.isEmpty()) {
      throw new IllegalArgumentException("CategoryMap.mark: no panel to mark; add it first");
    }
    requireShape("CategoryMap.mark", meaning, cells.length, row -> cells[row].length);
    if (!meanings.containsKey(meaning) && meanings.size() == Mark.values().length) {
      throw new IllegalArgumentException(
          "CategoryMap.mark: '%s' is one meaning too many; there are %s"
              .formatted(meaning, meanings.keySet()));
    }
    Mark mark = meanings.computeIfAbsent(meaning, key -> Mark.values()[meanings.size()]);
    Mark[][] last = marks.get(marks.size() - 1);
    for (int r = 0; r < cells.length; r++) {
      for (int c = 0; c < cells[r].length; c++) {
        last[r][c] = cells[r][c] ? mark : last[r][c];
      }
    }
    return this;
  }

  private void requireShape(String operation, String name, int rows, IntUnaryOperator length) {
    boolean right = rows == yAxis.count();
    for (int r = 0; r < rows; r++) {
      right &= length.applyAsInt(r) == xAxis.count();
    }
    if (!right) {
      throw new IllegalArgumentException(
          "%s: '%s' must be %d rows of %d cells, as the axes are; was %d rows%s"
              .formatted(
                  operation,
                  name,
                  yAxis.count(),
                  xAxis.count(),
                  rows,
                  rows == 0 ? "" : ", the first of " + length.applyAsInt(0)));
    }
  }

  /**
   * Sets how many panels stand in a row; three at most unless set.
   *
   * @param count panels in a row, at least 1
   * @return this builder
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public CategoryMap columns(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("CategoryMap: " + count + " columns; use at least 1");
    }
    columns = count;
    return this;
  }

  /**
   * The figure.
   *
   * @return the figure of all panels added so far
   * @throws IllegalArgumentException if there is no panel
   */
  public Figure figure() {
    if (panels.isEmpty()) {
      throw new IllegalArgumentException("CategoryMap: no panels; add at least one");
    }
    double side = Math.floor(LONGEST_SIDE / Math.max(xAxis.count(), yAxis.count()));
    double cell = Math.max(2, Math.min(36, side));
    List<Panel> drawn = new ArrayList<>();
    for (int i = 0; i < panels.size(); i++) {
      drawn.add(new CategoryPanel(colors(panels.get(i)), marks.get(i), xAxis, yAxis, cell));
    }
    List<KeyLegend.Entry> marked =
        meanings.entrySet().stream()
            .map(e -> KeyLegend.Entry.mark(e.getKey(), e.getValue()))
            .toList();
    Legend key =
        new KeyLegend(
            categories.stream().map(c -> KeyLegend.Entry.square(c.name(), c.color())).toList());
    return Figure.of(
        new SmallMultiples(
            title,
            xName,
            yName,
            columns > 0 ? columns : SmallMultiples.balanced(drawn.size(), 3),
            drawn,
            names,
            marked.isEmpty() ? key : Legend.stacked(key, new KeyLegend(marked))));
  }

  private Color[][] colors(int[][] category) {
    Color[][] colors = new Color[category.length][xAxis.count()];
    for (int r = 0; r < colors.length; r++) {
      for (int c = 0; c < colors[r].length; c++) {
        colors[r][c] = categories.get(category[r][c]).color();
      }
    }
    return colors;
  }
}
