package dev.circuitscope.core.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A stack of segments for each neuron, over lengths from {@code low} to {@code high}. */
record NeuronBarsPanel(double[][] weights, int[] kinds, double low, double high) implements Panel {

  /** Thickness of a colour's sample in the legend. */
  static final double SWATCH = 9;

  private static final double LENGTH = 170;

  /** Pixels; the features of a stack whose segments are shorter are drawn as one. */
  private static final double SHORTEST = 0.3;

  /** How much white is in every second segment. */
  private static final double LIGHTER = 0.5;

  /** The sum of a neuron's weights of one sign, as a length. */
  static double length(double[] neuron, int sign) {
    double sum = 0;
    for (double weight : neuron) {
      sum += Math.max(0, sign * weight);
    }
    return sum;
  }

  @Override
  public double width() {
    return Math.min(640, Math.max(160, 7.0 * weights.length));
  }

  @Override
  public double height() {
    return LENGTH;
  }

  @Override
  public double left() {
    double widest = 0;
    for (double tick : ticks()) {
      widest = Math.max(widest, Text.width(Ticks.format(tick), Theme.LABEL));
    }
    return widest + Theme.GAP;
  }

  @Override
  public double bottom() {
    return Theme.GAP + Text.height(Theme.LABEL);
  }

  @Override
  public void paint(Graphics2D g, Rectangle2D data) {
    g.setColor(Theme.GRID);
    for (double tick : ticks()) {
      g.draw(new Line2D.Double(data.getX(), y(data, tick), data.getMaxX(), y(data, tick)));
    }
    double pitch = data.getWidth() / weights.length;
    double inset = pitch >= 4 ? 0.12 * pitch : 0;
    for (int k = 0; k < weights.length; k++) {
      double x = data.getX() + k * pitch + inset;
      paintStack(g, data, k, 1, x, pitch - 2 * inset);
      paintStack(g, data, k, -1, x, pitch - 2 * inset);
    }
    g.setColor(Theme.FRAME);
    g.draw(new Line2D.Double(data.getX(), y(data, 0), data.getMaxX(), y(data, 0)));
    g.draw(data);
  }

  private void paintStack(
      Graphics2D g, Rectangle2D data, int neuron, int sign, double x, double thick) {
    double[] row = weights[neuron];
    List<Integer> features =
        IntStream.range(0, row.length)
            .filter(i -> sign * row[i] > 0)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -Math.abs(row[i])))
            .toList();
    Color color = Palette.of(kinds[neuron]);
    List<Rectangle2D> segments = new ArrayList<>();
    double from = 0;
    for (int feature : features) {
      double to = from + row[feature];
      if (Math.abs(y(data, to) - y(data, from)) < SHORTEST) {
        to = sign * length(row, sign);
      }
      double top = Math.min(y(data, from), y(data, to));
      segments.add(new Rectangle2D.Double(x, top, thick, Math.abs(y(data, to) - y(data, from))));
      from = to;
      if (from == sign * length(row, sign)) {
        break;
      }
    }
    Object smooth = g.getRenderingHint(RenderingHints.KEY_ANTIALIASING);
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
    for (int rank = 0; rank < segments.size(); rank++) {
      g.setColor(rank % 2 == 0 ? color : lighter(color));
      g.fill(segments.get(rank));
    }
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, smooth);
    for (int rank = 0; rank < segments.size(); rank++) {
      Rectangle2D segment = segments.get(rank);
      String label = Integer.toString(features.get(rank));
      if (segment.getHeight() >= Text.height(Theme.LABEL) - 2
          && thick >= Text.width(label, Theme.LABEL) + 3) {
        g.setColor(Theme.inkOn(rank % 2 == 0 ? color : lighter(color)));
        Text.centre(g, label, Theme.LABEL, segment.getCenterX(), segment.getCenterY());
      }
    }
  }

  private static Color lighter(Color color) {
    return new Color(
        mix(color.getRed(), 255), mix(color.getGreen(), 255), mix(color.getBlue(), 255));
  }

  private static int mix(int from, int to) {
    return (int) Math.round(from + LIGHTER * (to - from));
  }

  @Override
  public void paintLeft(Graphics2D g, Rectangle2D data) {
    g.setColor(Theme.SOFT_INK);
    for (double tick : ticks()) {
      String label = Ticks.format(tick);
      Text.right(g, label, Theme.LABEL, data.getX() - Theme.GAP, y(data, tick));
    }
  }

  @Override
  public void paintBottom(Graphics2D g, Rectangle2D data) {
    Labels.counting(weights.length)
        .paintColumns(
            g, data.getX(), data.getMaxY() + Theme.GAP, data.getWidth() / weights.length, false);
  }

  private double[] ticks() {
    return Ticks.linear(low, high, 5);
  }

  private double y(Rectangle2D data, double value) {
    return data.getMaxY() - (value - low) / (high - low) * data.getHeight();
  }
}
