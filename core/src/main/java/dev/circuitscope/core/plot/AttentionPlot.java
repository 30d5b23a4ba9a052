package dev.circuitscope.core.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Builds a picture of attention patterns over one text: a panel a head, destination tokens (which
 * attend) down the side, source tokens (attended to) along the bottom.
 *
 * <pre>{@code
 * Figure figure =
 *     new AttentionPlot(tokens)
 *         .title("Layer 1 on a repeated sequence")
 *         .head(1, 4, pattern4)
 *         .head(1, 6, pattern6)
 *         .figure();
 * }</pre>
 *
 * <p>Patterns are causal unless {@link #bidirectional()} says otherwise: the cells above the
 * diagonal, which the mask forbids, stay blank. All panels share one colour range, from 0 to 1.
 */
public final class AttentionPlot {

  private final List<String> tokens;
  private final List<double[][]> patterns = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private String title = "";
  private String meaning = "attention weight";
  private ColorScale scale = ColorScale.unit();
  private boolean causal = true;
  private int columns;

  /**
   * A plot without heads yet.
   *
   * @param tokens the text, token by token, as the tokenizer decodes them; {@link TokenText} makes
   *     them visible
   * @throws IllegalArgumentException if there is no token
   */
  public AttentionPlot(List<String> tokens) {
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException("AttentionPlot: no tokens; give at least one");
    }
    this.tokens = List.copyOf(tokens);
  }

  /**
   * Sets the title.
   *
   * @param text the title
   * @return this builder
   */
  public AttentionPlot title(String text) {
    title = Objects.requireNonNull(text, "title");
    return this;
  }

  /**
   * Says what the colours mean, for patterns that are not plain attention weights.
   *
   * @param text the quantity and its unit
   * @return this builder
   */
  public AttentionPlot meaning(String text) {
    meaning = Objects.requireNonNull(text, "meaning");
    return this;
  }

  /**
   * Adds a head, titled in the manner of L0H3.
   *
   * @param layer its layer
   * @param head its number within the layer
   * @param pattern [dest][src]; copied
   * @return this builder
   * @throws IllegalArgumentException if the pattern has not a row and a column for each token
   */
  public AttentionPlot head(int layer, int head, double[][] pattern) {
    return head("L" + layer + "H" + head, pattern);
  }

  /**
   * Adds a head, titled in the manner of L0H3.
   *
   * @param layer its layer
   * @param head its number within the layer
   * @param pattern [dest, src]; copied
   * @return this builder
   * @throws IllegalArgumentException if the pattern has not a row and a column for each token
   */
  public AttentionPlot head(int layer, int head, INDArray pattern) {
    return head(layer, head, Matrix.copy("AttentionPlot.head", pattern));
  }

  /**
   * Adds every head of a layer.
   *
   * @param layer the layer
   * @param layerPatterns [head, dest, src]; copied
   * @return this builder
   * @throws IllegalArgumentException if the array is not of rank 3, or its patterns have not a row
   *     and a column for each token
   */
  public AttentionPlot layer(int layer, INDArray layerPatterns) {
    if (layerPatterns.rank() != 3) {
      throw new IllegalArgumentException(
          "AttentionPlot.layer: shape %s is not [head, dest, src]; take one example of the batch"
              .formatted(Arrays.toString(layerPatterns.shape())));
    }
    for (int head = 0; head < layerPatterns.size(0); head++) {
      head(layer, head, layerPatterns.slice(head));
    }
    return this;
  }

  /**
   * Adds a pattern under any name.
   *
   * @param name its title
   * @param pattern [dest][src]; copied
   * @return this builder
   * @throws IllegalArgumentException if the pattern has not a row and a column for each token
   */
  public AttentionPlot head(String name, double[][] pattern) {
    double[][] copy = Matrix.copy("AttentionPlot.head", pattern);
    if (copy.length != tokens.size() || copy[0].length != tokens.size()) {
      throw new IllegalArgumentException(
          "AttentionPlot: pattern %s is %d x %d for %d tokens; it must have a row and a column each"
              .formatted(name, copy.length, copy[0].length, tokens.size()));
    }
    names.add(Objects.requireNonNull(name, "name"));
    patterns.add(copy);
    return this;
  }

  /**
   * Draws the cells above the diagonal too.
   *
   * @return this builder
   */
  public AttentionPlot bidirectional() {
    causal = false;
    return this;
  }

  /**
   * Draws in viridis from zero to another value than 1, to bring out small weights.
   *
   * @param high the weight of the lightest colour
   * @return this builder
   * @throws IllegalArgumentException if it is not positive and finite
   */
  public AttentionPlot upTo(double high) {
    scale = new ColorScale(ColorMap.VIRIDIS, 0, high);
    return this;
  }

  /**
   * Draws blue-white-red with zero in white, for differences of patterns.
   *
   * @param limit the size of the values with the strongest colours
   * @return this builder
   * @throws IllegalArgumentException if the limit is not positive and finite
   */
  public AttentionPlot signed(double limit) {
    scale = ColorScale.signed(limit);
    return this;
  }

  /**
   * Sets how many panels stand in a row; four at most unless set.
   *
   * @param count panels in a row, at least 1
   * @return this builder
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public AttentionPlot columns(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("AttentionPlot: " + count + " columns; use at least 1");
    }
    columns = count;
    return this;
  }

  /**
   * The figure.
   *
   * @return the figure of all heads added so far
   * @throws IllegalArgumentException if there is no head, or a causal pattern attends ahead
   */
  public Figure figure() {
    if (patterns.isEmpty()) {
      throw new IllegalArgumentException("AttentionPlot: no heads; add at least one pattern");
    }
    Labels labels = Labels.named(tokens.stream().map(TokenText::display).toList());
    double side = side();
    List<Panel> panels = new ArrayList<>();
    boolean missing = false;
    for (int i = 0; i < patterns.size(); i++) {
      double[][] pattern = patterns.get(i);
      missing |= check(names.get(i), pattern);
      Cells cells = new Cells(pattern, scale, causal);
      panels.add(new MatrixPanel(cells, labels, labels, side, side, true));
    }
    int perRow = columns > 0 ? columns : SmallMultiples.balanced(panels.size(), 4);
    return Figure.of(
        new SmallMultiples(
            title,
            "source token (attended to)",
            "destination token",
            perRow,
            panels,
            names,
            new ColorBar(scale, meaning, missing ? "not finite" : "")));
  }

  private double side() {
    int n = tokens.size();
    return patterns.size() == 1
        ? Math.min(36, Math.max(7, Math.floor(720.0 / n)))
        : Math.min(36, Math.max(1, Math.floor(2 * 232.0 / n) / 2));
  }

  /** Whether a value that is drawn is not finite. */
  private boolean check(String name, double[][] pattern) {
    boolean missing = false;
    for (int dest = 0; dest < pattern.length; dest++) {
      for (int src = 0; src < pattern.length; src++) {
        double a = pattern[dest][src];
        if (causal && src > dest) {
          if (Double.isFinite(a) && a != 0) {
            throw new IllegalArgumentException(
                "AttentionPlot: %s attends ahead, from %d to %d with %s; call bidirectional()"
                    .formatted(name, dest, src, a));
          }
        } else {
          missing |= !Double.isFinite(a);
        }
      }
    }
    return missing;
  }
}
