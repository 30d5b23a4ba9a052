package dev.circuitscope.core.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;

/** A small sign on a cell of a map. */
enum Mark {
  DOT,
  CROSS,
  RING;

  private static final BasicStroke STROKE =
      new BasicStroke(1.4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);

  /** Draws the mark centred on (x, y), over {@code background}. */
  void paint(Graphics2D g, double x, double y, double size, Color background) {
    g.setColor(Theme.inkOn(background));
    g.setStroke(STROKE);
    double r = size / 2;
    switch (this) {
      case DOT -> g.fill(new Ellipse2D.Double(x - r / 2, y - r / 2, r, r));
      case CROSS -> {
        g.draw(new Line2D.Double(x - r, y - r, x + r, y + r));
        g.draw(new Line2D.Double(x - r, y + r, x + r, y - r));
      }
      case RING -> g.draw(new Ellipse2D.Double(x - r, y - r, size, size));
    }
    g.setStroke(Theme.HAIRLINE);
  }
}
