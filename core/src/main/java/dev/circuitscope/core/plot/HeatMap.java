package dev.circuitscope.core.plot;

import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Builds a picture of a matrix, a coloured cell for each value, the first row on top.
 *
 * <pre>{@code
 * Figure composition =
 *     HeatMap.of(kComposition)
 *         .title("K-composition")
 *         .rows("layer 0 head", List.of("L0H0", "L0H1"))
 *         .columns("layer 1 head", List.of("L1H0", "L1H1"))
 *         .meaning("composition score")
 *         .figure();
 * }</pre>
 *
 * <p>Without {@link #range(double, double)} or {@link #signed(double)}, a matrix with a negative
 * value is drawn blue-white-red with zero in white, and any other in viridis from zero up. Cells
 * that are not finite are grey, and then the legend says so.
 */
public final class HeatMap {

  private final double[][] values;
  private String title = "";
  private String meaning = "value";
  private String rowName = "row";
  private String columnName = "column";
  private Labels rows;
  private Labels columns;
  private ColorScale scale;
  private boolean annotate = true;

  private HeatMap(double[][] values) {
    this.values = values;
    this.rows = Labels.counting(values.length);
    this.columns = Labels.counting(values[0].length);
    this.scale = ColorScale.fitting(values);
  }

  /**
   * A heat map of a matrix.
   *
   * @param values [row][column], at least 1 x 1; copied
   * @return a builder
   * @throws IllegalArgumentException if the matrix is empty or ragged
   */
  public static HeatMap of(double[][] values) {
    return new HeatMap(Matrix.copy("HeatMap.of", values));
  }

  /**
   * A heat map of a matrix.
   *
   * @param values [row, column]; copied
   * @return a builder
   * @throws IllegalArgumentException if the array is not of rank 2
   */
  public static HeatMap of(INDArray values) {
    return new HeatMap(Matrix.copy("HeatMap.of", values));
  }

  /**
   * Sets the title.
   *
   * @param text the title
   * @return this builder
   */
  public HeatMap title(String text) {
    title = Objects.requireNonNull(text, "title");
    return this;
  }

  /**
   * Says what the colours mean, for the legend.
   *
   * @param text the quantity and its unit
   * @return this builder
   */
  public HeatMap meaning(String text) {
    meaning = Objects.requireNonNull(text, "meaning");
    return this;
  }

  /**
   * Names the axis of the rows, which are numbered.
   *
   * @param name what the rows are
   * @return this builder
   */
  public HeatMap rows(String name) {
    rowName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Names the rows.
   *
   * @param name what the rows are; may be empty
   * @param labels one label a row
   * @return this builder
   * @throws IllegalArgumentException if there are more or fewer labels than rows
   */
  public HeatMap rows(String name, List<String> labels) {
    rows = Labels.named(each(labels, values.length, "row"));
    return rows(name);
  }

  /**
   * Names the axis of the columns, which are numbered.
   *
   * @param name what the columns are
   * @return this builder
   */
  public HeatMap columns(String name) {
    columnName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Names the columns.
   *
   * @param name what the columns are; may be empty
   * @param labels one label a column
   * @return this builder
   * @throws IllegalArgumentException if there are more or fewer labels than columns
   */
  public HeatMap columns(String name, List<String> labels) {
    columns = Labels.named(each(labels, values[0].length, "column"));
    return columns(name);
  }

  /**
   * Draws in viridis over a fixed range; values outside take the colour of the nearer end.
   *
   * @param low the value of the darkest colour
   * @param high the value of the lightest colour
   * @return this builder
   * @throws IllegalArgumentException if the ends are not finite and in order
   */
  public HeatMap range(double low, double high) {
    scale = new ColorScale(ColorMap.VIRIDIS, low, high);
    return this;
  }

  /**
   * Draws blue-white-red with zero in white.
   *
   * @param limit the size of the values with the strongest colours
   * @return this builder
   * @throws IllegalArgumentException if the limit is not positive and finite
   */
  public HeatMap signed(double limit) {
    scale = ColorScale.signed(limit);
    return this;
  }

  /**
   * Chooses whether values are written into cells that are large enough, which they are unless told
   * otherwise.
   *
   * @param write whether to write them
   * @return this builder
   */
  public HeatMap annotate(boolean write) {
    annotate = write;
    return this;
  }

  /**
   * The figure.
   *
   * @return the figure as set up so far
   */
  public Figure figure() {
    Cells cells = new Cells(values, scale, false);
    double side = side(cells);
    double wide =
        side >= 24 && annotate ? Math.max(side, Math.ceil(cells.widest(Ticks::cell)) + 8) : side;
    MatrixPanel panel = new MatrixPanel(cells, rows, columns, wide, side, annotate);
    String missing = Matrix.anyNotFinite(values) ? "not finite" : "";
    return Figure.of(
        new SmallMultiples(
            title,
            columnName,
            rowName,
            1,
            List.of(panel),
            List.of(""),
            new ColorBar(scale, meaning, missing)));
  }

  /** Cells of 36 pixels, or as many pixels as make the longer side about 800. */
  private static double side(Cells cells) {
    int most = Math.max(cells.rows(), cells.columns());
    return most <= 22 ? 36 : Math.max(0.5, Math.floor(2 * 800.0 / most) / 2);
  }

  private static List<String> each(List<String> labels, int count, String what) {
    if (labels.size() != count) {
      throw new IllegalArgumentException(
          "HeatMap: %d labels for %d %ss; give one label a %s"
              .formatted(labels.size(), count, what, what));
    }
    return labels;
  }
}
