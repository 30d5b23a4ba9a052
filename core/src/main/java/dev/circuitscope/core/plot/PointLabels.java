package dev.circuitscope.core.plot;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jfree.chart.annotations.AbstractXYAnnotation;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;

/**
 * Texts beside places of a scatter plot, each on the first side on which it covers neither a point
 * nor another text; those for which there is no such side are left out.
 */
final class PointLabels extends AbstractXYAnnotation {
  private static final long serialVersionUID = 1L;

  private static final double DOT = 7;
  private static final double[][] SIDES = {
    {1, 0}, {-1, 0}, {0, -1}, {0, 1}, {1, -1}, {1, 1}, {-1, -1}, {-1, 1}
  };

  private final transient ScatterSpec spec;

  PointLabels(ScatterSpec spec) {
    this.spec = spec;
  }

  @Override
  public void draw(
      Graphics2D g,
      XYPlot plot,
      Rectangle2D area,
      ValueAxis domain,
      ValueAxis range,
      int rendererIndex,
      PlotRenderingInfo info) {
    List<Rectangle2D> taken = new ArrayList<>();
    Function<double[], double[]> pixel =
        p ->
            new double[] {
              domain.valueToJava2D(p[0], area, plot.getDomainAxisEdge()),
              range.valueToJava2D(p[1], area, plot.getRangeAxisEdge())
            };
    for (Series group : spec.groups()) {
      double[] x = group.x();
      double[] y = group.y();
      for (int i = 0; i < x.length; i++) {
        if (Double.isFinite(y[i])) {
          double[] at = pixel.apply(new double[] {x[i], y[i]});
          taken.add(new Rectangle2D.Double(at[0] - DOT / 2, at[1] - DOT / 2, DOT, DOT));
        }
      }
    }
    g.setColor(Theme.INK);
    for (ScatterSpec.Named label : spec.labels()) {
      double[] at = pixel.apply(new double[] {label.x(), label.y()});
      for (double[] side : SIDES) {
        Rectangle2D box = box(label.text(), at[0], at[1], side);
        if (area.contains(box) && taken.stream().noneMatch(box::intersects)) {
          Text.left(g, label.text(), Theme.LABEL, box.getX(), box.getCenterY());
          taken.add(box);
          break;
        }
      }
    }
  }

  private static Rectangle2D box(String text, double x, double y, double[] side) {
    double w = Text.width(text, Theme.LABEL);
    double h = Text.height(Theme.LABEL);
    double centreX = x + side[0] * (w / 2 + (side[1] == 0 ? DOT : DOT / 2));
    double centreY = y + side[1] * (h / 2 + DOT / 2);
    return new Rectangle2D.Double(centreX - w / 2, centreY - h / 2, w, h);
  }
}
