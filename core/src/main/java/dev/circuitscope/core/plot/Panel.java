package dev.circuitscope.core.plot;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;

/**
 * One drawing among small multiples: a data rectangle, which keeps its proportions, and labels in
 * the margins to its left and below.
 */
interface Panel {

  /** Natural width of the data rectangle. */
  double width();

  /** Natural height of the data rectangle. */
  double height();

  /** Room that the labels on the left need. */
  double left();

  /** Room that the labels below need. */
  double bottom();

  /** Draws the contents of {@code data}. */
  void paint(Graphics2D g, Rectangle2D data);

  /** Draws the labels to the left of {@code data}. */
  void paintLeft(Graphics2D g, Rectangle2D data);

  /** Draws the labels below {@code data}. */
  void paintBottom(Graphics2D g, Rectangle2D data);
}
