package dev.circuitscope.circuits.paths;

import dev.circuitscope.circuits.algebra.KeyPart;
import java.util.Optional;

/**
 * A part of what a head's queries or keys are made of.
 *
 * @param path into the stream that the head reads; empty for all paths of higher orders than were
 *     listed
 * @param source where it begins; all sources together if empty
 * @param key into which of the two keys of a smeared key it leads; both, or queries, if empty
 */
public record ScorePart(Optional<HeadPath> path, Optional<Source> source, Optional<KeyPart> key) {

  /**
   * What longer paths than were listed make.
   *
   * @return the part of all sources and both keys together
   */
  public static ScorePart deeper() {
    return new ScorePart(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * One path from all sources.
   *
   * @param path into the stream that the head reads
   * @return the part
   */
  public static ScorePart of(HeadPath path) {
    return new ScorePart(Optional.of(path), Optional.empty(), Optional.empty());
  }

  /**
   * One path from one source.
   *
   * @param path into the stream that the head reads
   * @param source where it begins
   * @return the part
   */
  public static ScorePart of(HeadPath path, Source source) {
    return new ScorePart(Optional.of(path), Optional.of(source), Optional.empty());
  }

  /**
   * What of this part is in one of the two keys of a smeared key.
   *
   * @param part which one
   * @return the part
   */
  public ScorePart in(KeyPart part) {
    return new ScorePart(path, source, Optional.of(part));
  }

  /**
   * For example {@code direct}, {@code embed: L0H3}, {@code deeper} or {@code direct in key
   * before}.
   */
  @Override
  public String toString() {
    return source.map(s -> s.label() + ": ").orElse("")
        + path.map(HeadPath::toString).orElse("deeper")
        + key.map(k -> " in " + k.label()).orElse("");
  }
}
