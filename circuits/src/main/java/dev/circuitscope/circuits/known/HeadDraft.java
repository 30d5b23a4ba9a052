package dev.circuitscope.circuits.known;

import java.util.ArrayList;
import java.util.List;

/**
 * A head as it is thought of: its score is beta times the sum of products of what queries and keys
 * read, its output the sum of what it moves.
 */
final class HeadDraft {

  /** One dimension of queries and keys: the score gains (x_dest . query)(x_src . key). */
  record Score(Direction query, Direction key) {}

  /** One dimension of values: the output gains (x_src . read) write. */
  record Move(Direction read, Direction write) {}

  private final Role role;
  private final List<Score> scores = new ArrayList<>();
  private final List<Move> moves = new ArrayList<>();
  private double gap = 1;
  private double writes;
  private boolean readsKeyBefore;

  HeadDraft(Role role) {
    this.role = role;
  }

  /** Compares what the destination has in one subspace with what sources have in another. */
  HeadDraft match(Subspace query, Subspace key, double weight) {
    for (int i = 0; i < query.width(); i++) {
      scores.add(new Score(query.unit(i, weight), key.unit(i, 1)));
    }
    return this;
  }

  HeadDraft score(Direction query, Direction key) {
    scores.add(new Score(query, key));
    return this;
  }

  /** Moves as much of one subspace as fits into another. */
  HeadDraft move(Subspace from, Subspace to, double weight) {
    int width = Math.min(from.width(), to.width());
    for (int i = 0; i < width; i++) {
      moves.add(new Move(from.unit(i, 1), to.unit(i, weight)));
    }
    writes = Math.abs(weight);
    return this;
  }

  /** Moves single directions; what it writes is at most so long. */
  HeadDraft move(List<Move> all, double longest) {
    moves.addAll(all);
    writes = longest;
    return this;
  }

  /** How far the score of what it attends to is above all others, before beta. */
  HeadDraft gap(double difference) {
    gap = difference;
    return this;
  }

  /** Each key becomes the one before it, by smearing. */
  HeadDraft readsKeyBefore() {
    readsKeyBefore = true;
    return this;
  }

  Role role() {
    return role;
  }

  List<Score> scores() {
    return scores;
  }

  List<Move> moves() {
    return moves;
  }

  double gap() {
    return gap;
  }

  /** The largest norm of the output. */
  double writes() {
    return writes;
  }

  boolean smeared() {
    return readsKeyBefore;
  }

  /** The d_head that it needs. */
  int width() {
    return Math.max(scores.size(), moves.size());
  }

  boolean queries(Subspace s) {
    return scores.stream().anyMatch(c -> c.query().touches(s));
  }

  boolean keys(Subspace s) {
    return scores.stream().anyMatch(c -> c.key().touches(s));
  }

  boolean values(Subspace s) {
    return moves.stream().anyMatch(c -> c.read().touches(s));
  }

  boolean writesTo(Subspace s) {
    return moves.stream().anyMatch(c -> c.write().touches(s));
  }
}
