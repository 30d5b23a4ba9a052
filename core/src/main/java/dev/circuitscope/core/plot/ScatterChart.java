package dev.circuitscope.core.plot;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.annotations.XYLineAnnotation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.xy.DefaultXYDataset;

/** Makes the JFreeChart chart of a scatter plot, in this package's theme. */
final class ScatterChart {

  private static final Shape DOT = new Ellipse2D.Double(-3.5, -3.5, 7, 7);

  /** A square, because it takes a quarter of the bytes of an SVG. */
  private static final Shape SMALL = new Rectangle2D.Double(-1.5, -1.5, 3, 3);

  private static final int MANY = 300;

  private ScatterChart() {}

  static JFreeChart of(ScatterSpec spec) {
    DefaultXYDataset dataset = new DefaultXYDataset();
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
    renderer.setDrawOutlines(false);
    LegendItemCollection items = new LegendItemCollection();
    for (int i = 0; i < spec.groups().size(); i++) {
      Series group = spec.groups().get(i);
      dataset.addSeries(group.name(), new double[][] {group.x(), LineChart.finite(group.y())});
      Color color = Palette.of(group.color() == Series.BY_POSITION ? i : group.color());
      int count = group.x().length;
      renderer.setSeriesPaint(i, translucent(color, count));
      renderer.setSeriesShape(i, count <= MANY ? DOT : SMALL);
      items.add(dot(group.name(), color));
    }
    XYPlot plot = XyTheme.plot(dataset, spec.x(), spec.y(), renderer);
    int reference = 0;
    for (LineSpec.Reference level : spec.levels()) {
      plot.addRangeMarker(LineChart.reference(level, reference), Layer.BACKGROUND);
      items.add(LineLegend.reference(level.label(), reference++));
    }
    for (LineSpec.Reference upright : spec.uprights()) {
      plot.addDomainMarker(LineChart.reference(upright, reference), Layer.BACKGROUND);
      items.add(LineLegend.reference(upright.label(), reference++));
    }
    if (!spec.diagonal().isEmpty()) {
      double low = Math.min(spec.x().low(), spec.y().low());
      double high = Math.max(spec.x().high(), spec.y().high());
      renderer.addAnnotation(
          new XYLineAnnotation(
              low,
              low,
              high,
              high,
              LineChart.referenceStroke(),
              LineChart.referenceColor(reference)),
          Layer.BACKGROUND);
      items.add(LineLegend.reference(spec.diagonal(), reference));
    }
    if (!spec.labels().isEmpty()) {
      renderer.addAnnotation(new PointLabels(spec), Layer.FOREGROUND);
    }
    return XyTheme.chart(
        spec.title(), plot, spec.needsLegend() ? items : new LegendItemCollection());
  }

  private static Color translucent(Color color, int points) {
    int alpha =
        points <= MANY ? 0xE0 : (int) Math.max(0x20, 0xE0 * Math.sqrt(MANY / (double) points));
    return new Color(color.getRed(), color.getGreen(), color.getBlue(), alpha);
  }

  private static LegendItem dot(String name, Color color) {
    return new LegendItem(LineLegend.shown(name), null, null, null, DOT, color);
  }
}
