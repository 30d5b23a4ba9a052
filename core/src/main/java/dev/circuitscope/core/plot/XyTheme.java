package dev.circuitscope.core.plot;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnitSource;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYItemRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYDataset;

/** How JFreeChart's charts over two axes look in this package, and how they are drawn. */
final class XyTheme {

  private XyTheme() {}

  static XYPlot plot(XYDataset dataset, LineSpec.Axis x, LineSpec.Axis y, XYItemRenderer renderer) {
    ValueAxis across = axis(x);
    // JFreeChart measures the labels of both ends only; those between, as 1.1k, may be wider.
    across.setTickLabelInsets(new RectangleInsets(2, 8, 2, 8));
    XYPlot plot = new XYPlot(dataset, across, axis(y), renderer);
    plot.setBackgroundPaint(Theme.PAPER);
    plot.setDomainGridlinePaint(Theme.GRID);
    plot.setRangeGridlinePaint(Theme.GRID);
    plot.setDomainGridlineStroke(Theme.HAIRLINE);
    plot.setRangeGridlineStroke(Theme.HAIRLINE);
    plot.setOutlinePaint(Theme.FRAME);
    plot.setOutlineStroke(Theme.HAIRLINE);
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    plot.setInsets(new RectangleInsets(4, 4, 4, 8));
    return plot;
  }

  /** A plot under its title and, unless that is empty, a legend. */
  static JFreeChart chart(String title, XYPlot plot, LegendItemCollection items) {
    JFreeChart chart = new JFreeChart(null, null, plot, false);
    if (!title.isBlank()) {
      chart.setTitle(new TextTitle(Text.printable(title), Theme.TITLE));
      chart.getTitle().setPaint(Theme.INK);
    }
    if (items.getItemCount() > 0) {
      chart.addSubtitle(legend(items));
    }
    chart.setBackgroundPaint(Theme.PAPER);
    chart.setPadding(new RectangleInsets(Theme.MARGIN - 4, 8, 8, Theme.MARGIN));
    chart
        .getRenderingHints()
        .put(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    chart.setTextAntiAlias(true);
    return chart;
  }

  static void paint(JFreeChart chart, Graphics2D g, double width, double height) {
    paint(chart, g, new Rectangle2D.Double(0, 0, width, height));
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

  private static LegendTitle legend(LegendItemCollection items) {
    LegendTitle legend = new LegendTitle(() -> items);
    legend.setPosition(RectangleEdge.TOP);
    legend.setItemFont(Theme.LEGEND);
    legend.setItemPaint(Theme.INK);
    legend.setBackgroundPaint(null);
    legend.setMargin(new RectangleInsets(2, 0, 2, 0));
    legend.setItemLabelPadding(new RectangleInsets(1, 4, 1, 12));
    return legend;
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
