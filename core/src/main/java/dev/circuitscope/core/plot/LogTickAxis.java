package dev.circuitscope.core.plot;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.TickType;
import org.jfree.chart.axis.ValueTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/**
 * A base-10 axis that labels as many round numbers as fit: powers of ten over many decades, their
 * doubles and fives over a few, and evenly spaced numbers within one.
 */
final class LogTickAxis extends LogAxis {

  private static final long serialVersionUID = 1L;

  LogTickAxis(String label) {
    super(label);
    setBase(10);
    setMinorTickMarksVisible(true);
  }

  @Override
  public List<ValueTick> refreshTicks(
      Graphics2D g, AxisState state, Rectangle2D area, RectangleEdge edge) {
    boolean across = RectangleEdge.isTopOrBottom(edge);
    int most = (int) Math.max(2, across ? area.getWidth() / 60 : area.getHeight() / 28);
    List<ValueTick> ticks = new ArrayList<>();
    double low = getRange().getLowerBound();
    double high = getRange().getUpperBound();
    double decades = Math.log10(high / low);
    if (decades < 1.0) {
      for (double v : Ticks.linear(low, high, most)) {
        if (v > 0) {
          ticks.add(tick(v, true, across));
        }
      }
      return ticks;
    }
    int[] labelled = decades * 3 <= most ? new int[] {1, 2, 5} : new int[] {1};
    int every = (int) Math.max(1, Math.ceil(decades / most));
    int first = (int) Math.floor(Math.log10(low));
    int last = (int) Math.ceil(Math.log10(high));
    for (int decade = first; decade <= last; decade++) {
      for (int digit = 1; digit <= 9; digit++) {
        double v = Double.parseDouble(digit + "e" + decade);
        if (v >= low && v <= high) {
          ticks.add(
              tick(v, contains(labelled, digit) && Math.floorMod(decade, every) == 0, across));
        }
      }
    }
    return ticks;
  }

  private static boolean contains(int[] digits, int digit) {
    for (int d : digits) {
      if (d == digit) {
        return true;
      }
    }
    return false;
  }

  private static ValueTick tick(double v, boolean labelled, boolean across) {
    return new NumberTick(
        labelled ? TickType.MAJOR : TickType.MINOR,
        v,
        labelled ? Ticks.format(v) : "",
        across ? TextAnchor.TOP_CENTER : TextAnchor.CENTER_RIGHT,
        TextAnchor.CENTER,
        0);
  }
}
