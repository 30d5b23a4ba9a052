package dev.circuitscope.core.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.Marker;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.xy.DefaultXYDataset;

/** Makes the JFreeChart chart of a line plot, in this package's theme. */
final class LineChart {

  private static final float[] REFERENCE_DASH = {6, 4};
  private static final float[] SERIES_DASH = {8, 5};

  private LineChart() {}

  static JFreeChart of(LineSpec spec) {
    XYPlot plot = XyTheme.plot(dataset(spec), spec.x(), spec.y(), renderer(spec));
    for (int i = 0; i < spec.bands().size(); i++) {
      LineSpec.Interval band = spec.bands().get(i);
      IntervalMarker marker = new IntervalMarker(band.from(), band.to(), bandColor(i));
      marker.setOutlinePaint(null);
      plot.addDomainMarker(marker, Layer.BACKGROUND);
    }
    for (int i = 0; i < spec.levels().size(); i++) {
      plot.addRangeMarker(reference(spec.levels().get(i), i), Layer.BACKGROUND);
    }
    for (int i = 0; i < spec.uprights().size(); i++) {
      plot.addDomainMarker(
          reference(spec.uprights().get(i), spec.levels().size() + i), Layer.BACKGROUND);
    }
    return XyTheme.chart(
        spec.title(),
        plot,
        spec.needsLegend() ? LineLegend.items(spec) : new LegendItemCollection());
  }

  static Color color(LineSpec spec, int series) {
    return Palette.of(key(spec, series));
  }

  private static int key(LineSpec spec, int series) {
    int key = spec.series().get(series).color();
    return key == Series.BY_POSITION ? series : key;
  }

  static BasicStroke stroke(LineSpec spec, int series) {
    boolean dashed =
        spec.series().get(series).dashed() || key(spec, series) / Palette.size() % 2 == 1;
    return new BasicStroke(
        2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashed ? SERIES_DASH : null, 0);
  }

  static boolean marked(Series series) {
    return series.markers() || series.x().length == 1;
  }

  static Color bandColor(int band) {
    int shade = Math.max(0xA8, 0xD8 - 0x14 * band);
    return new Color(shade, shade, shade, 0xB0);
  }

  static BasicStroke referenceStroke() {
    return new BasicStroke(
        1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, REFERENCE_DASH, 0);
  }

  static Color referenceColor(int index) {
    int shade = Math.min(0xA0, 0x30 + 0x38 * index);
    return new Color(shade, shade, shade);
  }

  static Marker reference(LineSpec.Reference line, int index) {
    return new ValueMarker(line.at(), referenceColor(index), referenceStroke());
  }

  private static DefaultXYDataset dataset(LineSpec spec) {
    DefaultXYDataset dataset = new DefaultXYDataset();
    for (Series series : spec.series()) {
      dataset.addSeries(series.name(), new double[][] {series.x(), finite(series.y())});
    }
    return dataset;
  }

  /** NaN, which JFreeChart leaves out, for everything that is not finite. */
  static double[] finite(double[] values) {
    double[] shown = values.clone();
    for (int i = 0; i < shown.length; i++) {
      shown[i] = Double.isFinite(shown[i]) ? shown[i] : Double.NaN;
    }
    return shown;
  }

  private static XYLineAndShapeRenderer renderer(LineSpec spec) {
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
    // Joins and dashes run along the whole line instead of starting anew at every point.
    renderer.setDrawSeriesLineAsPath(true);
    for (int i = 0; i < spec.series().size(); i++) {
      renderer.setSeriesPaint(i, color(spec, i));
      renderer.setSeriesStroke(i, stroke(spec, i));
      renderer.setSeriesShape(i, new Ellipse2D.Double(-3.2, -3.2, 6.4, 6.4));
      renderer.setSeriesShapesVisible(i, marked(spec.series().get(i)));
    }
    return renderer;
  }
}
