package dev.circuitscope.core.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;

/** The legend of a line plot: its series, then its bands, then its reference lines. */
final class LineLegend {

  private static final double LONGEST = 420;

  private LineLegend() {}

  static LegendItemCollection items(LineSpec spec) {
    LegendItemCollection items = new LegendItemCollection();
    for (int i = 0; i < spec.series().size(); i++) {
      Series series = spec.series().get(i);
      items.add(
          line(
              series.name(),
              LineChart.color(spec, i),
              LineChart.stroke(spec, i),
              LineChart.marked(series)));
    }
    for (int i = 0; i < spec.bands().size(); i++) {
      items.add(band(spec.bands().get(i).label(), LineChart.bandColor(i)));
    }
    int reference = 0;
    for (LineSpec.Reference level : spec.levels()) {
      items.add(reference(level.label(), reference++));
    }
    for (LineSpec.Reference upright : spec.uprights()) {
      items.add(reference(upright.label(), reference++));
    }
    return items;
  }

  static LegendItem reference(String label, int index) {
    return line(label, LineChart.referenceColor(index), LineChart.referenceStroke(), false);
  }

  private static LegendItem line(String label, Color color, BasicStroke stroke, boolean marked) {
    Shape dot = new Ellipse2D.Double(-3.2, -3.2, 6.4, 6.4);
    Shape dash = new Line2D.Double(-11, 0, 11, 0);
    return new LegendItem(
        shown(label),
        null,
        null,
        null,
        marked,
        dot,
        true,
        color,
        false,
        color,
        Theme.HAIRLINE,
        true,
        dash,
        stroke,
        color);
  }

  private static LegendItem band(String label, Color color) {
    return new LegendItem(
        shown(label), null, null, null, new Rectangle2D.Double(-9, -5, 18, 10), color);
  }

  static String shown(String label) {
    return Text.fit(label, Theme.LEGEND, LONGEST);
  }
}
