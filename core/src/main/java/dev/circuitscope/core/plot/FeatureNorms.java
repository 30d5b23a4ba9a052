package dev.circuitscope.core.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Builds bars of how strongly each feature is represented, ||W_i||, coloured by how much its
 * direction is shared with others ("Toy Models of Superposition", section "Basic Results").
 *
 * <pre>{@code
 * Figure figure =
 *     new FeatureNorms("20 features in 5 dimensions")
 *         .panel("1-S = 1", norms1, shared1)
 *         .panel("1-S = 0.1", norms2, shared2)
 *         .figure();
 * }</pre>
 */
public final class FeatureNorms {

  private final String title;
  private final List<double[]> norms = new ArrayList<>();
  private final List<double[]> shared = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private boolean horizontal;
  private int columns;

  /**
   * A figure without panels yet.
   *
   * @param title the title; may be empty
   */
  public FeatureNorms(String title) {
    this.title = Objects.requireNonNull(title, "title");
  }

  /**
   * Adds a model.
   *
   * @param name the panel's title, such as its sparsity
   * @param featureNorms ||W_i|| of each feature, at least one, not negative; copied
   * @param polysemanticity of each feature, from 0 (its direction is its own) to 1 and above (it is
   *     shared), or NaN (unknown, drawn grey); copied
   * @return this builder
   * @throws IllegalArgumentException if there is no feature, a norm is negative or not finite, or
   *     the lengths differ
   */
  public FeatureNorms panel(String name, double[] featureNorms, double[] polysemanticity) {
    if (featureNorms.length == 0) {
      throw new IllegalArgumentException(
          "FeatureNorms: panel '" + name + "' is empty; give at least one feature");
    }
    for (int i = 0; i < featureNorms.length; i++) {
      if (!(featureNorms[i] >= 0) || Double.isInfinite(featureNorms[i])) {
        throw new IllegalArgumentException(
            "FeatureNorms: norm of feature %d in '%s' is %s; it must be finite and not negative"
                .formatted(i, name, featureNorms[i]));
      }
    }
    shared.add(
        Matrix.copy("FeatureNorms", "polysemanticity", polysemanticity, featureNorms.length));
    norms.add(featureNorms.clone());
    names.add(Objects.requireNonNull(name, "name"));
    return this;
  }

  /**
   * Lays the bars on their side, the first feature on top, as beside a {@link GramPlot}.
   *
   * @return this builder
   */
  public FeatureNorms horizontal() {
    horizontal = true;
    return this;
  }

  /**
   * Sets how many panels stand in a row; three at most unless set.
   *
   * @param count panels in a row, at least 1
   * @return this builder
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public FeatureNorms columns(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("FeatureNorms: " + count + " columns; use at least 1");
    }
    columns = count;
    return this;
  }

  /**
   * The figure.
   *
   * @return the figure of all panels added so far, over one range of norms
   * @throws IllegalArgumentException if there is no panel
   */
  public Figure figure() {
    if (norms.isEmpty()) {
      throw new IllegalArgumentException("FeatureNorms: no panels; add at least one");
    }
    double longest = 1;
    for (double[] panel : norms) {
      for (double norm : panel) {
        longest = Math.max(longest, norm);
      }
    }
    List<Panel> panels = new ArrayList<>();
    boolean missing = false;
    for (int i = 0; i < norms.size(); i++) {
      panels.add(new NormsPanel(norms.get(i), shared.get(i), 1.05 * longest, horizontal));
      missing |= Matrix.anyNotFinite(new double[][] {shared.get(i)});
    }
    String meaning = "polysemanticity (0 dedicated direction, 1 shared)";
    return Figure.of(
        new SmallMultiples(
            title,
            horizontal ? "norm ‖Wᵢ‖" : "feature i",
            horizontal ? "feature i" : "norm ‖Wᵢ‖",
            columns > 0 ? columns : SmallMultiples.balanced(panels.size(), horizontal ? 5 : 3),
            panels,
            names,
            new ColorBar(ColorScale.unit(), meaning, missing ? "unknown" : "")));
  }
}
