package dev.circuitscope.core.plot;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.Objects;

/**
 * The legend of a colour scale: its meaning above, a bar, numbers below, and a grey box when values
 * are missing.
 *
 * @param missing what grey means, or empty if nothing is grey
 */
record ColorBar(ColorScale scale, String meaning, String missing) implements Legend {

  private static final double BAR = 220;
  private static final double THICK = 11;
  private static final int STEPS = 110;

  ColorBar {
    Objects.requireNonNull(meaning, "meaning");
    Objects.requireNonNull(missing, "missing");
  }

  @Override
  public double width() {
    return Math.max(BAR + 30, Text.width(meaning, Theme.AXIS_NAME)) + missingWidth();
  }

  @Override
  public double height() {
    return Text.height(Theme.AXIS_NAME) + 4 + THICK + 4 + Text.height(Theme.LABEL);
  }

  private double missingWidth() {
    return missing.isEmpty() ? 0 : 2 * Theme.MARGIN + 18 + Text.width(missing, Theme.LABEL);
  }

  @Override
  public void paint(Graphics2D g, double x, double y) {
    double centre = Math.rint(x - missingWidth() / 2);
    double left = centre - BAR / 2;
    double top = Math.rint(y + Text.height(Theme.AXIS_NAME) + 4);
    g.setColor(Theme.INK);
    Text.centre(g, meaning, Theme.AXIS_NAME, centre, y + Text.height(Theme.AXIS_NAME) / 2);
    Object smooth = g.getRenderingHint(RenderingHints.KEY_ANTIALIASING);
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
    for (int i = 0; i < STEPS; i++) {
      g.setColor(scale.map().at((i + 0.5) / STEPS));
      g.fill(new Rectangle2D.Double(left + i * BAR / STEPS, top, BAR / STEPS, THICK));
    }
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, smooth);
    g.setColor(Theme.FRAME);
    g.draw(new Rectangle2D.Double(left, top, BAR, THICK));
    double numbers = top + THICK + 4 + Text.height(Theme.LABEL) / 2;
    for (double tick : Ticks.linear(scale.low(), scale.high(), 6)) {
      double at = left + (tick - scale.low()) / (scale.high() - scale.low()) * BAR;
      g.setColor(Theme.FRAME);
      g.draw(new Line2D.Double(at, top + THICK, at, top + THICK + 3));
      g.setColor(Theme.SOFT_INK);
      Text.centre(g, Ticks.format(tick), Theme.LABEL, at, numbers);
    }
    if (!missing.isEmpty()) {
      double box = centre + (width() - missingWidth()) / 2 + 2 * Theme.MARGIN - 6;
      g.setColor(Theme.MISSING);
      g.fill(new Rectangle2D.Double(box, top, 14, THICK));
      g.setColor(Theme.SOFT_INK);
      Text.left(g, missing, Theme.LABEL, box + 20, top + THICK / 2);
    }
  }
}
