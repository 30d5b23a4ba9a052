package dev.circuitscope.core.plot;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;

/** A matrix with labelled rows and columns; values are written into cells that can hold them. */
record MatrixPanel(
    Cells cells, Labels rows, Labels columns, double cellWidth, double cellHeight, boolean annotate)
    implements Panel {

  @Override
  public double width() {
    return cells.columns() * cellWidth;
  }

  @Override
  public double height() {
    return cells.rows() * cellHeight;
  }

  @Override
  public double left() {
    return rows.widest() + Theme.GAP;
  }

  @Override
  public double bottom() {
    double labels = columns.upright(cellWidth) ? columns.widest() : Text.height(Theme.LABEL);
    return Theme.GAP + labels;
  }

  @Override
  public void paint(Graphics2D g, Rectangle2D data) {
    Rectangle2D area = cells.snap(data);
    cells.paint(g, area);
    if (annotate) {
      cells.annotate(g, area, Ticks::cell);
    }
    g.setColor(Theme.FRAME);
    g.draw(area);
  }

  @Override
  public void paintLeft(Graphics2D g, Rectangle2D data) {
    Rectangle2D area = cells.snap(data);
    double pitch = area.getHeight() / cells.rows();
    rows.paintRows(g, area.getX() - Theme.GAP, area.getY(), pitch);
  }

  @Override
  public void paintBottom(Graphics2D g, Rectangle2D data) {
    Rectangle2D area = cells.snap(data);
    double pitch = area.getWidth() / cells.columns();
    columns.paintColumns(
        g, area.getX(), area.getMaxY() + Theme.GAP, pitch, columns.upright(cellWidth));
  }
}
