package dev.circuitscope.core.plot;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;

/** W^T W [feature][feature], and beside it the column b. */
record GramPanel(Cells gram, Cells bias, Labels features, double cell) implements Panel {

  private static final double BETWEEN = 8;
  private static final double NARROWEST = 12;

  static GramPanel of(double[][] gram, double[] b, ColorScale scale, double target) {
    double[][] column = new double[b.length][1];
    for (int i = 0; i < b.length; i++) {
      column[i][0] = b[i];
    }
    double cell = Math.max(0.5, Math.min(36, Math.floor(2 * target / b.length) / 2));
    return new GramPanel(
        new Cells(gram, scale, false),
        new Cells(column, scale, false),
        Labels.counting(b.length),
        cell);
  }

  @Override
  public double width() {
    return gram.columns() * cell + BETWEEN + Math.max(cell, NARROWEST);
  }

  @Override
  public double height() {
    return gram.rows() * cell;
  }

  @Override
  public double left() {
    return features.widest() + Theme.GAP;
  }

  @Override
  public double bottom() {
    return Theme.GAP + Text.height(Theme.AXIS_NAME);
  }

  @Override
  public void paint(Graphics2D g, Rectangle2D data) {
    Rectangle2D square = square(data);
    Rectangle2D column = column(data);
    gram.paint(g, square);
    bias.paint(g, column);
    if (Math.max(gram.widest(Ticks::cell), bias.widest(Ticks::cell)) + 4 <= column.getWidth()) {
      gram.annotate(g, square, Ticks::cell);
      bias.annotate(g, column, Ticks::cell);
    }
    g.setColor(Theme.FRAME);
    g.draw(square);
    g.draw(column);
  }

  @Override
  public void paintLeft(Graphics2D g, Rectangle2D data) {
    Rectangle2D square = square(data);
    double pitch = square.getHeight() / gram.rows();
    features.paintRows(g, square.getX() - Theme.GAP, square.getY(), pitch);
  }

  @Override
  public void paintBottom(Graphics2D g, Rectangle2D data) {
    Rectangle2D square = square(data);
    double y = square.getMaxY() + Theme.GAP + Text.height(Theme.AXIS_NAME) / 2;
    g.setColor(Theme.INK);
    Text.centre(g, "WᵀW", Theme.AXIS_NAME, square.getCenterX(), y);
    Text.centre(g, "b", Theme.AXIS_NAME, column(data).getCenterX(), y);
  }

  private Rectangle2D square(Rectangle2D data) {
    return gram.snap(
        new Rectangle2D.Double(
            data.getX(), data.getY(), gram.columns() * cell * scale(data), data.getHeight()));
  }

  private Rectangle2D column(Rectangle2D data) {
    Rectangle2D square = square(data);
    double width = Math.floor(2 * Math.max(cell, NARROWEST) * scale(data)) / 2;
    return new Rectangle2D.Double(
        square.getMaxX() + BETWEEN * scale(data), square.getY(), width, square.getHeight());
  }

  private double scale(Rectangle2D data) {
    return data.getWidth() / width();
  }
}
