package dev.circuitscope.core.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnitSource;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.Marker;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.DefaultXYDataset;

/** Makes the JFreeChart chart of a line plot, in this package's theme. */
final class LineChart {

  private static final float[] REFERENCE_DASH = {6, 4};
  private static final float[] SERIES_DASH = {8, 5};

  private LineChart() {}

  static JFreeChart of(LineSpec spec) {
    XYPlot plot = new XYPlot(dataset(spec), axis(spec.x()), axis(spec.y()), renderer(spec));
    plot.setBackgroundPaint(Theme.PAPER);
    plot.setDomainGridlinePaint(Theme.GRID);
    plot.setRangeGridlinePaint(Theme.GRID);
    plot.setDomainGridlineStroke(Theme.HAIRLINE);
    plot.setRangeGridlineStroke(Theme.HAIRLINE);
    plot.setOutlinePaint(Theme.FRAME);
    plot.setOutlineStroke(Theme.HAIRLINE);
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    plot.setInsets(new RectangleInsets(4, 4, 4, 8));
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
    JFreeChart chart = new JFreeChart(null, null, plot, false);
    if (!spec.title().isBlank()) {
      chart.setTitle(new TextTitle(Text.printable(spec.title()), Theme.TITLE));
      chart.getTitle().setPaint(Theme.INK);
    }
    if (spec.needsLegend()) {
      chart.addSubtitle(LineLegend.of(spec));
    }
    chart.setBackgroundPaint(Theme.PAPER);
    chart.setPadding(new RectangleInsets(Theme.MARGIN - 4, 8, 8, Theme.MARGIN));
    chart
        .getRenderingHints()
        .put(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    chart.setTextAntiAlias(true);
    return chart;
  }

  /**
   * Draws a chart with the name of its y axis as text: JFreeChart would turn rotated text into
   * shapes, which nobody can search for or select in an SVG.
   */
  static void paint(JFreeChart chart, Graphics2D g, Rectangle2D area) {
    ValueAxis y = chart.getXYPlot().getRangeAxis();
    String name = y.getLabel();
    double room = name == null || name.isEmpty() ? 0 : Text.height(Theme.AXIS_NAME);
    RectangleInsets padding = chart.getPadding();
    y.setLabel(null);
    chart.setPadding(
        new RectangleInsets(
            padding.getTop(), padding.getLeft() + room, padding.getBottom(), padding.getRight()));
    ChartRenderingInfo drawn = new ChartRenderingInfo(null);
    chart.draw(g, area, drawn);
    if (room > 0) {
      String shown = Text.fit(name, Theme.AXIS_NAME, area.getHeight() - 2 * Theme.GAP);
      double half = Text.width(shown, Theme.AXIS_NAME) / 2 + Theme.GAP;
      double centre = drawn.getPlotInfo().getDataArea().getCenterY();
      double middle = Math.max(area.getY() + half, Math.min(area.getMaxY() - half, centre));
      g.setColor(Theme.INK);
      Text.upCentred(g, shown, Theme.AXIS_NAME, area.getX() + padding.getLeft() + room / 2, middle);
    }
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

  private static Marker reference(LineSpec.Reference line, int index) {
    return new ValueMarker(line.at(), referenceColor(index), referenceStroke());
  }

  private static DefaultXYDataset dataset(LineSpec spec) {
    DefaultXYDataset dataset = new DefaultXYDataset();
    for (Series series : spec.series()) {
      double[] y = series.y();
      for (int i = 0; i < y.length; i++) {
        y[i] = Double.isFinite(y[i]) ? y[i] : Double.NaN;
      }
      dataset.addSeries(series.name(), new double[][] {series.x(), y});
    }
    return dataset;
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

  private static ValueAxis axis(LineSpec.Axis spec) {
    ValueAxis axis = spec.log() ? new LogTickAxis(spec.name()) : new NumberAxis(spec.name());
    if (axis instanceof NumberAxis number) {
      number.setStandardTickUnits(new NumberTickUnitSource(false, new TickFormat()));
      number.setAutoRangeIncludesZero(false);
    }
    axis.setRange(spec.low(), spec.high());
    axis.setLabelFont(Theme.AXIS_NAME);
    axis.setLabelPaint(Theme.INK);
    axis.setTickLabelFont(Theme.LABEL);
    axis.setTickLabelPaint(Theme.SOFT_INK);
    axis.setAxisLinePaint(Theme.FRAME);
    axis.setTickMarkPaint(Theme.FRAME);
    return axis;
  }

  /** Writes tick labels as the rest of the package does, whatever the machine's locale. */
  private static final class TickFormat extends NumberFormat {
    private static final long serialVersionUID = 1L;

    @Override
    public StringBuffer format(double number, StringBuffer out, FieldPosition position) {
      return out.append(Ticks.format(number));
    }

    @Override
    public StringBuffer format(long number, StringBuffer out, FieldPosition position) {
      return out.append(Ticks.format(number));
    }

    @Override
    public Number parse(String source, ParsePosition position) {
      throw new UnsupportedOperationException("Tick labels are only written, never read");
    }
  }
}
