package dev.circuitscope.core.plot;

import java.awt.Graphics2D;

/** A line plot of its own. */
record LineDrawing(LineSpec spec) implements Drawing {

  @Override
  public double width() {
    return 720;
  }

  @Override
  public double height() {
    return 420;
  }

  @Override
  public void paint(Graphics2D g, double width, double height) {
    XyTheme.paint(LineChart.of(spec), g, width, height);
  }
}
