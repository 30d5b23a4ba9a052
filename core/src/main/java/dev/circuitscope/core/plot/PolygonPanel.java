package dev.circuitscope.core.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

/**
 * The columns of W [2][features] as arms from the origin, over [-reach, reach] on both axes.
 *
 * @param colors one a feature
 * @param order in which features are drawn, the last on top
 */
record PolygonPanel(double[][] w, Color[] colors, int[] order, double reach, double side)
    implements Panel {

  private static final BasicStroke ARM =
      new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  private static final BasicStroke CASING =
      new BasicStroke(3.4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  private static final BasicStroke DASHED =
      new BasicStroke(1f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {4, 3}, 0);
  private static final double DOT = 3.6;

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
    double widest = 0;
    for (double tick : ticks()) {
      widest = Math.max(widest, Text.width(Ticks.format(tick), Theme.LABEL));
    }
    return widest + Theme.GAP;
  }

  @Override
  public double bottom() {
    return Theme.GAP + Text.height(Theme.LABEL);
  }

  @Override
  public void paint(Graphics2D g, Rectangle2D data) {
    g.setColor(Theme.GRID);
    for (double tick : ticks()) {
      g.draw(new Line2D.Double(x(data, tick), data.getY(), x(data, tick), data.getMaxY()));
      g.draw(new Line2D.Double(data.getX(), y(data, tick), data.getMaxX(), y(data, tick)));
    }
    g.setColor(Theme.FRAME);
    g.draw(data);
    g.setStroke(DASHED);
    double radius = data.getWidth() / (2 * reach);
    g.draw(new Ellipse2D.Double(x(data, 0) - radius, y(data, 0) - radius, 2 * radius, 2 * radius));
    for (int i : order) {
      paintFeature(g, data, i);
    }
    g.setStroke(Theme.HAIRLINE);
  }

  private void paintFeature(Graphics2D g, Rectangle2D data, int i) {
    double x = x(data, w[0][i]);
    double y = y(data, w[1][i]);
    Line2D arm = new Line2D.Double(x(data, 0), y(data, 0), x, y);
    Ellipse2D dot = new Ellipse2D.Double(x - DOT, y - DOT, 2 * DOT, 2 * DOT);
    // Viridis ends in a yellow that needs a dark edge to be seen on white.
    g.setColor(Theme.INK);
    g.setStroke(CASING);
    g.draw(arm);
    g.setStroke(new BasicStroke(1.2f));
    g.draw(dot);
    g.setColor(colors[i]);
    g.setStroke(ARM);
    g.draw(arm);
    g.fill(dot);
  }

  @Override
  public void paintLeft(Graphics2D g, Rectangle2D data) {
    g.setColor(Theme.SOFT_INK);
    for (double tick : ticks()) {
      Text.right(g, Ticks.format(tick), Theme.LABEL, data.getX() - Theme.GAP, y(data, tick));
    }
  }

  @Override
  public void paintBottom(Graphics2D g, Rectangle2D data) {
    double y = data.getMaxY() + Theme.GAP + Text.height(Theme.LABEL) / 2;
    g.setColor(Theme.SOFT_INK);
    for (double tick : ticks()) {
      Text.centre(g, Ticks.format(tick), Theme.LABEL, x(data, tick), y);
    }
  }

  private double[] ticks() {
    return Ticks.linear(-reach, reach, 5);
  }

  private double x(Rectangle2D data, double h) {
    return data.getCenterX() + h / reach * data.getWidth() / 2;
  }

  private double y(Rectangle2D data, double h) {
    return data.getCenterY() - h / reach * data.getHeight() / 2;
  }
}
