package dev.circuitscope.core.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.CubicCurve2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes in rows, the first row at the bottom, and edges between them.
 *
 * @param edges in the order they are drawn
 * @param values [layer][node], or empty for plain nodes
 */
record GraphDrawing(
    String title,
    List<String> layerNames,
    List<List<String>> layers,
    List<String> kinds,
    List<Edge> edges,
    String meaning,
    List<double[]> values,
    String valueMeaning)
    implements Drawing {

  private static final double NODE_HEIGHT = 24;
  private static final double NODE_PADDING = 9;
  private static final double BETWEEN_NODES = 26;
  private static final double BETWEEN_LAYERS = 170;
  private static final double THICKEST = 8;
  private static final double THINNEST = 0.6;
  private static final Color PLAIN = new Color(0xF0, 0xF0, 0xF0);

  /** A connection; {@code kind} is its place among the kinds. */
  record Edge(int fromLayer, int fromNode, int toLayer, int toNode, int kind, double value) {}

  @Override
  public double width() {
    int most = layers.stream().mapToInt(List::size).max().orElse(1);
    double nodes = most * (nodeWidth() + BETWEEN_NODES) - BETWEEN_NODES;
    return Math.ceil(
        Math.max(
            Math.max(320, legend().width() + 2 * Theme.MARGIN), left() + nodes + 2 * Theme.MARGIN));
  }

  @Override
  public double height() {
    return Math.ceil(
        TitledDrawing.titleHeight(title, width())
            + Theme.MARGIN
            + NODE_HEIGHT
            + (layers.size() - 1) * BETWEEN_LAYERS
            + 2 * Theme.MARGIN
            + legend().height()
            + Theme.MARGIN);
  }

  @Override
  public double leastWidth() {
    return width() - 0.8 * BETWEEN_NODES * layers.stream().mapToInt(List::size).max().orElse(1);
  }

  @Override
  public double leastHeight() {
    return height() - 0.5 * (layers.size() - 1) * BETWEEN_LAYERS;
  }

  @Override
  public void paint(Graphics2D g, double width, double height) {
    double top = TitledDrawing.paintTitle(g, title, width) + Theme.MARGIN + NODE_HEIGHT / 2;
    double bottom = height - 3 * Theme.MARGIN - legend().height() - NODE_HEIGHT / 2;
    Places at = new Places(layers, left(), width - Theme.MARGIN, top, bottom);
    for (Edge edge : edges) {
      paintEdge(g, at, edge);
    }
    g.setStroke(Theme.HAIRLINE);
    for (int layer = 0; layer < layers.size(); layer++) {
      g.setColor(Theme.INK);
      Text.left(g, layerNames.get(layer), Theme.AXIS_NAME, Theme.MARGIN, at.y(layer));
      for (int node = 0; node < layers.get(layer).size(); node++) {
        paintNode(g, at, layer, node);
      }
    }
    legend().paint(g, width / 2, height - Theme.MARGIN - legend().height());
  }

  private void paintEdge(Graphics2D g, Places at, Edge edge) {
    double x1 = at.x(edge.fromLayer(), edge.fromNode());
    double y1 = at.y(edge.fromLayer()) - NODE_HEIGHT / 2;
    double port = (edge.kind() + 1.0) / (kinds.size() + 1) - 0.5;
    double x2 = at.x(edge.toLayer(), edge.toNode()) + port * nodeWidth();
    double y2 = at.y(edge.toLayer()) + NODE_HEIGHT / 2;
    double bend = 0.45 * (y1 - y2);
    Color color = Palette.of(edge.kind());
    g.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 0xC8));
    g.setStroke(
        new BasicStroke(
            (float) thickness(edge.value()), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
    g.draw(new CubicCurve2D.Double(x1, y1, x1, y1 - bend, x2, y2 + bend, x2, y2));
  }

  private void paintNode(Graphics2D g, Places at, int layer, int node) {
    double w = nodeWidth();
    RoundRectangle2D box =
        new RoundRectangle2D.Double(
            at.x(layer, node) - w / 2, at.y(layer) - NODE_HEIGHT / 2, w, NODE_HEIGHT, 8, 8);
    Color fill = values.isEmpty() ? PLAIN : scale().of(values.get(layer)[node]);
    g.setColor(fill);
    g.fill(box);
    g.setColor(Theme.FRAME);
    g.draw(box);
    g.setColor(Theme.inkOn(fill));
    Text.centre(g, layers.get(layer).get(node), Theme.LABEL, at.x(layer, node), at.y(layer));
  }

  private double thickness(double value) {
    return Math.max(THINNEST, THICKEST * value / largest());
  }

  private double largest() {
    return edges.stream().mapToDouble(Edge::value).max().orElse(1);
  }

  private double nodeWidth() {
    double widest = 0;
    for (List<String> layer : layers) {
      widest = Math.max(widest, Text.widest(layer, Theme.LABEL));
    }
    return widest + 2 * NODE_PADDING;
  }

  private double left() {
    return Theme.MARGIN + Text.widest(layerNames, Theme.AXIS_NAME) + 2 * Theme.MARGIN;
  }

  private ColorScale scale() {
    return ColorScale.fitting(values.toArray(double[][]::new));
  }

  /** Kinds, thicknesses, and colours of nodes where these mean something. */
  private Legend legend() {
    List<Legend> parts = new ArrayList<>();
    List<KeyLegend.Entry> names = new ArrayList<>();
    for (int i = 0; i < kinds.size(); i++) {
      names.add(KeyLegend.Entry.line(kinds.get(i), Palette.of(i), 4));
    }
    if (names.size() > 1) {
      parts.add(new KeyLegend(names));
    }
    if (!edges.isEmpty()) {
      List<KeyLegend.Entry> samples = new ArrayList<>();
      double[] ticks = Ticks.linear(0, largest(), 5);
      for (int i = 1; i < ticks.length; i++) {
        String text = Ticks.format(ticks[i]);
        samples.add(
            KeyLegend.Entry.line(
                i == ticks.length - 1 ? text + " (" + meaning + ")" : text,
                Theme.SOFT_INK,
                thickness(ticks[i])));
      }
      parts.add(new KeyLegend(samples));
    }
    if (!values.isEmpty()) {
      boolean missing = Matrix.anyNotFinite(values.toArray(double[][]::new));
      parts.add(new ColorBar(scale(), valueMeaning, missing ? "not finite" : ""));
    }
    return Legend.stacked(parts.toArray(Legend[]::new));
  }

  /** Where nodes stand in a drawing of a given size. */
  private record Places(
      List<List<String>> layers, double left, double right, double top, double bottom) {

    double x(int layer, int node) {
      double pitch = (right - left) / layers.get(layer).size();
      return left + (node + 0.5) * pitch;
    }

    double y(int layer) {
      return layers.size() == 1
          ? (top + bottom) / 2
          : bottom - layer * (bottom - top) / (layers.size() - 1);
    }
  }
}
