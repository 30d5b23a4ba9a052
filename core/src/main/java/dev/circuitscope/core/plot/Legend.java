package dev.circuitscope.core.plot;

import java.awt.Graphics2D;

/** What colours and strokes of a figure mean, below it. */
interface Legend {

  double width();

  double height();

  /** Draws the legend centred on {@code x}, its top at {@code y}. */
  void paint(Graphics2D g, double x, double y);

  /** Several of them below each other. */
  static Legend stacked(Legend... parts) {
    return new Legend() {
      @Override
      public double width() {
        double widest = 0;
        for (Legend part : parts) {
          widest = Math.max(widest, part.width());
        }
        return widest;
      }

      @Override
      public double height() {
        double sum = (parts.length - 1) * Theme.MARGIN;
        for (Legend part : parts) {
          sum += part.height();
        }
        return sum;
      }

      @Override
      public void paint(Graphics2D g, double x, double y) {
        double top = y;
        for (Legend part : parts) {
          part.paint(g, x, top);
          top += part.height() + Theme.MARGIN;
        }
      }
    };
  }
}
