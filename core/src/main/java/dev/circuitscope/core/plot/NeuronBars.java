package dev.circuitscope.core.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Builds a bar for each neuron with a segment for each feature, as long as its weight: positive
 * weights upwards, negative ones downwards, the largest next to the axis. One long segment is a
 * neuron of one feature, many short ones a neuron of many ("Toy Models of Superposition", sections
 * "Superposition in a Privileged Basis" and "Computation in Superposition").
 *
 * <pre>{@code
 * Figure figure =
 *     new NeuronBars("10 features in 5 neurons")
 *         .kinds("monosemantic", "polysemantic")
 *         .panel("p = 1", dense, new int[] {0, 0, 0, 0, 0})
 *         .panel("p = 0.1", sparse, new int[] {0, 1, 1, 1, 1})
 *         .figure();
 * }</pre>
 *
 * <p>Neighbouring segments differ in brightness; where there is room, they bear their feature's
 * number. Those at a bar's end that are too short to see are drawn as one.
 */
public final class NeuronBars {

  private final String title;
  private final List<double[][]> weights = new ArrayList<>();
  private final List<int[]> kinds = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private List<String> kindNames = List.of();
  private String yName = "weights";
  private int columns;

  /**
   * A figure without panels yet.
   *
   * @param title the title; may be empty
   */
  public NeuronBars(String title) {
    this.title = Objects.requireNonNull(title, "title");
  }

  /**
   * Names the kinds of neurons, which have colours of their own: the first is kind 0.
   *
   * @param each for the legend
   * @return this builder
   */
  public NeuronBars kinds(String... each) {
    kindNames = List.of(each);
    return this;
  }

  /**
   * Names the axis of lengths.
   *
   * @param name what a segment's length is
   * @return this builder
   */
  public NeuronBars y(String name) {
    yName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Adds a model whose neurons are of one kind.
   *
   * @param name the panel's title, such as its sparsity
   * @param each weights [neuron][feature], at least one of each, finite; copied
   * @return this builder
   * @throws IllegalArgumentException if the matrix is empty, ragged or not finite
   */
  public NeuronBars panel(String name, double[][] each) {
    return panel(name, each, new int[each.length]);
  }

  /**
   * Adds a model.
   *
   * @param name the panel's title, such as its sparsity
   * @param each weights [neuron][feature], at least one of each, finite; copied
   * @param kindOfEach the kind of each neuron, from 0; copied
   * @return this builder
   * @throws IllegalArgumentException if the matrix is empty, ragged or not finite, there is not one
   *     kind per neuron, or one is negative
   */
  public NeuronBars panel(String name, double[][] each, int[] kindOfEach) {
    double[][] copy = Matrix.copy("NeuronBars.panel", each);
    if (Matrix.anyNotFinite(copy)) {
      throw new IllegalArgumentException(
          "NeuronBars: panel '" + name + "' has a weight that is not finite; leave it out");
    }
    if (kindOfEach.length != copy.length) {
      throw new IllegalArgumentException(
          "NeuronBars: panel '%s' has %d kinds for %d neurons; give one each"
              .formatted(name, kindOfEach.length, copy.length));
    }
    for (int kind : kindOfEach) {
      if (kind < 0) {
        throw new IllegalArgumentException(
            "NeuronBars: panel '" + name + "' has the kind " + kind + "; kinds count from 0");
      }
    }
    names.add(Objects.requireNonNull(name, "name"));
    weights.add(copy);
    kinds.add(kindOfEach.clone());
    return this;
  }

  /**
   * Sets how many panels stand in a row; four at most unless set.
   *
   * @param count panels in a row, at least 1
   * @return this builder
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public NeuronBars columns(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("NeuronBars: " + count + " columns; use at least 1");
    }
    columns = count;
    return this;
  }

  /**
   * The figure.
   *
   * @return the figure of all panels added so far, over one range of lengths
   * @throws IllegalArgumentException if there is no panel
   */
  public Figure figure() {
    if (weights.isEmpty()) {
      throw new IllegalArgumentException("NeuronBars: no panels; add at least one");
    }
    double low = 0;
    double high = 0;
    for (double[][] panel : weights) {
      for (double[] neuron : panel) {
        low = Math.min(low, -NeuronBarsPanel.length(neuron, -1));
        high = Math.max(high, NeuronBarsPanel.length(neuron, 1));
      }
    }
    double room = high > low ? 0.05 * (high - low) : 1;
    double from = low < 0 ? low - room : 0;
    double to = high > 0 || low == 0 ? high + room : 0;
    List<Panel> panels = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      panels.add(new NeuronBarsPanel(weights.get(i), kinds.get(i), from, to));
    }
    return Figure.of(
        new SmallMultiples(
            title,
            "neuron",
            yName,
            columns > 0 ? columns : SmallMultiples.balanced(panels.size(), 4),
            panels,
            names,
            legend()));
  }

  private Legend legend() {
    if (kindNames.isEmpty()) {
      return null;
    }
    List<KeyLegend.Entry> entries = new ArrayList<>();
    for (int kind = 0; kind < kindNames.size(); kind++) {
      entries.add(
          KeyLegend.Entry.line(kindNames.get(kind), Palette.of(kind), NeuronBarsPanel.SWATCH));
    }
    return new KeyLegend(entries);
  }
}
