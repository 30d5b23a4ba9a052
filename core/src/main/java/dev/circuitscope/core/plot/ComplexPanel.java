package dev.circuitscope.core.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

/** Complex numbers around the origin, over rings of equal magnitude. */
record ComplexPanel(double[] real, double[] imaginary, RadiusScale scale, double side)
    implements Panel {

  static final Color POSITIVE = Palette.of(0);
  static final Color NEGATIVE = Palette.of(1);

  private static final double DOT = 2.6;

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
    for (double ring : scale.rings()) {
      widest = Math.max(widest, Text.width("-" + Ticks.format(ring), Theme.LABEL));
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
    g.draw(new Line2D.Double(data.getX(), y(data, 0), data.getMaxX(), y(data, 0)));
    g.draw(new Line2D.Double(x(data, 0), data.getY(), x(data, 0), data.getMaxY()));
    for (double ring : scale.rings()) {
      double r = scale.of(ring) * data.getWidth() / 2;
      g.draw(new Ellipse2D.Double(x(data, 0) - r, y(data, 0) - r, 2 * r, 2 * r));
    }
    g.setColor(Theme.FRAME);
    g.draw(data);
    for (int i = 0; i < real.length; i++) {
      double magnitude = Math.hypot(real[i], imaginary[i]);
      double stretch = magnitude == 0 ? 0 : scale.of(magnitude) / magnitude;
      double x = x(data, real[i] * stretch);
      double y = y(data, imaginary[i] * stretch);
      Color color = real[i] < 0 ? NEGATIVE : POSITIVE;
      g.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 0xC0));
      g.fill(new Ellipse2D.Double(x - DOT, y - DOT, 2 * DOT, 2 * DOT));
    }
  }

  @Override
  public void paintLeft(Graphics2D g, Rectangle2D data) {
    g.setColor(Theme.SOFT_INK);
    double apart = Text.height(Theme.LABEL);
    double last = Double.POSITIVE_INFINITY;
    double right = data.getX() - Theme.GAP;
    for (double ring : scale.rings()) {
      double up = scale.of(ring) * data.getHeight() / 2;
      if (last - up >= apart && up >= apart) {
        Text.right(g, Ticks.format(ring), Theme.LABEL, right, data.getCenterY() - up);
        Text.right(g, "-" + Ticks.format(ring), Theme.LABEL, right, data.getCenterY() + up);
        last = up;
      }
    }
    Text.right(g, "0", Theme.LABEL, right, data.getCenterY());
  }

  @Override
  public void paintBottom(Graphics2D g, Rectangle2D data) {
    g.setColor(Theme.SOFT_INK);
    double y = data.getMaxY() + Theme.GAP + Text.height(Theme.LABEL) / 2;
    double last = Double.POSITIVE_INFINITY;
    for (double ring : scale.rings()) {
      double out = scale.of(ring) * data.getWidth() / 2;
      double need = Text.width("-" + Ticks.format(ring), Theme.LABEL) + Theme.GAP;
      if (last - out >= need && out >= need) {
        Text.centre(g, Ticks.format(ring), Theme.LABEL, data.getCenterX() + out, y);
        Text.centre(g, "-" + Ticks.format(ring), Theme.LABEL, data.getCenterX() - out, y);
        last = out;
      }
    }
    Text.centre(g, "0", Theme.LABEL, data.getCenterX(), y);
  }

  private static double x(Rectangle2D data, double part) {
    return data.getCenterX() + part * data.getWidth() / 2;
  }

  private static double y(Rectangle2D data, double part) {
    return data.getCenterY() - part * data.getHeight() / 2;
  }
}
