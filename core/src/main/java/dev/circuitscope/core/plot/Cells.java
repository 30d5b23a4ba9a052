package dev.circuitscope.core.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleFunction;

/**
 * The coloured cells of a matrix.
 *
 * @param blankAbove whether cells above the diagonal are left out
 */
record Cells(double[][] values, ColorScale scale, boolean blankAbove) {

  int rows() {
    return values.length;
  }

  int columns() {
    return values[0].length;
  }

  /**
   * The part of {@code data} that the cells fill: their sides are multiples of half a pixel, so
   * that all are equally large and edges lie on the pixels of a PNG.
   */
  Rectangle2D snap(Rectangle2D data) {
    double w = side(data.getWidth() / columns());
    double h = side(data.getHeight() / rows());
    return new Rectangle2D.Double(
        Math.rint(data.getX() + (data.getWidth() - w * columns()) / 2),
        Math.rint(data.getY() + (data.getHeight() - h * rows()) / 2),
        w * columns(),
        h * rows());
  }

  private static double side(double pixels) {
    return pixels < 1 ? pixels : Math.floor(2 * pixels + 1e-6) / 2;
  }

  /** Fills {@code area} with the cells. */
  void paint(Graphics2D g, Rectangle2D area) {
    double w = area.getWidth() / columns();
    double h = area.getHeight() / rows();
    // One shape per colour and one run per row of equal cells: small files and no seams.
    Map<Color, Path2D> shapes = new LinkedHashMap<>();
    for (int r = 0; r < rows(); r++) {
      int width = blankAbove ? Math.min(columns(), r + 1) : columns();
      double y = area.getY() + r * h;
      for (int c = 0; c < width; ) {
        Color color = scale.of(values[r][c]);
        int end = c + 1;
        while (end < width && scale.of(values[r][end]).equals(color)) {
          end++;
        }
        Rectangle2D run = new Rectangle2D.Double(area.getX() + c * w, y, (end - c) * w, h);
        shapes.computeIfAbsent(color, key -> new Path2D.Double()).append(run, false);
        c = end;
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
  }

  /** Writes every value into its cell, if all of them fit. */
  void annotate(Graphics2D g, Rectangle2D area, DoubleFunction<String> format) {
    double w = area.getWidth() / columns();
    double h = area.getHeight() / rows();
    if (h < Text.height(Theme.LABEL) || w < widest(format) + 4) {
      return;
    }
    for (int r = 0; r < rows(); r++) {
      for (int c = 0; c < columns(); c++) {
        if (blankAbove && c > r) {
          continue;
        }
        g.setColor(Theme.inkOn(scale.of(values[r][c])));
        Text.centre(
            g,
            format.apply(values[r][c]),
            Theme.LABEL,
            area.getX() + (c + 0.5) * w,
            area.getY() + (r + 0.5) * h);
      }
    }
  }

  double widest(DoubleFunction<String> format) {
    double widest = 0;
    for (double[] row : values) {
      for (double v : row) {
        widest = Math.max(widest, Text.width(format.apply(v), Theme.LABEL));
      }
    }
    return widest;
  }
}
