package dev.circuitscope.core.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.List;

/** Names beside what they are drawn with: dots or lines in a row. */
record KeyLegend(List<Entry> entries) implements Legend {

  private static final double SAMPLE = 22;
  private static final double APART = 18;
  private static final double DOT = 3.6;

  /**
   * One name.
   *
   * @param thickness of a line, or 0 for a dot
   */
  record Entry(String name, Color color, double thickness) {
    double width() {
      return SAMPLE + Theme.GAP + Text.width(name, Theme.LEGEND);
    }
  }

  KeyLegend {
    entries = List.copyOf(entries);
  }

  @Override
  public double width() {
    return entries.stream().mapToDouble(Entry::width).sum() + (entries.size() - 1) * APART;
  }

  @Override
  public double height() {
    return Text.height(Theme.LEGEND);
  }

  @Override
  public void paint(Graphics2D g, double x, double y) {
    double left = x - width() / 2;
    double middle = y + height() / 2;
    for (Entry entry : entries) {
      g.setColor(entry.color());
      if (entry.thickness() > 0) {
        g.setStroke(
            new BasicStroke(
                (float) entry.thickness(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
        g.draw(new Line2D.Double(left, middle, left + SAMPLE, middle));
        g.setStroke(Theme.HAIRLINE);
      } else {
        g.fill(new Ellipse2D.Double(left + SAMPLE / 2 - DOT, middle - DOT, 2 * DOT, 2 * DOT));
      }
      g.setColor(Theme.INK);
      Text.left(g, entry.name(), Theme.LEGEND, left + SAMPLE + Theme.GAP, middle);
      left += entry.width() + APART;
    }
  }
}
