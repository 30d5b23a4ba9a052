package dev.circuitscope.core.plot;

import java.awt.Graphics2D;

/** Something with a natural size that can lay itself out in any other. */
interface Drawing {

  double width();

  double height();

  /** Draws into the rectangle from (0, 0) to ({@code width}, {@code height}). */
  void paint(Graphics2D g, double width, double height);
}
