package dev.circuitscope.core.io;

import java.io.IOException;

/** A file whose content breaks its format: truncated, corrupt, hostile, or of another kind. */
public final class MalformedFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Name of the input. */
  private final String source;

  /** Byte offset, or -1. */
  private final long offset;

  /** What is wrong. */
  private final String problem;

  /**
   * Creates the exception; the message reads {@code cannot read SOURCE at byte OFFSET: PROBLEM}.
   *
   * @param source file name, or another name by which the reader knows the input
   * @param offset byte offset of the problem, or -1 when it has none
   * @param problem what is wrong, with the offending value and the remedy if there is one
   */
  public MalformedFileException(String source, long offset, String problem) {
    super("cannot read " + source + (offset < 0 ? "" : " at byte " + offset) + ": " + problem);
    this.source = source;
    this.offset = offset;
    this.problem = problem;
  }

  /**
   * Returns the name of the input.
   *
   * @return file name, or another name by which the reader knows the input
   */
  public String source() {
    return source;
  }

  /**
   * Returns where the problem is.
   *
   * @return byte offset from the start of the input, or -1 when the problem has no place
   */
  public long offset() {
    return offset;
  }

  /**
   * Returns what is wrong.
   *
   * @return the message without the name of the input and the offset
   */
  public String problem() {
    return problem;
  }
}
