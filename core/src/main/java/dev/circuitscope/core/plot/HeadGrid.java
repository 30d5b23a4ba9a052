package dev.circuitscope.core.plot;

import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Builds a picture of one score for every attention head: a row a layer (L0 on top), a column a
 * head, the value written in each cell.
 *
 * <pre>{@code
 * Figure figure = HeadGrid.of(scores).title("Induction heads").meaning("induction score").figure();
 * }</pre>
 *
 * <p>Colours run from 0 to 1 in viridis; scores beyond 1 stretch that range, and a negative score
 * turns it into blue-white-red about zero.
 */
public final class HeadGrid {

  private final double[][] scores;
  private String title = "";
  private String meaning = "score";
  private ColorScale scale;

  private HeadGrid(double[][] scores) {
    this.scores = scores;
    ColorScale fitting = ColorScale.fitting(scores);
    boolean unit = fitting.map() == ColorMap.VIRIDIS && fitting.high() <= 1;
    this.scale = unit ? ColorScale.unit() : fitting;
  }

  /**
   * A grid of scores.
   *
   * @param scores [layer][head], at least 1 x 1; copied
   * @return a builder
   * @throws IllegalArgumentException if the matrix is empty or ragged
   */
  public static HeadGrid of(double[][] scores) {
    return new HeadGrid(Matrix.copy("HeadGrid.of", scores));
  }

  /**
   * A grid of scores.
   *
   * @param scores [layer, head]; copied
   * @return a builder
   * @throws IllegalArgumentException if the array is not of rank 2
   */
  public static HeadGrid of(INDArray scores) {
    return new HeadGrid(Matrix.copy("HeadGrid.of", scores));
  }

  /**
   * Sets the title.
   *
   * @param text the title
   * @return this builder
   */
  public HeadGrid title(String text) {
    title = Objects.requireNonNull(text, "title");
    return this;
  }

  /**
   * Says what the scores are, for the legend.
   *
   * @param text the quantity and its unit
   * @return this builder
   */
  public HeadGrid meaning(String text) {
    meaning = Objects.requireNonNull(text, "meaning");
    return this;
  }

  /**
   * Draws in viridis over a fixed range.
   *
   * @param low the score of the darkest colour
   * @param high the score of the lightest colour
   * @return this builder
   * @throws IllegalArgumentException if the ends are not finite and in order
   */
  public HeadGrid range(double low, double high) {
    scale = new ColorScale(ColorMap.VIRIDIS, low, high);
    return this;
  }

  /**
   * Draws blue-white-red with zero in white.
   *
   * @param limit the size of the scores with the strongest colours
   * @return this builder
   * @throws IllegalArgumentException if the limit is not positive and finite
   */
  public HeadGrid signed(double limit) {
    scale = ColorScale.signed(limit);
    return this;
  }

  /**
   * The figure.
   *
   * @return the figure as set up so far
   */
  public Figure figure() {
    Cells cells = new Cells(scores, scale, false);
    double width = Math.max(44, Math.ceil(cells.widest(Ticks::cell)) + 10);
    Panel panel =
        new MatrixPanel(
            cells,
            Labels.counting("L", scores.length),
            Labels.counting("H", scores[0].length),
            width,
            32,
            true);
    String missing = Matrix.anyNotFinite(scores) ? "not finite" : "";
    return Figure.of(
        new SmallMultiples(
            title,
            "head",
            "layer",
            1,
            List.of(panel),
            List.of(""),
            new ColorBar(scale, meaning, missing)));
  }
}
