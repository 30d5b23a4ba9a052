package dev.circuitscope.circuits.known;

import java.util.ArrayList;
import java.util.List;

/**
 * The attention of each role, as scores between 0 and about 1 before they are multiplied by beta.
 * Inner products of different tokens' codes are within rho of 0, of positions' codes within pi.
 */
final class HeadDrafts {

  /** Earlier occurrences up to which the pointer head stays sharp: four copies of a block. */
  private static final int OCCURRENCES = 3;

  private HeadDrafts() {}

  /** 1 at d - 1 and at most pi elsewhere; at 0 there is nothing but itself. */
  static HeadDraft previousToken(Role role, Stream s) {
    return new HeadDraft(role).match(s.before(), s.here(), 1).gap(1 - s.positionCode().coherence());
  }

  /** 1 at d and at most pi elsewhere. */
  static HeadDraft ownPosition(Role role, Stream s) {
    return new HeadDraft(role).match(s.here(), s.here(), 1).gap(1 - s.positionCode().coherence());
  }

  /**
   * With [t = u] for the product of the codes of tokens t and u, the score of source s is
   *
   * <pre>
   * [t_d = t_s] - gamma [d = s] + r start(s)
   *
   * an earlier occurrence    at least 1 - gamma pi
   * the start token          r, within gamma pi
   * the destination itself   1 - gamma
   * anything else            at most rho + gamma pi
   * </pre>
   *
   * <p>and gamma = (1 - rho) / (1 + pi), gap = gamma (1 - 3 pi) / 2, r = 1 - 2 gamma pi - gap leave
   * the gap between each of the first two and all that follow.
   */
  static HeadDraft duplicateToken(Role role, Stream s) {
    double rho = s.tokenCode().coherence();
    double pi = s.positionCode().coherence();
    double gamma = (1 - rho) / (1 + pi);
    double gap = gamma * (1 - 3 * pi) / 2;
    return new HeadDraft(role)
        .match(s.token(), s.token(), 1)
        .match(s.here(), s.here(), -gamma)
        .score(s.always(), s.starts(1 - 2 * gamma * pi - gap))
        .gap(gap);
  }

  /**
   * With u_s the token that the slot of source s holds, t_(s-1) but at position 0 t_0 itself, where
   * causal attention leaves the previous-token head no choice, the score of s is
   *
   * <pre>
   * [t_d = u_s] + (1 - 2 start(d)) (f first(s) + b start(s))
   *
   * a token after an earlier occurrence    1
   * position 0, if t_0 = t_d               1 + f
   * the start token at position 0          f + b
   * anything else                          at most rho, and rho + b at a start token elsewhere
   * </pre>
   *
   * <p>and gap = (1 - 2 rho) / 3, f = -gap, b = rho + 2 gap leave the gap between the first and all
   * others, and between the start token at position 0 and anything else. Should the start token
   * stand at d, the signs of f and b keep position 0 below the true targets.
   */
  static HeadDraft induction(Stream s, Subspace tokenBefore) {
    double rho = s.tokenCode().coherence();
    double gap = (1 - 2 * rho) / 3;
    return new HeadDraft(Role.INDUCTION)
        .match(s.token(), tokenBefore, 1)
        .score(s.always().plus(s.starts(-2)), s.first().unit(0, -gap).plus(s.starts(rho + 2 * gap)))
        .gap(gap);
  }

  /**
   * With a pointer that holds the mean of the position codes of the earlier occurrences, c of them
   * and at most C, the score of s is
   *
   * <pre>
   * pointer_d . code(s - 1) + b start(s)
   *
   * a token after an earlier occurrence    at least 1 / C - pi (C - 1) / C
   * the start token, no pointer            b
   * the start token, a pointer             at most b + pi
   * anything else, no pointer              0
   * </pre>
   *
   * <p>and gap = b = (1 / C - pi (2 C - 1) / C) / 2 leaves the gap.
   */
  static HeadDraft pointerInduction(Stream s, Subspace pointer) {
    double pi = s.positionCode().coherence();
    double gap = (1.0 / OCCURRENCES - pi * (2 * OCCURRENCES - 1) / OCCURRENCES) / 2;
    return new HeadDraft(Role.INDUCTION)
        .match(pointer, s.before(), 1)
        .score(s.always(), s.starts(gap))
        .gap(gap);
  }

  /**
   * With keys that are the ones before them, the score of s from 1 on is
   *
   * <pre>
   * [t_d = t_(s-1)] + b start(s - 1)
   *
   * a token after an earlier occurrence    1
   * positions 0 and 1, after a start       b
   * anything else                          at most rho
   * </pre>
   *
   * <p>and gap = (1 - rho) / 2, b = rho + gap leave the gap.
   */
  static HeadDraft smearedInduction(Stream s) {
    double rho = s.tokenCode().coherence();
    double gap = (1 - rho) / 2;
    return new HeadDraft(Role.INDUCTION)
        .match(s.token(), s.token(), 1)
        .score(s.always(), s.starts(rho + gap))
        .gap(gap)
        .readsKeyBefore();
  }

  /**
   * 1 from each destination to each of its sources, 1/2 to the start token, 0 elsewhere: one
   * dimension of queries and keys for each source, exact because marked tokens are one-hot.
   */
  static HeadDraft skipTrigrams(Stream s, SkipTrigramPlan.Share share) {
    HeadDraft draft = new HeadDraft(Role.SKIP_TRIGRAM).gap(0.5);
    List<HeadDraft.Move> moves = new ArrayList<>();
    double longest = 0;
    for (int source : share.sources()) {
      Direction sourceToken = share.token(s, s.token(), source);
      draft.score(sum(s, s.token(), share, share.destinations(source)), sourceToken);
      moves.add(new HeadDraft.Move(sourceToken, sum(s, s.output(), share, share.outs(source))));
      longest = Math.max(longest, Math.sqrt(share.outs(source).size()));
    }
    return draft.score(s.always(), s.starts(0.5)).move(moves, longest);
  }

  /**
   * The slot that holds a position's code, and nothing at rest on the start token at position 0.
   */
  static List<HeadDraft.Move> pointer(Stream s, Subspace pointer) {
    List<HeadDraft.Move> moves = new ArrayList<>();
    for (int i = 0; i < pointer.width(); i++) {
      Direction read = s.here().unit(i, 1).plus(s.starts(-s.positionCode().at(1, i)));
      moves.add(new HeadDraft.Move(read, pointer.unit(i, 1)));
    }
    return moves;
  }

  private static Direction sum(
      Stream s, Subspace in, SkipTrigramPlan.Share share, Iterable<Integer> tokens) {
    Direction sum = null;
    for (int token : tokens) {
      Direction unit = share.token(s, in, token);
      sum = sum == null ? unit : sum.plus(unit);
    }
    return sum;
  }
}
