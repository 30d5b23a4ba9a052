package dev.circuitscope.core.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Builds the picture of what a toy model computes: the matrix W^T W beside the bias b, in one
 * signed colour range ("Toy Models of Superposition", section "Basic Results").
 *
 * <pre>{@code
 * Figure figure =
 *     new GramPlot("20 features in 5 dimensions")
 *         .panel("1-S = 1", w1, b1)
 *         .panel("1-S = 0.1", w2, b2)
 *         .figure();
 * }</pre>
 */
public final class GramPlot {

  private final String title;
  private final List<double[][]> grams = new ArrayList<>();
  private final List<double[]> biases = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private double limit;
  private int columns;

  /**
   * A figure without panels yet.
   *
   * @param title the title; may be empty
   */
  public GramPlot(String title) {
    this.title = Objects.requireNonNull(title, "title");
  }

  /**
   * Adds a model.
   *
   * @param name the panel's title, such as its sparsity
   * @param w W, [hidden][features]
   * @param b the bias of each feature; copied
   * @return this builder
   * @throws IllegalArgumentException if W is empty or ragged, or b has not one value a feature
   */
  public GramPlot panel(String name, double[][] w, double[] b) {
    double[][] copy = Matrix.copy("GramPlot.panel", w);
    biases.add(Matrix.copy("GramPlot.panel", "b", b, copy[0].length));
    grams.add(gram(copy));
    names.add(Objects.requireNonNull(name, "name"));
    return this;
  }

  /**
   * Adds a model.
   *
   * @param name the panel's title, such as its sparsity
   * @param w W, [hidden, features]
   * @param b the bias, with one value a feature
   * @return this builder
   * @throws IllegalArgumentException if W is not a matrix, or b has not one value a feature
   */
  public GramPlot panel(String name, INDArray w, INDArray b) {
    return panel(name, Matrix.copy("GramPlot.panel", w), b.dup().data().asDouble());
  }

  /**
   * Sets the size of the values with the strongest colours, which otherwise is that of the largest
   * value.
   *
   * @param value positive and finite
   * @return this builder
   * @throws IllegalArgumentException if it is not
   */
  public GramPlot limit(double value) {
    limit = ColorScale.signed(value).high();
    return this;
  }

  /**
   * Sets how many panels stand in a row; four at most unless set.
   *
   * @param count panels in a row, at least 1
   * @return this builder
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public GramPlot columns(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("GramPlot: " + count + " columns; use at least 1");
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
    if (grams.isEmpty()) {
      throw new IllegalArgumentException("GramPlot: no panels; add at least one W and b");
    }
    ColorScale scale = ColorScale.signed(limit > 0 ? limit : largest());
    boolean missing = false;
    List<Panel> panels = new ArrayList<>();
    for (int i = 0; i < grams.size(); i++) {
      double target = grams.size() == 1 ? 360 : 180;
      panels.add(GramPanel.of(grams.get(i), biases.get(i), scale, target));
      missing |= Matrix.anyNotFinite(grams.get(i));
      missing |= Matrix.anyNotFinite(new double[][] {biases.get(i)});
    }
    return Figure.of(
        new SmallMultiples(
            title,
            "",
            "feature",
            columns > 0 ? columns : SmallMultiples.balanced(panels.size(), 4),
            panels,
            names,
            new ColorBar(scale, "entry of WᵀW, and bias b", missing ? "not finite" : "")));
  }

  private double largest() {
    double largest = 0;
    for (int i = 0; i < grams.size(); i++) {
      for (double[] row : grams.get(i)) {
        largest = Math.max(largest, largest(row));
      }
      largest = Math.max(largest, largest(biases.get(i)));
    }
    return largest == 0 ? 1 : largest;
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double v : values) {
      if (Double.isFinite(v)) {
        largest = Math.max(largest, Math.abs(v));
      }
    }
    return largest;
  }

  /** W^T W. */
  private static double[][] gram(double[][] w) {
    int n = w[0].length;
    double[][] gram = new double[n][n];
    for (double[] hidden : w) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          gram[i][j] += hidden[i] * hidden[j];
        }
      }
    }
    return gram;
  }
}
