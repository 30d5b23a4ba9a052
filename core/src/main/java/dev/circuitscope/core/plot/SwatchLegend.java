package dev.circuitscope.core.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Names beside squares of their colour, or beside marks, in a row. */
record SwatchLegend(List<Entry> entries) implements Legend {

  private static final double SIDE = 12;
  private static final double APART = 18;

  /**
   * One name.
   *
   * @param mark drawn instead of a coloured square; null for the square
   */
  record Entry(String name, Color color, Mark mark) {
    double width() {
      return SIDE + Theme.GAP + Text.width(name, Theme.LEGEND);
    }
  }

  SwatchLegend {
    entries = List.copyOf(entries);
  }

  @Override
  public double width() {
    return entries.stream().mapToDouble(Entry::width).sum() + (entries.size() - 1) * APART;
  }

  @Override
  public double height() {
    return Math.max(SIDE, Text.height(Theme.LEGEND));
  }

  @Override
  public void paint(Graphics2D g, double x, double y) {
    double left = x - width() / 2;
    double middle = y + height() / 2;
    for (Entry entry : entries) {
      if (entry.mark() == null) {
        Rectangle2D square = new Rectangle2D.Double(left, middle - SIDE / 2, SIDE, SIDE);
        g.setColor(entry.color());
        g.fill(square);
        g.setColor(Theme.FRAME);
        g.draw(square);
      } else {
        entry.mark().paint(g, left + SIDE / 2, middle, 0.7 * SIDE, Theme.PAPER);
      }
      g.setColor(Theme.INK);
      Text.left(g, entry.name(), Theme.LEGEND, left + SIDE + Theme.GAP, middle);
      left += entry.width() + APART;
    }
  }
}
