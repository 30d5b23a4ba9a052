package dev.circuitscope.examples.report;

import dev.circuitscope.core.plot.Figure;
import java.util.Objects;

/**
 * A figure with what is said under it, and said instead of it to those who cannot see it.
 *
 * @param name of its files, in small letters, digits and hyphens
 * @param figure the picture
 * @param caption what to see in it, in a sentence or two
 * @param alternative what it shows, numbers included
 */
public record ReportFigure(String name, Figure figure, String caption, String alternative)
    implements Block {

  /**
   * Checks the name and the texts.
   *
   * @param name of its files, in small letters, digits and hyphens
   * @param figure the picture
   * @param caption what to see in it, in a sentence or two
   * @param alternative what it shows, numbers included
   */
  public ReportFigure {
    Objects.requireNonNull(figure, "figure");
    if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
      throw new IllegalArgumentException(
          "a figure's name has small letters, digits and hyphens, was '" + name + "'");
    }
    if (caption.isBlank() || alternative.isBlank()) {
      throw new IllegalArgumentException(
          "figure " + name + " needs a caption and an alternative text");
    }
  }
}
