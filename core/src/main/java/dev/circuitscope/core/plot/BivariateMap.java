package dev.circuitscope.core.plot;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Builds maps of two numbers at once over two quantities: one is the strength of a cell's colour,
 * from white, the other its hue, from blue to vermilion. For things that matter the more the
 * stronger they are, such as how long a feature's column is and how much its direction is shared
 * ("Toy Models of Superposition", section "Superposition as a Phase Change"). Rows go up: the first
 * row of a panel is the lowest.
 *
 * <pre>{@code
 * Figure figure =
 *     new BivariateMap("Last feature: n = 2, m = 1")
 *         .logX("feature probability p", 1, 0.1, 0.01)
 *         .logY("relative importance", 0.1, 1, 10)
 *         .strength("norm", 1)
 *         .hue("superposition", 1)
 *         .panel("trained", norms, shared)    // [y][x]
 *         .figure();
 * }</pre>
 */
public final class BivariateMap {

  private static final double LONGEST_SIDE = 280;

  private final String title;
  private final List<Color[][]> panels = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private String xName = "x";
  private String yName = "y";
  private GridAxis xAxis;
  private GridAxis yAxis;
  private BivariateScale scale = new BivariateScale("strength", 1, "hue", 1);

  /**
   * A figure without panels yet.
   *
   * @param title the title; may be empty
   */
  public BivariateMap(String title) {
    this.title = Objects.requireNonNull(title, "title");
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
  public BivariateMap logX(String name, double... values) {
    xAxis = GridAxis.of("BivariateMap.logX", values, true);
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
  public BivariateMap logY(String name, double... values) {
    yAxis = GridAxis.of("BivariateMap.logY", values, true);
    yName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Names what the strength of a colour shows; white is 0. Set it before the panels.
   *
   * @param name in the legend
   * @param most the value of the strongest colours, also those of greater values; positive
   * @return this builder
   * @throws IllegalArgumentException if {@code most} is not positive and finite
   */
  public BivariateMap strength(String name, double most) {
    scale = new BivariateScale(name, most, scale.hueName(), scale.mostHue());
    return this;
  }

  /**
   * Names what the hue shows; blue is 0. Set it before the panels.
   *
   * @param name in the legend
   * @param most the value of vermilion, also that of greater values; positive
   * @return this builder
   * @throws IllegalArgumentException if {@code most} is not positive and finite
   */
  public BivariateMap hue(String name, double most) {
    scale = new BivariateScale(scale.strengthName(), scale.mostStrength(), name, most);
    return this;
  }

  /**
   * Adds a map, over the axes that were set before.
   *
   * @param name the panel's title
   * @param strength [row][column], not negative
   * @param hue [row][column], not negative
   * @return this builder
   * @throws IllegalArgumentException if an axis is missing, a shape is another, or a value is
   *     negative or not a number
   */
  public BivariateMap panel(String name, double[][] strength, double[][] hue) {
    if (xAxis == null || yAxis == null) {
      throw new IllegalArgumentException("BivariateMap.panel: set both axes before the panels");
    }
    double[][] s = Matrix.copy("BivariateMap.panel", strength);
    double[][] h = Matrix.copy("BivariateMap.panel", hue);
    requireShape(name, "strengths", s);
    requireShape(name, "hues", h);
    Color[][] colors = new Color[s.length][s[0].length];
    for (int r = 0; r < s.length; r++) {
      for (int c = 0; c < s[r].length; c++) {
        if (!(s[r][c] >= 0 && h[r][c] >= 0)) {
          throw new IllegalArgumentException(
              "BivariateMap.panel: cell (%d, %d) of '%s' has strength %s and hue %s; neither may be negative or NaN"
                  .formatted(r, c, name, s[r][c], h[r][c]));
        }
        colors[r][c] = scale.of(s[r][c], h[r][c]);
      }
    }
    panels.add(colors);
    names.add(Objects.requireNonNull(name, "name"));
    return this;
  }

  private void requireShape(String name, String what, double[][] values) {
    if (values.length != yAxis.count() || values[0].length != xAxis.count()) {
      throw new IllegalArgumentException(
          "BivariateMap.panel: %s of '%s' must be %d x %d, as the axes are; was %d x %d"
              .formatted(
                  what, name, yAxis.count(), xAxis.count(), values.length, values[0].length));
    }
  }

  /**
   * The figure.
   *
   * @return the figure of all panels added so far
   * @throws IllegalArgumentException if there is no panel
   */
  public Figure figure() {
    if (panels.isEmpty()) {
      throw new IllegalArgumentException("BivariateMap: no panels; add at least one");
    }
    double side = Math.floor(LONGEST_SIDE / Math.max(xAxis.count(), yAxis.count()));
    Mark[][] none = new Mark[yAxis.count()][xAxis.count()];
    List<Panel> drawn = new ArrayList<>();
    for (Color[][] colors : panels) {
      drawn.add(new CategoryPanel(colors, none, xAxis, yAxis, Math.max(2, Math.min(36, side))));
    }
    return Figure.of(
        new SmallMultiples(
            title,
            xName,
            yName,
            SmallMultiples.balanced(drawn.size(), 3),
            drawn,
            names,
            new BivariateLegend(scale)));
  }
}
