package dev.circuitscope.circuits.paths;

import java.util.Optional;

/**
 * A part of what a head's queries or keys are made of.
 *
 * @param path into the stream that the head reads; empty for all paths of higher orders than were
 *     listed
 * @param source where it begins; all sources together if empty
 */
public record ScorePart(Optional<HeadPath> path, Optional<Source> source) {

  /**
   * One path from all sources.
   *
   * @param path into the stream that the head reads
   * @return the part
   */
  public static ScorePart of(HeadPath path) {
    return new ScorePart(Optional.of(path), Optional.empty());
  }

  /**
   * One path from one source.
   *
   * @param path into the stream that the head reads
   * @param source where it begins
   * @return the part
   */
  public static ScorePart of(HeadPath path, Source source) {
    return new ScorePart(Optional.of(path), Optional.of(source));
  }

  /** For example {@code direct}, {@code embed: L0H3} or {@code deeper}. */
  @Override
  public String toString() {
    return source.map(s -> s.label() + ": ").orElse("")
        + path.map(HeadPath::toString).orElse("deeper");
  }
}
