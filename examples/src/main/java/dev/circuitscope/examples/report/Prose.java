package dev.circuitscope.examples.report;

/**
 * A paragraph.
 *
 * @param text plain text
 */
public record Prose(String text) implements Block {

  /**
   * Checks that there is text.
   *
   * @param text plain text
   */
  public Prose {
    if (text.isBlank()) {
      throw new IllegalArgumentException("a paragraph needs text");
    }
  }
}
