package dev.circuitscope.core.plot;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** A figure under a title. */
record TitledDrawing(String title, Figure body) implements Drawing {

  @Override
  public double width() {
    return body.width();
  }

  @Override
  public double height() {
    return body.height() + titleHeight(title, body.width());
  }

  @Override
  public void paint(Graphics2D g, double width, double height) {
    double used = paintTitle(g, title, width);
    body.draw(g, new Rectangle2D.Double(0, used, width, height - used));
  }

  /** How much of the top of a figure {@code width} pixels wide its title takes. */
  static double titleHeight(String title, double width) {
    int lines = lines(title, width).size();
    return lines == 0 ? 0 : Theme.MARGIN + lines * Text.height(Theme.TITLE);
  }

  /** Draws the title at the top and returns its height. */
  static double paintTitle(Graphics2D g, String title, double width) {
    double line = Text.height(Theme.TITLE);
    double y = Theme.MARGIN + line / 2;
    g.setColor(Theme.INK);
    for (String text : lines(title, width)) {
      Text.centre(g, text, Theme.TITLE, width / 2, y);
      y += line;
    }
    return titleHeight(title, width);
  }

  private static List<String> lines(String title, double width) {
    return Text.wrap(title, Theme.TITLE, width - 2 * Theme.MARGIN);
  }
}
