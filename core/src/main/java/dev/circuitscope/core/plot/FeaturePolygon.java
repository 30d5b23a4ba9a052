package dev.circuitscope.core.plot;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Builds the picture of features as directions in a plane: every column of W, for toy models with
 * two hidden dimensions, drawn from the origin ("Toy Models of Superposition", the introduction's
 * figure over sparsities).
 *
 * <pre>{@code
 * Figure figure =
 *     new FeaturePolygon("Five features in two dimensions")
 *         .importance(importance)
 *         .panel("1-S = 1", dense)
 *         .panel("1-S = 0.05", sparse)
 *         .figure();
 * }</pre>
 */
public final class FeaturePolygon {

  private final String title;
  private final List<double[][]> weights = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private double[] importance;
  private int[] groups;
  private List<String> groupNames = List.of();
  private int columns;

  /**
   * A figure without panels yet.
   *
   * @param title the title; may be empty
   */
  public FeaturePolygon(String title) {
    this.title = Objects.requireNonNull(title, "title");
  }

  /**
   * Adds a model.
   *
   * @param name the panel's title, such as its sparsity
   * @param w W, [2][features]: the hidden vector of each feature in a column; copied
   * @return this builder
   * @throws IllegalArgumentException if W has not two rows, or not as many columns as other panels
   */
  public FeaturePolygon panel(String name, double[][] w) {
    double[][] copy = Matrix.copy("FeaturePolygon.panel", w);
    if (copy.length != 2) {
      throw new IllegalArgumentException(
          "FeaturePolygon: W of '%s' is %d x %d; it must be 2 x features, so transpose or project it"
              .formatted(name, copy.length, copy[0].length));
    }
    for (int i = 0; i < copy[0].length; i++) {
      if (!Double.isFinite(copy[0][i]) || !Double.isFinite(copy[1][i])) {
        throw new IllegalArgumentException(
            "FeaturePolygon: feature %d of '%s' is (%s, %s); it must be finite"
                .formatted(i, name, copy[0][i], copy[1][i]));
      }
    }
    names.add(Objects.requireNonNull(name, "name"));
    weights.add(copy);
    return this;
  }

  /**
   * Adds a model.
   *
   * @param name the panel's title, such as its sparsity
   * @param w W, [2, features]; copied
   * @return this builder
   * @throws IllegalArgumentException if W has not two rows, or not as many columns as other panels
   */
  public FeaturePolygon panel(String name, INDArray w) {
    return panel(name, Matrix.copy("FeaturePolygon.panel", w));
  }

  /**
   * Colours the features by their importance.
   *
   * @param values one value a feature, the same for all panels; copied
   * @return this builder
   */
  public FeaturePolygon importance(double... values) {
    importance = values.clone();
    return this;
  }

  /**
   * Colours the features by the groups that they belong to, instead of by their importance. Panels
   * may have fewer features than there are group numbers; theirs are the first ones.
   *
   * @param names of the groups
   * @param groupOfFeature for each feature the index of its group's name; copied
   * @return this builder
   * @throws IllegalArgumentException if an index has no name
   */
  public FeaturePolygon groups(List<String> names, int... groupOfFeature) {
    for (int group : groupOfFeature) {
      if (group < 0 || group >= names.size()) {
        throw new IllegalArgumentException(
            "FeaturePolygon: group %d has no name among %s".formatted(group, names));
      }
    }
    groupNames = List.copyOf(names);
    groups = groupOfFeature.clone();
    return this;
  }

  /**
   * Sets how many panels stand in a row; five at most unless set.
   *
   * @param count panels in a row, at least 1
   * @return this builder
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public FeaturePolygon columns(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("FeaturePolygon: " + count + " columns; use at least 1");
    }
    columns = count;
    return this;
  }

  /**
   * The figure.
   *
   * @return the figure of all panels added so far, over one range of both axes
   * @throws IllegalArgumentException if there is no panel, or the importances are not as many as
   *     the features
   */
  public Figure figure() {
    if (weights.isEmpty()) {
      throw new IllegalArgumentException("FeaturePolygon: no panels; add at least one W");
    }
    ColorScale scale = groups != null || importance == null ? null : scale();
    double reach = 1.2;
    for (double[][] w : weights) {
      for (int i = 0; i < w[0].length; i++) {
        reach = Math.max(reach, 1.1 * Math.max(Math.abs(w[0][i]), Math.abs(w[1][i])));
      }
    }
    double side = weights.size() == 1 ? 360 : 160;
    List<Panel> panels = new ArrayList<>();
    for (double[][] w : weights) {
      panels.add(new PolygonPanel(w, colors(w[0].length, scale), order(w[0].length), reach, side));
    }
    String circle = "dashed: unit circle";
    return Figure.of(
        new SmallMultiples(
            title,
            "hidden dimension 1" + (scale == null ? " (" + circle + ")" : ""),
            "hidden dimension 2",
            columns > 0 ? columns : SmallMultiples.balanced(panels.size(), 5),
            panels,
            names,
            legend(scale, circle)));
  }

  private ColorScale scale() {
    for (double[][] w : weights) {
      Matrix.copy("FeaturePolygon", "importance", importance, w[0].length);
    }
    return ColorScale.fitting(importance);
  }

  private Color[] colors(int features, ColorScale scale) {
    if (groups != null && groups.length < features) {
      throw new IllegalArgumentException(
          "FeaturePolygon: %d groups for %d features; give one each"
              .formatted(groups.length, features));
    }
    Color[] colors = new Color[features];
    for (int i = 0; i < features; i++) {
      colors[i] =
          scale != null ? scale.of(importance[i]) : Palette.of(groups == null ? 0 : groups[i]);
    }
    return colors;
  }

  /** The most important on top, or the first groups. */
  private int[] order(int features) {
    return IntStream.range(0, features)
        .boxed()
        .sorted(Comparator.comparingDouble(this::rank))
        .mapToInt(i -> i)
        .toArray();
  }

  private double rank(int feature) {
    if (groups != null) {
      return -groups[feature];
    }
    return importance == null ? 0 : importance[feature];
  }

  private Legend legend(ColorScale scale, String circle) {
    if (groups != null) {
      List<KeyLegend.Entry> entries = new ArrayList<>();
      for (int group = 0; group < groupNames.size(); group++) {
        entries.add(KeyLegend.Entry.line(groupNames.get(group), Palette.of(group), 3));
      }
      return new KeyLegend(entries);
    }
    return scale == null ? null : new ColorBar(scale, "feature importance (" + circle + ")", "");
  }
}
