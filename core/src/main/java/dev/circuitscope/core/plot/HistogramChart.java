package dev.circuitscope.core.plot;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;

/** Makes the JFreeChart chart of a histogram, in this package's theme. */
final class HistogramChart {

  private static final double HEADROOM = 1.06;

  private HistogramChart() {}

  static JFreeChart of(HistogramSpec spec) {
    XYIntervalSeriesCollection dataset = new XYIntervalSeriesCollection();
    XYBarRenderer renderer = new XYBarRenderer();
    renderer.setBarPainter(new StandardXYBarPainter());
    renderer.setShadowVisible(false);
    renderer.setDrawBarOutline(true);
    LegendItemCollection items = new LegendItemCollection();
    for (int i = 0; i < spec.samples().size(); i++) {
      HistogramSpec.Sample sample = spec.samples().get(i);
      dataset.addSeries(bars(spec, sample));
      Color color = Palette.of(i);
      Color fill = new Color(color.getRed(), color.getGreen(), color.getBlue(), 0x90);
      renderer.setSeriesPaint(i, fill);
      renderer.setSeriesOutlinePaint(i, color);
      String name = "%s (%,d)".formatted(sample.name(), sample.size());
      items.add(
          new LegendItem(
              LineLegend.shown(name),
              null,
              null,
              null,
              new Rectangle2D.Double(-9, -5, 18, 10),
              fill));
    }
    XYPlot plot =
        XyTheme.plot(
            dataset,
            new LineSpec.Axis(spec.xName(), false, spec.low(), spec.high()),
            new LineSpec.Axis(spec.yName(), false, 0, HEADROOM * spec.tallest()),
            renderer);
    for (int i = 0; i < spec.marks().size(); i++) {
      plot.addDomainMarker(LineChart.reference(spec.marks().get(i), i), Layer.FOREGROUND);
      items.add(LineLegend.reference(spec.marks().get(i).label(), i));
    }
    boolean legend = spec.samples().size() > 1 || !spec.marks().isEmpty();
    return XyTheme.chart(spec.title(), plot, legend ? items : new LegendItemCollection());
  }

  private static XYIntervalSeries bars(HistogramSpec spec, HistogramSpec.Sample sample) {
    XYIntervalSeries bars = new XYIntervalSeries(sample.name());
    int n = sample.bins().length;
    double width = (spec.high() - spec.low()) / n;
    for (int bin = 0; bin < n; bin++) {
      double height = sample.bins()[bin];
      if (height > 0) {
        double left = spec.low() + bin * width;
        bars.add(left + width / 2, left, left + width, height, height, height);
      }
    }
    return bars;
  }
}
