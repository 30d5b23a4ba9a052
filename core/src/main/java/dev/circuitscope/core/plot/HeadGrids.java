package dev.circuitscope.core.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Builds a picture of several scores for every attention head of a model, a panel for each score,
 * over one colour scale.
 *
 * <pre>{@code
 * Figure figure =
 *     new HeadGrids("Attention of every head")
 *         .panel("induction", induction)
 *         .panel("previous token", previous)
 *         .meaning("attention")
 *         .figure();
 * }</pre>
 *
 * <p>Colours run from 0 to 1 in viridis unless {@link #signed} says otherwise. For one score see
 * {@link HeadGrid}.
 */
public final class HeadGrids {

  private static final double PANEL = 380;
  private static final double WIDEST = 44;
  private static final double TALLEST = 28;
  private static final double SMALLEST = 7;

  private final String title;
  private final List<double[][]> scores = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private String meaning = "score";
  private ColorScale scale = ColorScale.unit();
  private int columns = 3;

  /**
   * A picture without panels yet.
   *
   * @param title the title
   */
  public HeadGrids(String title) {
    this.title = Objects.requireNonNull(title, "title");
  }

  /**
   * Adds a score.
   *
   * @param name its title
   * @param values [layer][head], as many as in other panels; copied
   * @return this builder
   * @throws IllegalArgumentException if the matrix is empty, ragged, or of another shape than the
   *     first one
   */
  public HeadGrids panel(String name, double[][] values) {
    double[][] copy = Matrix.copy("HeadGrids.panel", values);
    if (!scores.isEmpty()
        && (scores.get(0).length != copy.length || scores.get(0)[0].length != copy[0].length)) {
      throw new IllegalArgumentException(
          "HeadGrids: panel %s has %d layers of %d heads, the first panel %d of %d"
              .formatted(
                  name,
                  copy.length,
                  copy[0].length,
                  scores.get(0).length,
                  scores.get(0)[0].length));
    }
    names.add(Objects.requireNonNull(name, "name"));
    scores.add(copy);
    return this;
  }

  /**
   * Says what the colours mean, for the legend.
   *
   * @param text the quantity and its unit
   * @return this builder
   */
  public HeadGrids meaning(String text) {
    meaning = Objects.requireNonNull(text, "meaning");
    return this;
  }

  /**
   * Draws blue-white-red with zero in white.
   *
   * @param limit the size of the scores with the strongest colours
   * @return this builder
   * @throws IllegalArgumentException if the limit is not positive and finite
   */
  public HeadGrids signed(double limit) {
    scale = ColorScale.signed(limit);
    return this;
  }

  /**
   * Sets how many panels stand in a row; three unless set.
   *
   * @param count panels in a row, at least 1
   * @return this builder
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public HeadGrids columns(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("HeadGrids: " + count + " columns; use at least 1");
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
    if (scores.isEmpty()) {
      throw new IllegalArgumentException("HeadGrids: no panels; add at least one score");
    }
    int layers = scores.get(0).length;
    int heads = scores.get(0)[0].length;
    // Titles may stand out over their panel by a little more than half of it.
    double titles = Math.ceil((Text.widest(names, Theme.PANEL_TITLE) + WIDEST) / 1.6 / heads);
    double width =
        Math.max(titles, Math.max(SMALLEST, Math.min(WIDEST, Math.floor(PANEL / heads))));
    double height = Math.max(SMALLEST, Math.min(TALLEST, Math.floor(PANEL / layers)));
    Labels rows = Labels.counting("L", layers);
    Labels heading = Labels.counting("H", heads);
    List<Panel> panels = new ArrayList<>();
    boolean missing = false;
    for (double[][] values : scores) {
      Cells cells = new Cells(values, scale, false);
      panels.add(new MatrixPanel(cells, rows, heading, width, height, true));
      missing |= Matrix.anyNotFinite(values);
    }
    return Figure.of(
        new SmallMultiples(
            title,
            "head",
            "layer",
            columns,
            panels,
            names,
            new ColorBar(scale, meaning, missing ? "not finite" : "")));
  }
}
