package dev.circuitscope.core.train;

import java.util.Objects;

/**
 * Which tokens a training saw, or was measured on.
 *
 * @param description one line about the source
 * @param sha256 hash, in hexadecimal, of a sample of its batches: 16 of them, spread evenly from
 *     the first to the last step; of all of them where there are fewer
 */
public record DataDescription(String description, String sha256) {

  /**
   * Checks that both are there.
   *
   * @param description one line
   * @param sha256 hash of a sample
   */
  public DataDescription {
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(sha256, "sha256");
  }
}
