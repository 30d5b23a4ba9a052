package dev.circuitscope.core.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Names beside samples of what they are drawn with, in a row. */
record KeyLegend(List<Entry> entries) implements Legend {

  private static final double LINE = 22;
  private static final double SQUARE = 12;
  private static final double APART = 18;
  private static final double DOT = 3.6;

  /** What a name stands beside, drawn from a left edge around a middle line. */
  @FunctionalInterface
  private interface Sample {
    void paint(Graphics2D g, double left, double middle);
  }

  /** One name; {@code room} is the width of its sample. */
  record Entry(String name, double room, Sample sample) {

    static Entry dot(String name, Color color) {
      return new Entry(
          name,
          LINE,
          (g, left, middle) -> {
            g.setColor(color);
            g.fill(new Ellipse2D.Double(left + LINE / 2 - DOT, middle - DOT, 2 * DOT, 2 * DOT));
          });
    }

    static Entry line(String name, Color color, double thickness) {
      return new Entry(
          name,
          LINE,
          (g, left, middle) -> {
            g.setColor(color);
            g.setStroke(
                new BasicStroke((float) thickness, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
            g.draw(new Line2D.Double(left, middle, left + LINE, middle));
            g.setStroke(Theme.HAIRLINE);
          });
    }

    static Entry square(String name, Color color) {
      return new Entry(
          name,
          SQUARE,
          (g, left, middle) -> {
            Rectangle2D square = new Rectangle2D.Double(left, middle - SQUARE / 2, SQUARE, SQUARE);
            g.setColor(color);
            g.fill(square);
            g.setColor(Theme.FRAME);
            g.draw(square);
          });
    }

    static Entry mark(String name, Mark mark) {
      return new Entry(
          name,
          SQUARE,
          (g, left, middle) -> mark.paint(g, left + SQUARE / 2, middle, 0.7 * SQUARE, Theme.PAPER));
    }

    double width() {
      return room + Theme.GAP + Text.width(name, Theme.LEGEND);
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
    return Math.max(SQUARE, Text.height(Theme.LEGEND));
  }

  @Override
  public void paint(Graphics2D g, double x, double y) {
    double left = x - width() / 2;
    double middle = y + height() / 2;
    for (Entry entry : entries) {
      entry.sample().paint(g, left, middle);
      g.setColor(Theme.INK);
      Text.left(g, entry.name(), Theme.LEGEND, left + entry.room() + Theme.GAP, middle);
      left += entry.width() + APART;
    }
  }
}
