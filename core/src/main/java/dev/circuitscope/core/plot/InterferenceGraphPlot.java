package dev.circuitscope.core.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Builds the picture of which features share directions: a dot a feature, as large as its column of
 * W is long, and a line between two features in the colour of their dot product ("Toy Models of
 * Superposition", section "The Geometry of Superposition").
 *
 * <p>Each group of features is drawn by itself, so that a model falls apart into its figures:
 * antipodal pairs, triangles, pentagons. Up to twelve features stand around a circle, in the order
 * in which their two principal components have them; more lie where these two components put them.
 *
 * <pre>{@code
 * Figure figure =
 *     new InterferenceGraphPlot("Features that share directions")
 *         .panel("a triangle and a pair", w, List.of(List.of(0, 1, 2), List.of(3, 4)))
 *         .figure();
 * }</pre>
 */
public final class InterferenceGraphPlot {

  private final String title;
  private final List<List<FeatureGroup>> models = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private double weakest = 0.1;
  private int columns;

  /**
   * A figure without panels yet.
   *
   * @param title the title; may be empty
   */
  public InterferenceGraphPlot(String title) {
    this.title = Objects.requireNonNull(title, "title");
  }

  /**
   * Adds a model.
   *
   * @param name the panel's title, such as its sparsity
   * @param w W, [hidden][features], finite; copied
   * @param groups features that are drawn together; features in no group are left out
   * @return this builder
   * @throws IllegalArgumentException if W is empty, ragged or not finite, a group is empty, or a
   *     feature does not exist or is in two groups
   */
  public InterferenceGraphPlot panel(
      String name, double[][] w, List<? extends List<Integer>> groups) {
    double[][] copy = Matrix.copy("InterferenceGraphPlot.panel", w);
    if (Matrix.anyNotFinite(copy)) {
      throw new IllegalArgumentException(
          "InterferenceGraphPlot: W of '" + name + "' has a number that is not finite");
    }
    boolean[] drawn = new boolean[copy[0].length];
    List<FeatureGroup> model = new ArrayList<>();
    for (List<Integer> group : groups) {
      for (int feature : group) {
        if (feature < 0 || feature >= drawn.length || drawn[feature]) {
          throw new IllegalArgumentException(
              "InterferenceGraphPlot: '%s' draws feature %d of %d twice or not at all; %s"
                  .formatted(name, feature, drawn.length, "each may be in one group"));
        }
        drawn[feature] = true;
      }
      model.add(FeatureGroup.of(copy, group));
    }
    models.add(model);
    names.add(Objects.requireNonNull(name, "name"));
    return this;
  }

  /**
   * Adds a model.
   *
   * @param name the panel's title, such as its sparsity
   * @param w W, [hidden, features], finite; copied
   * @param groups features that are drawn together; features in no group are left out
   * @return this builder
   * @throws IllegalArgumentException as for an array of rows
   */
  public InterferenceGraphPlot panel(
      String name, INDArray w, List<? extends List<Integer>> groups) {
    return panel(name, Matrix.copy("InterferenceGraphPlot.panel", w), groups);
  }

  /**
   * Sets the smallest |W_i . W_j| that is drawn as a line, which is 0.1 unless set.
   *
   * @param size at least 0
   * @return this builder
   * @throws IllegalArgumentException if it is negative or NaN
   */
  public InterferenceGraphPlot weakest(double size) {
    if (!(size >= 0)) {
      throw new IllegalArgumentException(
          "InterferenceGraphPlot: the weakest line is " + size + "; use 0 or more");
    }
    weakest = size;
    return this;
  }

  /**
   * Sets how many panels stand in a row; four at most unless set.
   *
   * @param count panels in a row, at least 1
   * @return this builder
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public InterferenceGraphPlot columns(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "InterferenceGraphPlot: " + count + " columns; use at least 1");
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
    if (models.isEmpty()) {
      throw new IllegalArgumentException(
          "InterferenceGraphPlot: no panels; add at least one W with its groups");
    }
    ColorScale scale = ColorScale.signed(1);
    double side = models.size() == 1 ? 360 : 230;
    List<Panel> panels = new ArrayList<>();
    for (List<FeatureGroup> model : models) {
      panels.add(new InterferenceGraphPanel(model, scale, weakest, side));
    }
    return Figure.of(
        new SmallMultiples(
            title,
            "",
            "",
            columns > 0 ? columns : SmallMultiples.balanced(panels.size(), 4),
            panels,
            names,
            new ColorBar(scale, "line: dot product of two features; dot: a feature", "")));
  }
}
