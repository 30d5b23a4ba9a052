package dev.circuitscope.core.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;

/** The fonts, colours, strokes and distances that every figure is drawn with. */
final class Theme {

  static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
  static final Font PANEL_TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 12);
  static final Font AXIS_NAME = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  static final Font LEGEND = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
  static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 10);

  static final Color PAPER = Color.WHITE;
  static final Color INK = new Color(0x22, 0x22, 0x22);
  static final Color SOFT_INK = new Color(0x50, 0x50, 0x50);
  static final Color FRAME = new Color(0x8C, 0x8C, 0x8C);
  static final Color GRID = new Color(0xE4, 0xE4, 0xE4);

  /** Cells whose value is not finite. */
  static final Color MISSING = new Color(0xC4, 0xC4, 0xC4);

  static final BasicStroke HAIRLINE = new BasicStroke(1f);

  /** Pixels between a figure's edge and anything drawn in it. */
  static final double MARGIN = 14;

  /** Pixels between an axis and its labels, or between neighbouring texts. */
  static final double GAP = 5;

  private Theme() {}

  static void prepare(Graphics2D g) {
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.setColor(INK);
    g.setStroke(HAIRLINE);
  }

  /** Black or white, whichever reads better on {@code background}. */
  static Color inkOn(Color background) {
    // Relative luminance of WCAG 2.1; contrast with black exceeds contrast with white above 0.179.
    double luminance =
        0.2126 * linear(background.getRed())
            + 0.7152 * linear(background.getGreen())
            + 0.0722 * linear(background.getBlue());
    return luminance > 0.179 ? Color.BLACK : Color.WHITE;
  }

  private static double linear(int channel) {
    double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  }
}
