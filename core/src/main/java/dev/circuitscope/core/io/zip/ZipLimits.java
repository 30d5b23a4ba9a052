package dev.circuitscope.core.io.zip;

/**
 * What an archive may demand of its reader.
 *
 * @param maxMembers number of members
 * @param maxInflatedBytes sum of the sizes of all compressed members; stored ones are bounded by
 *     the archive itself
 */
public record ZipLimits(int maxMembers, long maxInflatedBytes) {
  /**
   * Checks that both are positive.
   *
   * @param maxMembers number of members
   * @param maxInflatedBytes sum of the sizes of all compressed members
   * @throws IllegalArgumentException if one is not positive
   */
  public ZipLimits {
    if (maxMembers <= 0 || maxInflatedBytes <= 0) {
      throw new IllegalArgumentException(
          "zip limits must be positive: %d members, %d bytes"
              .formatted(maxMembers, maxInflatedBytes));
    }
  }

  /**
   * Returns the usual limits.
   *
   * @return 100,000 members, 16 GiB of compressed content
   */
  public static ZipLimits defaults() {
    return new ZipLimits(100_000, 16L << 30);
  }
}
