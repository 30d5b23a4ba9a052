package dev.circuitscope.core.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Builds a picture of nodes in rows, the first row at the bottom, and of connections from lower to
 * higher rows: heads of a model by layer, and how much each reads of what earlier ones write.
 *
 * <pre>{@code
 * Figure figure =
 *     new LayeredGraph("Composition of heads")
 *         .layer("layer 0", List.of("L0H0", "L0H1"))
 *         .layer("layer 1", List.of("L1H0", "L1H1"))
 *         .kinds("Q", "K", "V")
 *         .edge("L0H1", "L1H0", "K", 0.31)
 *         .meaning("composition above chance")
 *         .figure();
 * }</pre>
 *
 * <p>An edge is as thick as its value is large. Each kind has its colour, and arrives at its own
 * place on the lower side of a node, in the order of the kinds from left to right.
 */
public final class LayeredGraph {

  private final String title;
  private final List<String> layerNames = new ArrayList<>();
  private final List<List<String>> layers = new ArrayList<>();
  private final List<String> kinds = new ArrayList<>();
  private final List<GraphDrawing.Edge> edges = new ArrayList<>();
  private final List<double[]> values = new ArrayList<>();
  private String meaning = "weight";
  private String valueMeaning = "";
  private int most = Integer.MAX_VALUE;

  /**
   * A graph without nodes yet.
   *
   * @param title the title; may be empty
   */
  public LayeredGraph(String title) {
    this.title = Objects.requireNonNull(title, "title");
  }

  /**
   * Adds a row of nodes above the last one.
   *
   * @param name of the row
   * @param nodes their names, at least one, from left to right, all different
   * @return this builder
   * @throws IllegalArgumentException if there is no node, or a name is taken
   */
  public LayeredGraph layer(String name, List<String> nodes) {
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException(
          "LayeredGraph: layer '" + name + "' has no nodes; give at least one");
    }
    for (int i = 0; i < nodes.size(); i++) {
      if (layerOf(nodes.get(i)) >= 0 || nodes.indexOf(nodes.get(i)) < i) {
        throw new IllegalArgumentException(
            "LayeredGraph: two nodes are called '" + nodes.get(i) + "'; give each its own name");
      }
    }
    layerNames.add(Objects.requireNonNull(name, "name"));
    layers.add(List.copyOf(nodes));
    return this;
  }

  /**
   * Fixes the kinds of edges, and with them colours and order; otherwise they come in the order of
   * the edges.
   *
   * @param names of the kinds
   * @return this builder
   */
  public LayeredGraph kinds(String... names) {
    for (String name : names) {
      kind(name);
    }
    return this;
  }

  /**
   * Adds an edge.
   *
   * @param from a node
   * @param to a node in a higher row
   * @param kind decides the colour
   * @param value decides the thickness; finite; edges of 0 or less are not drawn
   * @return this builder
   * @throws IllegalArgumentException if a node does not exist, the second is not higher than the
   *     first, or the value is not finite
   */
  public LayeredGraph edge(String from, String to, String kind, double value) {
    int low = require(from);
    int high = require(to);
    if (low >= high) {
      throw new IllegalArgumentException(
          "LayeredGraph: edge from %s in row %d to %s in row %d; edges go to higher rows"
              .formatted(from, low, to, high));
    }
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "LayeredGraph: edge from %s to %s has value %s; it must be finite"
              .formatted(from, to, value));
    }
    edges.add(
        new GraphDrawing.Edge(
            low,
            layers.get(low).indexOf(from),
            high,
            layers.get(high).indexOf(to),
            kind(kind),
            value));
    return this;
  }

  /**
   * Says what the thickness of edges means, for the legend.
   *
   * @param text the quantity and its unit
   * @return this builder
   */
  public LayeredGraph meaning(String text) {
    meaning = Objects.requireNonNull(text, "meaning");
    return this;
  }

  /**
   * Draws the largest edges only, so that they can be told apart.
   *
   * @param count how many, at least 1
   * @return this builder
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public LayeredGraph strongest(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("LayeredGraph: " + count + " edges; draw at least 1");
    }
    most = count;
    return this;
  }

  /**
   * Colours the nodes by a value each, in viridis from 0 to the largest, or blue-white-red if one
   * is negative.
   *
   * @param text what the values are, for the legend
   * @param nodeValues [layer][node], for all layers added so far; copied
   * @return this builder
   * @throws IllegalArgumentException if there is not a value for each node
   */
  public LayeredGraph values(String text, double[][] nodeValues) {
    int[] given = Arrays.stream(nodeValues).mapToInt(row -> row.length).toArray();
    int[] wanted = layers.stream().mapToInt(List::size).toArray();
    if (!Arrays.equals(given, wanted)) {
      throw new IllegalArgumentException(
          "LayeredGraph: values for %s nodes by row, but there are %s; give one each"
              .formatted(Arrays.toString(given), Arrays.toString(wanted)));
    }
    valueMeaning = Objects.requireNonNull(text, "text");
    values.clear();
    for (double[] row : nodeValues) {
      values.add(row.clone());
    }
    return this;
  }

  /**
   * The figure.
   *
   * @return the figure of everything added so far
   * @throws IllegalArgumentException if there are no nodes, or nodes without a value were added
   *     after values
   */
  public Figure figure() {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException(
          "LayeredGraph '" + title + "' has no nodes; add at least one layer");
    }
    if (!values.isEmpty() && values.size() != layers.size()) {
      throw new IllegalArgumentException(
          "LayeredGraph: values for %d layers of %d; give them after the last layer"
              .formatted(values.size(), layers.size()));
    }
    List<GraphDrawing.Edge> drawn = new ArrayList<>(edges);
    drawn.removeIf(e -> !(e.value() > 0));
    drawn.sort(Comparator.comparingDouble(e -> -e.value()));
    drawn = new ArrayList<>(drawn.subList(0, Math.min(most, drawn.size())));
    // The strongest on top.
    Collections.reverse(drawn);
    return Figure.of(
        new GraphDrawing(
            title,
            List.copyOf(layerNames),
            List.copyOf(layers),
            List.copyOf(kinds),
            List.copyOf(drawn),
            meaning,
            List.copyOf(values),
            valueMeaning));
  }

  private int kind(String name) {
    Objects.requireNonNull(name, "kind");
    if (!kinds.contains(name)) {
      kinds.add(name);
    }
    return kinds.indexOf(name);
  }

  private int require(String node) {
    int layer = layerOf(node);
    if (layer < 0) {
      throw new IllegalArgumentException(
          "LayeredGraph: no node '" + node + "' among " + layers + "; add its layer first");
    }
    return layer;
  }

  private int layerOf(String node) {
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).contains(node)) {
        return i;
      }
    }
    return -1;
  }
}
