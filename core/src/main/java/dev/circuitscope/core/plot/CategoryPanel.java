package dev.circuitscope.core.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Coloured cells over two axes, the first row at the bottom.
 *
 * @param colors [row][column]
 * @param marks [row][column], null for none
 */
record CategoryPanel(Color[][] colors, Mark[][] marks, GridAxis x, GridAxis y, double cell)
    implements Panel {

  @Override
  public double width() {
    return x.count() * cell;
  }

  @Override
  public double height() {
    return y.count() * cell;
  }

  @Override
  public double left() {
    return y.widest((int) (height() / 24)) + Theme.GAP;
  }

  @Override
  public double bottom() {
    return Theme.GAP + Text.height(Theme.LABEL);
  }

  @Override
  public void paint(Graphics2D g, Rectangle2D data) {
    double w = data.getWidth() / x.count();
    double h = data.getHeight() / y.count();
    Map<Color, Path2D> shapes = new LinkedHashMap<>();
    for (int r = 0; r < colors.length; r++) {
      for (int c = 0; c < colors[r].length; c++) {
        Rectangle2D box =
            new Rectangle2D.Double(data.getX() + c * w, data.getMaxY() - (r + 1) * h, w, h);
        shapes.computeIfAbsent(colors[r][c], key -> new Path2D.Double()).append(box, false);
      }
    }
    Object smooth = g.getRenderingHint(RenderingHints.KEY_ANTIALIASING);
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
    shapes.forEach(
        (color, shape) -> {
          g.setColor(color);
          g.fill(shape);
        });
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, smooth);
    paintMarks(g, data, w, h);
    g.setColor(Theme.FRAME);
    g.draw(data);
  }

  private void paintMarks(Graphics2D g, Rectangle2D data, double w, double h) {
    double size = 0.5 * Math.min(w, h);
    for (int r = 0; r < marks.length; r++) {
      for (int c = 0; c < marks[r].length; c++) {
        if (marks[r][c] != null) {
          double across = data.getX() + (c + 0.5) * w;
          double down = data.getMaxY() - (r + 0.5) * h;
          marks[r][c].paint(g, across, down, size, colors[r][c]);
        }
      }
    }
  }

  @Override
  public void paintLeft(Graphics2D g, Rectangle2D data) {
    y.paintUp(g, data.getX(), data.getMaxY(), data.getHeight());
  }

  @Override
  public void paintBottom(Graphics2D g, Rectangle2D data) {
    x.paintAcross(g, data.getX(), data.getWidth(), data.getMaxY());
  }
}
