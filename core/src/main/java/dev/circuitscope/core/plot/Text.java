package dev.circuitscope.core.plot;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.font.LineMetrics;
import java.awt.geom.AffineTransform;
import java.util.ArrayList;
import java.util.List;

/** Measures and places text the same way for PNG and SVG. */
final class Text {

  // Unscaled and with fractional metrics, so that a layout does not depend on the output's scale.
  private static final FontRenderContext METRICS = new FontRenderContext(null, true, true);

  private Text() {}

  static double width(String text, Font font) {
    return text.isEmpty() ? 0 : font.getStringBounds(printable(text), METRICS).getWidth();
  }

  static double height(Font font) {
    LineMetrics line = font.getLineMetrics("Ag", METRICS);
    return line.getAscent() + line.getDescent();
  }

  static double widest(Iterable<String> texts, Font font) {
    double widest = 0;
    for (String text : texts) {
      widest = Math.max(widest, width(text, font));
    }
    return widest;
  }

  /** Draws {@code text} to the right of {@code x}, its line centred on {@code y}. */
  static void left(Graphics2D g, String text, Font font, double x, double y) {
    draw(g, text, font, x, y);
  }

  /** Draws {@code text} centred on ({@code x}, {@code y}). */
  static void centre(Graphics2D g, String text, Font font, double x, double y) {
    draw(g, text, font, x - width(text, font) / 2, y);
  }

  /** Draws {@code text} ending at {@code x}, its line centred on {@code y}. */
  static void right(Graphics2D g, String text, Font font, double x, double y) {
    draw(g, text, font, x - width(text, font), y);
  }

  /** Draws {@code text} reading upwards and ending at {@code y}, its line centred on {@code x}. */
  static void upEnding(Graphics2D g, String text, Font font, double x, double y) {
    AffineTransform before = g.getTransform();
    g.translate(x, y);
    g.rotate(-Math.PI / 2);
    right(g, text, font, 0, 0);
    g.setTransform(before);
  }

  /** Draws {@code text} reading upwards, centred on ({@code x}, {@code y}). */
  static void upCentred(Graphics2D g, String text, Font font, double x, double y) {
    AffineTransform before = g.getTransform();
    g.translate(x, y);
    g.rotate(-Math.PI / 2);
    centre(g, text, font, 0, 0);
    g.setTransform(before);
  }

  private static void draw(Graphics2D g, String text, Font font, double x, double yCentre) {
    if (text.isEmpty()) {
      return;
    }
    LineMetrics line = font.getLineMetrics("Ag", METRICS);
    g.setFont(font);
    double baseline = yCentre + (line.getAscent() - line.getDescent()) / 2;
    g.drawString(printable(text), (float) x, (float) baseline);
  }

  /** Breaks {@code text} at spaces and line feeds into lines of at most {@code room} pixels. */
  static List<String> wrap(String text, Font font, double room) {
    List<String> lines = new ArrayList<>();
    for (String paragraph : text.split("\n")) {
      String line = "";
      for (String word : paragraph.strip().split("\\s+")) {
        String longer = line.isEmpty() ? word : line + " " + word;
        if (!line.isEmpty() && width(longer, font) > room) {
          lines.add(line);
          line = word;
        } else {
          line = longer;
        }
      }
      if (!line.isEmpty()) {
        lines.add(line);
      }
    }
    return lines.stream().map(line -> fit(line, font, room)).toList();
  }

  /** {@code text}, or as much of its beginning and an ellipsis as {@code room} pixels hold. */
  static String fit(String text, Font font, double room) {
    if (width(text, font) <= room) {
      return text;
    }
    int length = text.codePointCount(0, text.length());
    for (int keep = length - 1; keep > 0; keep--) {
      String shorter = text.substring(0, text.offsetByCodePoints(0, keep)).stripTrailing() + "…";
      if (width(shorter, font) <= room) {
        return shorter;
      }
    }
    return "";
  }

  /** {@code text} with everything that XML or a line of text cannot hold made visible. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\t' || c == '\n' || c == '\r') {
                out.append(' ');
              } else if (Character.isISOControl(c)
                  || (c >= 0xD800 && c <= 0xDFFF)
                  || (c & 0xFFFE) == 0xFFFE) {
                out.append('\uFFFD');
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }
}
