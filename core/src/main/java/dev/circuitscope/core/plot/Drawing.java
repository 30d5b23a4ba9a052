package dev.circuitscope.core.plot;

import java.awt.Graphics2D;

/** Something with a natural size that can lay itself out in any other. */
interface Drawing {

  double width();

  double height();

  /** The width below which texts might touch, so that the whole must be scaled down instead. */
  default double leastWidth() {
    return 0.6 * width();
  }

  /** The height below which texts might touch. */
  default double leastHeight() {
    return 0.6 * height();
  }

  /** Draws into the rectangle from (0, 0) to ({@code width}, {@code height}). */
  void paint(Graphics2D g, double width, double height);
}
