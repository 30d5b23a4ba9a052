package dev.circuitscope.core.plot;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Objects;

/**
 * Panels of one kind in rows, under a title and over one legend. Panels of a row share the labels
 * on the left, panels of a column those below, and all of them the names of the axes.
 *
 * @param legend what colours mean, or null if they mean nothing
 */
record SmallMultiples(
    String title,
    String xName,
    String yName,
    int columns,
    List<Panel> panels,
    List<String> panelTitles,
    Legend legend)
    implements Drawing {

  private static final double BETWEEN = 16;
  private static final double NARROWEST = 320;

  SmallMultiples {
    Objects.requireNonNull(title, "title");
    if (panels.isEmpty() || panels.size() != panelTitles.size()) {
      throw new IllegalArgumentException(
          "Figure '%s': %d panels with %d titles; needs at least one of each, equally many"
              .formatted(title, panels.size(), panelTitles.size()));
    }
    if (columns < 1) {
      throw new IllegalArgumentException(
          "Figure '" + title + "' in " + columns + " columns; needs at least 1");
    }
    columns = Math.min(columns, panels.size());
    panels = List.copyOf(panels);
    panelTitles = List.copyOf(panelTitles);
  }

  /** How many of {@code count} panels stand in a row so that rows are at most {@code most} long. */
  static int balanced(int count, int most) {
    int rows = (count + most - 1) / most;
    return (count + rows - 1) / rows;
  }

  @Override
  public double width() {
    return Math.ceil(Math.max(narrowest(), contentWidth()));
  }

  private double contentWidth() {
    return left() + columns * (pitch() + BETWEEN) - BETWEEN + right();
  }

  private double narrowest() {
    return Math.max(NARROWEST, legend == null ? 0 : legend.width() + 2 * Theme.MARGIN);
  }

  @Override
  public double height() {
    return Math.ceil(
        top(width()) + rows() * (cellHeight() + panelTitle() + rowGap()) - rowGap() + below());
  }

  /** Titles, labels and legend keep their size; only the panels give way, to half of theirs. */
  @Override
  public double leastWidth() {
    return Math.max(narrowest(), contentWidth() - 0.5 * columns * pitch());
  }

  @Override
  public double leastHeight() {
    return height() - 0.5 * rows() * cellHeight();
  }

  @Override
  public void paint(Graphics2D g, double width, double height) {
    TitledDrawing.paintTitle(g, title, width);
    double roomAcross = width - left() - right() - (columns - 1) * BETWEEN;
    double roomDown =
        height - top(width) - below() - rows() * panelTitle() - (rows() - 1) * rowGap();
    double scale = Math.min(roomAcross / (columns * pitch()), roomDown / (rows() * cellHeight()));
    double pitchX = pitch() * scale + BETWEEN;
    double pitchY = cellHeight() * scale + panelTitle() + rowGap();
    double x0 = left() + (roomAcross - columns * pitch() * scale) / 2;
    double y0 = top(width) + panelTitle();
    for (int i = 0; i < panels.size(); i++) {
      Panel panel = panels.get(i);
      double column = x0 + i % columns * pitchX;
      double w = panel.width() * scale;
      Rectangle2D data =
          new Rectangle2D.Double(
              Math.rint(column + (pitch() * scale - w) / 2),
              Math.rint(y0 + i / columns * pitchY),
              w,
              panel.height() * scale);
      String name = Text.fit(panelTitles.get(i), Theme.PANEL_TITLE, pitchX - Theme.GAP);
      g.setColor(Theme.INK);
      Text.centre(g, name, Theme.PANEL_TITLE, data.getCenterX(), data.getY() - panelTitle() / 2);
      panel.paint(g, data);
      if (i % columns == 0) {
        panel.paintLeft(g, data);
      }
      if (i + columns >= panels.size()) {
        panel.paintBottom(g, data);
      }
    }
    double gridTop = y0;
    double gridBottom = y0 + (rows() - 1) * pitchY + cellHeight() * scale;
    double gridCentre = x0 + (columns * pitchX - BETWEEN) / 2;
    g.setColor(Theme.INK);
    if (!yName.isEmpty()) {
      double x = x0 - panelsLeft() - axisName() / 2;
      String name = Text.fit(yName, Theme.AXIS_NAME, height - 2 * Theme.MARGIN);
      double half = Text.width(name, Theme.AXIS_NAME) / 2 + Theme.GAP;
      double y = Math.min(height - half, Math.max(half, (gridTop + gridBottom) / 2));
      Text.upCentred(g, name, Theme.AXIS_NAME, x, y);
    }
    double y = gridBottom + panelsBottom();
    if (!xName.isEmpty()) {
      String name = Text.fit(xName, Theme.AXIS_NAME, width - 2 * Theme.MARGIN);
      double half = Text.width(name, Theme.AXIS_NAME) / 2 + Theme.GAP;
      double x = Math.min(width - half, Math.max(half, gridCentre));
      Text.centre(g, name, Theme.AXIS_NAME, x, y + axisName() / 2);
      y += axisName();
    }
    if (legend != null) {
      double half = legend.width() / 2 + Theme.GAP;
      double x = Math.min(width - half, Math.max(half, gridCentre));
      legend.paint(g, x, y + Theme.MARGIN);
    }
  }

  private int rows() {
    return (panels.size() + columns - 1) / columns;
  }

  /** Natural width of a column: that of its panels, or a little more for long titles. */
  private double pitch() {
    double widest = 0;
    for (Panel panel : panels) {
      widest = Math.max(widest, panel.width());
    }
    double titles = Text.widest(panelTitles, Theme.PANEL_TITLE) - BETWEEN + 2 * Theme.GAP;
    return Math.max(widest, Math.min(titles, 1.6 * widest));
  }

  private double cellHeight() {
    double tallest = 0;
    for (Panel panel : panels) {
      tallest = Math.max(tallest, panel.height());
    }
    return tallest;
  }

  private double panelTitle() {
    boolean any = panelTitles.stream().anyMatch(name -> !name.isEmpty());
    return any ? Text.height(Theme.PANEL_TITLE) + Theme.GAP : 0;
  }

  private double rowGap() {
    return panelTitle() > 0 ? 8 : BETWEEN;
  }

  private double axisName() {
    return Text.height(Theme.AXIS_NAME) + Theme.GAP;
  }

  private double panelsLeft() {
    return panels.stream().mapToDouble(Panel::left).max().orElse(0);
  }

  private double panelsBottom() {
    return panels.stream().mapToDouble(Panel::bottom).max().orElse(0);
  }

  private double left() {
    return Theme.MARGIN + panelsLeft() + (yName.isEmpty() ? 0 : axisName());
  }

  private double right() {
    return Theme.MARGIN + Theme.GAP;
  }

  private double top(double width) {
    double used = TitledDrawing.titleHeight(title, width);
    return used + (panelTitle() > 0 ? 6 : 10);
  }

  private double below() {
    return panelsBottom()
        + (xName.isEmpty() ? 0 : axisName())
        + (legend == null ? 0 : Theme.MARGIN + legend.height())
        + Theme.MARGIN;
  }
}
