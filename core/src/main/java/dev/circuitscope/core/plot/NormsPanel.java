package dev.circuitscope.core.plot;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

/** A bar for each feature's norm, upright or horizontal, over norms from 0 to {@code longest}. */
record NormsPanel(double[] norms, double[] shared, double longest, boolean horizontal)
    implements Panel {

  private static final double LENGTH = 140;

  private double across() {
    return Math.min(640, Math.max(200, 14.0 * norms.length));
  }

  @Override
  public double width() {
    return horizontal ? LENGTH : across();
  }

  @Override
  public double height() {
    return horizontal ? across() : LENGTH;
  }

  @Override
  public double left() {
    double labels = features().widest();
    if (!horizontal) {
      for (double tick : ticks()) {
        labels = Math.max(labels, Text.width(Ticks.format(tick), Theme.LABEL));
      }
    }
    return labels + Theme.GAP;
  }

  @Override
  public double bottom() {
    return Theme.GAP + Text.height(Theme.LABEL);
  }

  @Override
  public void paint(Graphics2D g, Rectangle2D data) {
    g.setColor(Theme.GRID);
    for (double tick : ticks()) {
      double at = tick / longest;
      g.draw(
          horizontal
              ? new Line2D.Double(x(data, at), data.getY(), x(data, at), data.getMaxY())
              : new Line2D.Double(data.getX(), y(data, at), data.getMaxX(), y(data, at)));
    }
    Object smooth = g.getRenderingHint(RenderingHints.KEY_ANTIALIASING);
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
    double pitch = (horizontal ? data.getHeight() : data.getWidth()) / norms.length;
    double inset = pitch >= 4 ? 0.12 * pitch : 0;
    for (int i = 0; i < norms.length; i++) {
      double from = i * pitch + inset;
      double thick = pitch - 2 * inset;
      double end = norms[i] / longest;
      g.setColor(ColorScale.unit().of(shared[i]));
      g.fill(
          horizontal
              ? new Rectangle2D.Double(
                  data.getX(), data.getY() + from, end * data.getWidth(), thick)
              : new Rectangle2D.Double(
                  data.getX() + from, y(data, end), thick, data.getMaxY() - y(data, end)));
    }
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, smooth);
    g.setColor(Theme.FRAME);
    g.draw(data);
  }

  @Override
  public void paintLeft(Graphics2D g, Rectangle2D data) {
    double x = data.getX() - Theme.GAP;
    if (horizontal) {
      features().paintRows(g, x, data.getY(), data.getHeight() / norms.length);
      return;
    }
    g.setColor(Theme.SOFT_INK);
    for (double tick : ticks()) {
      Text.right(g, Ticks.format(tick), Theme.LABEL, x, y(data, tick / longest));
    }
  }

  @Override
  public void paintBottom(Graphics2D g, Rectangle2D data) {
    double y = data.getMaxY() + Theme.GAP;
    if (!horizontal) {
      features().paintColumns(g, data.getX(), y, data.getWidth() / norms.length, false);
      return;
    }
    g.setColor(Theme.SOFT_INK);
    for (double tick : ticks()) {
      double x = x(data, tick / longest);
      Text.centre(g, Ticks.format(tick), Theme.LABEL, x, y + Text.height(Theme.LABEL) / 2);
    }
  }

  private Labels features() {
    return Labels.counting(norms.length);
  }

  private double[] ticks() {
    return Ticks.linear(0, longest, 4);
  }

  private static double x(Rectangle2D data, double part) {
    return data.getX() + part * data.getWidth();
  }

  private static double y(Rectangle2D data, double part) {
    return data.getMaxY() - part * data.getHeight();
  }
}
