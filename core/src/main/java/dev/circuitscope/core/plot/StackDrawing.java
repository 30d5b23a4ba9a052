package dev.circuitscope.core.plot;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;

/** Line plots above each other, their plotting areas aligned over one x axis. */
record StackDrawing(List<LineSpec> specs) implements Drawing {

  private static final double PANEL = 190;

  /** How much taller the lowest panel is, for the labels and the name of the x axis. */
  private static final double X_AXIS = 36;

  static StackDrawing of(List<Figure> plots) {
    if (plots.isEmpty()) {
      throw new IllegalArgumentException("Figure.stack: no figures; give at least one line plot");
    }
    List<LineSpec> specs = new ArrayList<>();
    LineSpec.Axis shared = null;
    for (Figure plot : plots) {
      if (!(plot.drawing() instanceof LineDrawing line)) {
        throw new IllegalArgumentException(
            "Figure.stack: figure "
                + specs.size()
                + " is not a line plot and has no x axis to share; use Figure.grid(1, ...)");
      }
      LineSpec.Axis x = line.spec().x();
      if (shared != null && shared.log() != x.log()) {
        throw new IllegalArgumentException(
            "Figure.stack: figure %d has a %s x axis, those above a %s one; make all alike"
                .formatted(specs.size(), kind(x), kind(shared)));
      }
      shared = shared == null ? x : shared.union(x);
      specs.add(line.spec());
    }
    LineSpec.Axis common = shared;
    return new StackDrawing(specs.stream().map(spec -> spec.withX(common)).toList());
  }

  private static String kind(LineSpec.Axis axis) {
    return axis.log() ? "logarithmic" : "linear";
  }

  @Override
  public double width() {
    return 720;
  }

  @Override
  public double height() {
    return specs.size() * PANEL + X_AXIS + Theme.MARGIN;
  }

  @Override
  public void paint(Graphics2D g, double width, double height) {
    double panel = (height - X_AXIS - Theme.MARGIN) / specs.size();
    List<JFreeChart> charts = specs.stream().map(LineChart::of).toList();
    AxisSpace left = new AxisSpace();
    for (JFreeChart chart : charts) {
      XYPlot plot = chart.getXYPlot();
      Rectangle2D area = new Rectangle2D.Double(0, 0, width, panel);
      String name = plot.getRangeAxis().getLabel();
      plot.getRangeAxis().setLabel(null);
      left.ensureAtLeast(
          plot.getRangeAxis().reserveSpace(g, plot, area, RectangleEdge.LEFT, new AxisSpace()));
      plot.getRangeAxis().setLabel(name);
    }
    for (int i = 0; i < charts.size(); i++) {
      JFreeChart chart = charts.get(i);
      chart.getXYPlot().setFixedRangeAxisSpace(left);
      boolean last = i == charts.size() - 1;
      RectangleInsets padding = chart.getPadding();
      chart.setPadding(
          new RectangleInsets(
              i == 0 ? padding.getTop() : 2,
              padding.getLeft(),
              last ? padding.getBottom() : 0,
              padding.getRight()));
      if (chart.getTitle() != null) {
        chart.getTitle().setFont(Theme.PANEL_TITLE);
      }
      if (!last) {
        ValueAxis x = chart.getXYPlot().getDomainAxis();
        x.setLabel(null);
        x.setTickLabelsVisible(false);
      }
      double tall = panel + (last ? X_AXIS + Theme.MARGIN : 0);
      XyTheme.paint(chart, g, new Rectangle2D.Double(0, i * panel, width, tall));
    }
  }
}
