package dev.circuitscope.core.text;

import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Merges neighbouring tokens by falling score. A queue of possible merges over a linked list takes
 * n log n steps where trying every pair for every merge takes n squared.
 */
final class PieceMerger {
  /** llama2.c never merges into a token of this score or less. */
  private static final float LOWEST = -1e10f;

  private static final int NONE = -1;

  /** A merge of the tokens at two places; outdated once one of them is another token. */
  private record Merge(float score, int left, int right, int leftId, int rightId, int id)
      implements Comparable<Merge> {
    @Override
    public int compareTo(Merge other) {
      int byScore = Float.compare(other.score, score);
      return byScore != 0 ? byScore : Integer.compare(left, other.left);
    }
  }

  private final List<ScoredPiece> pieces;
  private final Map<String, Integer> idOf;

  PieceMerger(List<ScoredPiece> pieces, Map<String, Integer> idOf) {
    this.pieces = pieces;
    this.idOf = idOf;
  }

  /** Merges in place and returns what is left. */
  int[] merge(int[] tokens) {
    int count = tokens.length;
    int[] next = new int[count];
    int[] previous = new int[count];
    PriorityQueue<Merge> queue = new PriorityQueue<>();
    for (int i = 0; i < count; i++) {
      next[i] = i + 1 < count ? i + 1 : NONE;
      previous[i] = i - 1;
      offer(queue, tokens, i - 1, i);
    }
    int left = count;
    for (Merge merge = queue.poll(); merge != null; merge = queue.poll()) {
      if (tokens[merge.left] != merge.leftId
          || tokens[merge.right] != merge.rightId
          || next[merge.left] != merge.right) {
        continue;
      }
      tokens[merge.left] = merge.id;
      tokens[merge.right] = NONE;
      int after = next[merge.right];
      next[merge.left] = after;
      if (after != NONE) {
        previous[after] = merge.left;
      }
      left--;
      offer(queue, tokens, previous[merge.left], merge.left);
      offer(queue, tokens, merge.left, after);
    }
    int[] merged = new int[left];
    for (int i = 0, at = 0; i < left; i++, at = next[at]) {
      merged[i] = tokens[at];
    }
    return merged;
  }

  private void offer(PriorityQueue<Merge> queue, int[] tokens, int left, int right) {
    if (left < 0 || right < 0) {
      return;
    }
    Integer id = idOf.get(pieces.get(tokens[left]).latin() + pieces.get(tokens[right]).latin());
    if (id != null && pieces.get(id).score() > LOWEST) {
      queue.add(
          new Merge(pieces.get(id).score() + 0f, left, right, tokens[left], tokens[right], id));
    }
  }
}
