package dev.circuitscope.core.plot;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Figures in rows of {@code columns}; a row is as tall and a column as wide as its largest. */
record GridDrawing(int columns, List<Figure> figures) implements Drawing {

  GridDrawing {
    if (columns < 1 || figures.isEmpty()) {
      throw new IllegalArgumentException(
          "Figure.grid: %d figures in %d columns; needs at least one of each"
              .formatted(figures.size(), columns));
    }
    columns = Math.min(columns, figures.size());
  }

  @Override
  public double width() {
    double sum = 0;
    for (int c = 0; c < columns; c++) {
      sum += columnWidth(c);
    }
    return sum;
  }

  @Override
  public double height() {
    double sum = 0;
    for (int r = 0; r * columns < figures.size(); r++) {
      sum += rowHeight(r);
    }
    return sum;
  }

  @Override
  public void paint(Graphics2D g, double width, double height) {
    double sx = width / width();
    double sy = height / height();
    double y = 0;
    for (int r = 0; r * columns < figures.size(); r++) {
      double x = 0;
      for (int c = 0; c < columns && r * columns + c < figures.size(); c++) {
        figures
            .get(r * columns + c)
            .draw(g, new Rectangle2D.Double(x, y, columnWidth(c) * sx, rowHeight(r) * sy));
        x += columnWidth(c) * sx;
      }
      y += rowHeight(r) * sy;
    }
  }

  private double columnWidth(int column) {
    int widest = 0;
    for (int i = column; i < figures.size(); i += columns) {
      widest = Math.max(widest, figures.get(i).width());
    }
    return widest;
  }

  private double rowHeight(int row) {
    int tallest = 0;
    for (int i = row * columns; i < Math.min(figures.size(), (row + 1) * columns); i++) {
      tallest = Math.max(tallest, figures.get(i).height());
    }
    return tallest;
  }
}
