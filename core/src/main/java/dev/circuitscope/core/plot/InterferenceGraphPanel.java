package dev.circuitscope.core.plot;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Groups of features in rows, the largest first, each in a square that grows with its size. */
record InterferenceGraphPanel(
    List<FeatureGroup> groups, ColorScale scale, double weakest, double side) implements Panel {

  private static final double DOT = 2.4;
  private static final double THICKEST = 2.6;

  InterferenceGraphPanel {
    groups =
        groups.stream().sorted(Comparator.comparingInt(FeatureGroup::size).reversed()).toList();
  }

  private record Edge(int from, int to, double dot) {}

  @Override
  public double width() {
    return side;
  }

  @Override
  public double height() {
    return side;
  }

  @Override
  public double left() {
    return 0;
  }

  @Override
  public double bottom() {
    return 0;
  }

  @Override
  public void paint(Graphics2D g, Rectangle2D data) {
    g.setColor(Theme.FRAME);
    g.draw(data);
    double room = Math.min(data.getWidth(), data.getHeight()) - 8;
    double unit = largestUnit(room);
    double x = 0;
    double y = 0;
    double row = 0;
    for (FeatureGroup group : groups) {
      double cell = unit * cells(group);
      if (x > 0 && x + cell > room + 1e-6) {
        x = 0;
        y += row;
        row = 0;
      }
      row = Math.max(row, cell);
      paint(g, group, data.getX() + 4 + x + cell / 2, data.getY() + 4 + y + cell / 2, cell);
      x += cell;
    }
    g.setStroke(Theme.HAIRLINE);
  }

  /** The side of a group's square, 1 for a pair. */
  private static double cells(FeatureGroup group) {
    return group.size() == 1 ? 0.6 : Math.sqrt(group.size() / 2.0);
  }

  /** The largest side of a pair's square with which all rows fit. */
  private double largestUnit(double room) {
    double low = 0;
    double high = 64;
    for (int halving = 0; halving < 40; halving++) {
      double unit = (low + high) / 2;
      boolean fits = used(unit, room) <= room;
      low = fits ? unit : low;
      high = fits ? high : unit;
    }
    return low;
  }

  private double used(double unit, double room) {
    double x = 0;
    double y = 0;
    double row = 0;
    for (FeatureGroup group : groups) {
      double cell = unit * cells(group);
      if (cell > room) {
        return Double.POSITIVE_INFINITY;
      }
      if (x > 0 && x + cell > room + 1e-6) {
        x = 0;
        y += row;
        row = 0;
      }
      row = Math.max(row, cell);
      x += cell;
    }
    return y + row;
  }

  private void paint(Graphics2D g, FeatureGroup group, double cx, double cy, double cell) {
    double radius = Math.max(0, cell / 2 - DOT - 2);
    List<Edge> edges = new ArrayList<>();
    for (int i = 0; i < group.size(); i++) {
      for (int j = 0; j < i; j++) {
        double dot = group.gram()[i][j];
        if (Math.abs(dot) >= weakest) {
          edges.add(new Edge(i, j, dot));
        }
      }
    }
    // The strongest on top.
    edges.sort(Comparator.comparingDouble(edge -> Math.abs(edge.dot)));
    for (Edge edge : edges) {
      g.setColor(scale.of(edge.dot));
      g.setStroke(
          new BasicStroke(
              (float) Math.max(0.6, Math.min(1, Math.abs(edge.dot)) * THICKEST),
              BasicStroke.CAP_ROUND,
              BasicStroke.JOIN_ROUND));
      g.draw(
          new Line2D.Double(
              cx + radius * group.x()[edge.from],
              cy - radius * group.y()[edge.from],
              cx + radius * group.x()[edge.to],
              cy - radius * group.y()[edge.to]));
    }
    g.setColor(Theme.INK);
    for (int i = 0; i < group.size(); i++) {
      double r = DOT * Math.min(1.2, Math.max(0.3, group.norm(i)));
      double x = cx + radius * group.x()[i];
      double y = cy - radius * group.y()[i];
      g.fill(new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r));
    }
  }

  @Override
  public void paintLeft(Graphics2D g, Rectangle2D data) {}

  @Override
  public void paintBottom(Graphics2D g, Rectangle2D data) {}
}
