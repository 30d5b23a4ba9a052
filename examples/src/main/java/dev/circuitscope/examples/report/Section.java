package dev.circuitscope.examples.report;

import java.util.List;

/**
 * A part of a report under one heading.
 *
 * @param title the heading, without a number
 * @param blocks what stands in it, in order
 */
public record Section(String title, List<Block> blocks) {

  /**
   * Copies the blocks.
   *
   * @param title the heading, without a number
   * @param blocks what stands in it, in order
   */
  public Section {
    blocks = List.copyOf(blocks);
  }

  /**
   * The figures in it.
   *
   * @return in order
   */
  public List<ReportFigure> figures() {
    return blocks.stream()
        .filter(ReportFigure.class::isInstance)
        .map(ReportFigure.class::cast)
        .toList();
  }
}
