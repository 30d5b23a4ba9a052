package dev.circuitscope.core.text;

import java.util.Arrays;
import java.util.Map;

/** Splits bytes into the fewest known pieces. */
final class TokenPieces {
  /** A price for a byte that no piece covers, above that of any splitting of a token. */
  private static final int UNCOVERED = 1 << 16;

  private final Map<Bytes, Integer> ids;
  private final int unknown;
  private final int longest;

  /** Bytes as a key of a map. */
  record Bytes(byte[] value) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }
  }

  TokenPieces(Map<Bytes, Integer> ids, int unknown) {
    this.ids = ids;
    this.unknown = unknown;
    this.longest = ids.keySet().stream().mapToInt(key -> key.value().length).max().orElse(0);
  }

  /**
   * Ids of the pieces. Dynamic programme from the end: cost[i] is the price of the bytes from i on,
   * and the longest of equally cheap first pieces is taken.
   */
  int[] split(byte[] bytes) {
    int n = bytes.length;
    if (n == 0) {
      return new int[] {unknown};
    }
    long[] cost = new long[n + 1];
    int[] next = new int[n + 1];
    int[] id = new int[n + 1];
    for (int i = n - 1; i >= 0; i--) {
      cost[i] = cost[i + 1] + UNCOVERED;
      next[i] = i + 1;
      id[i] = unknown;
      for (int end = i + 1; end <= Math.min(n, i + longest); end++) {
        Integer piece = ids.get(new Bytes(Arrays.copyOfRange(bytes, i, end)));
        if (piece != null && cost[end] + 1 <= cost[i]) {
          cost[i] = cost[end] + 1;
          next[i] = end;
          id[i] = piece;
        }
      }
    }
    int[] split = new int[n];
    int count = 0;
    for (int i = 0; i < n; i = next[i]) {
      boolean continuesUnknown = id[i] == unknown && count > 0 && split[count - 1] == unknown;
      if (!continuesUnknown) {
        split[count++] = id[i];
      }
    }
    return Arrays.copyOf(split, count);
  }
}
