package dev.circuitscope.core.plot;

import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;

/**
 * An axis along the cells of a map: the value that belongs to the centre of each cell, in even
 * steps or, on a logarithmic axis, in even ratios. Round numbers are labelled where they lie, which
 * need not be at a cell.
 */
record GridAxis(double first, double last, int count, boolean log) {

  private static final double EVEN = 1e-6;
  private static final double TICK = 3;

  static GridAxis of(String operation, double[] values, boolean log) {
    int count = values.length;
    if (count == 0) {
      throw new IllegalArgumentException(operation + ": no values; give one a cell");
    }
    GridAxis axis = new GridAxis(values[0], values[count - 1], count, log);
    for (int i = 0; i < count; i++) {
      if (!Double.isFinite(values[i]) || (log && values[i] <= 0)) {
        throw new IllegalArgumentException(
            "%s: value %d is %s; it must be finite%s"
                .formatted(operation, i, values[i], log ? " and positive" : ""));
      }
      double expected = count == 1 ? 0 : (double) i / (count - 1);
      if (count > 1 && !(Math.abs(axis.share(values[i]) - expected) <= EVEN)) {
        throw new IllegalArgumentException(
            "%s: value %d, %s, breaks the even %s from %s to %s"
                .formatted(
                    operation, i, values[i], log ? "ratios" : "steps", axis.first, axis.last));
      }
    }
    return axis;
  }

  /** Where a value lies between the first and the last centre, from 0 to 1. */
  private double share(double value) {
    return (scale(value) - scale(first)) / (scale(last) - scale(first));
  }

  private double scale(double value) {
    return log ? Math.log(value) : value;
  }

  /** Where a value lies in units of cells, 0 at the outer edge of the first. */
  double place(double value) {
    return count == 1 ? 0.5 : 0.5 + share(value) * (count - 1);
  }

  /** Round numbers within the outermost cells, at most about {@code most}. */
  List<Double> ticks(int most) {
    if (count == 1) {
      return List.of(first);
    }
    double low = Math.min(first, last);
    double high = Math.max(first, last);
    List<Double> ticks = new ArrayList<>();
    if (!log) {
      for (double tick : Ticks.linear(low, high, most)) {
        ticks.add(tick);
      }
      return ticks;
    }
    double decades = Math.log10(high / low);
    int[] digits = 3 * decades <= most ? new int[] {1, 2, 5} : new int[] {1};
    double slack = 1 + 1e-9;
    for (int decade = (int) Math.floor(Math.log10(low)); decade <= Math.log10(high); decade++) {
      for (int digit : digits) {
        double tick = Double.parseDouble(digit + "e" + decade);
        if (tick >= low / slack && tick <= high * slack) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  double widest(int most) {
    return Text.widest(ticks(most).stream().map(Ticks::format).toList(), Theme.LABEL);
  }

  /** Draws ticks and numbers under {@code y}, the cells lying between x and x + width. */
  void paintAcross(Graphics2D g, double x, double width, double y) {
    for (double tick : ticks((int) (width / 36))) {
      double at = x + place(tick) / count * width;
      g.setColor(Theme.FRAME);
      g.draw(new Line2D.Double(at, y, at, y + TICK));
      g.setColor(Theme.SOFT_INK);
      double line = Text.height(Theme.LABEL);
      Text.centre(g, Ticks.format(tick), Theme.LABEL, at, y + Theme.GAP + line / 2);
    }
  }

  /** Draws ticks and numbers to the left of {@code x}, the first cell at the bottom. */
  void paintUp(Graphics2D g, double x, double bottom, double height) {
    for (double tick : ticks((int) (height / 24))) {
      double at = bottom - place(tick) / count * height;
      g.setColor(Theme.FRAME);
      g.draw(new Line2D.Double(x - TICK, at, x, at));
      g.setColor(Theme.SOFT_INK);
      Text.right(g, Ticks.format(tick), Theme.LABEL, x - Theme.GAP, at);
    }
  }
}
