package dev.circuitscope.core.plot;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;

/** All colours of two numbers: hue across, strength up. */
record BivariateLegend(BivariateScale scale) implements Legend {

  private static final int STEPS = 12;
  private static final double WIDE = 132;
  private static final double TALL = 48;

  @Override
  public double width() {
    double beside = Text.width(strengthName(), Theme.AXIS_NAME) + 4 * Theme.GAP + number();
    return WIDE + 2 * beside;
  }

  @Override
  public double height() {
    return TALL + 4 + Text.height(Theme.LABEL) + Text.height(Theme.AXIS_NAME);
  }

  private String strengthName() {
    return scale.strengthName();
  }

  private double number() {
    return Math.max(
        Text.width("0", Theme.LABEL), Text.width(Ticks.format(scale.mostStrength()), Theme.LABEL));
  }

  @Override
  public void paint(Graphics2D g, double x, double y) {
    double left = Math.rint(x - WIDE / 2);
    double top = Math.rint(y);
    Object smooth = g.getRenderingHint(RenderingHints.KEY_ANTIALIASING);
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
    double w = WIDE / STEPS;
    double h = TALL / STEPS;
    for (int s = 0; s < STEPS; s++) {
      for (int t = 0; t < STEPS; t++) {
        double strength = scale.mostStrength() * s / (STEPS - 1);
        double hue = scale.mostHue() * t / (STEPS - 1);
        g.setColor(scale.of(strength, hue));
        g.fill(new Rectangle2D.Double(left + t * w, top + TALL - (s + 1) * h, w, h));
      }
    }
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, smooth);
    g.setColor(Theme.FRAME);
    g.draw(new Rectangle2D.Double(left, top, WIDE, TALL));
    g.setColor(Theme.SOFT_INK);
    double line = Text.height(Theme.LABEL);
    double beside = left - Theme.GAP;
    Text.right(g, Ticks.format(scale.mostStrength()), Theme.LABEL, beside, top + line / 2 - 2);
    Text.right(g, "0", Theme.LABEL, beside, top + TALL - line / 2 + 2);
    double below = top + TALL + 4 + line / 2;
    Text.left(g, "0", Theme.LABEL, left, below);
    Text.right(g, Ticks.format(scale.mostHue()), Theme.LABEL, left + WIDE, below);
    g.setColor(Theme.INK);
    Text.right(g, strengthName(), Theme.AXIS_NAME, beside - number() - Theme.GAP, top + TALL / 2);
    double name = below + line / 2 + Text.height(Theme.AXIS_NAME) / 2;
    Text.centre(g, scale.hueName(), Theme.AXIS_NAME, left + WIDE / 2, name);
  }
}
