package dev.circuitscope.circuits.paths;

import dev.circuitscope.circuits.attribution.LogitDirections;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How far logits are expanded and what the effect of a term is measured on.
 *
 * <pre>{@code
 * PathOptions.upTo(2)                                       // virtual heads of two heads
 *     .bySource()                                           // embed and pos_embed apart
 *     .along(LogitDirections.token(7)).at(14)               // effect on one logit
 * }</pre>
 *
 * @param order heads on the longest path that is listed, from 0
 * @param split whether a path from each source is a term of its own
 * @param along whose logits effects are on; the next token's if empty
 * @param position where effects are measured; if empty, the mean over all positions, of the next
 *     token over all but the last
 */
public record PathOptions(
    int order, boolean split, Optional<LogitDirections> along, OptionalInt position) {

  /**
   * Checks the order.
   *
   * @param order heads on the longest path that is listed, from 0
   * @param split whether a path from each source is a term of its own
   * @param along whose logits effects are on; the next token's if empty
   * @param position where effects are measured; all positions if empty
   * @throws IllegalArgumentException if the order is negative
   */
  public PathOptions {
    if (order < 0) {
      throw new IllegalArgumentException(
          "paths have 0 heads (the direct path) or more, was " + order);
    }
  }

  /**
   * Paths of so many heads at most, all sources together, effects on the next token's logit.
   *
   * @param order from 0
   * @return the options
   * @throws IllegalArgumentException if the order is negative
   */
  public static PathOptions upTo(int order) {
    return new PathOptions(order, false, Optional.empty(), OptionalInt.empty());
  }

  /**
   * With a term for each source of a path.
   *
   * @return new options
   */
  public PathOptions bySource() {
    return new PathOptions(order, true, along, position);
  }

  /**
   * With effects on other logits. The sequence is example 0.
   *
   * @param directions whose
   * @return new options
   */
  public PathOptions along(LogitDirections directions) {
    return new PathOptions(order, split, Optional.of(directions), position);
  }

  /**
   * With effects at one position.
   *
   * @param where from 0
   * @return new options
   */
  public PathOptions at(int where) {
    return new PathOptions(order, split, along, OptionalInt.of(where));
  }

  LogitFunctional effect(LinearRun run) {
    int[] tokens = run.tokens();
    LogitDirections directions =
        along.orElseGet(() -> LogitDirections.nextTokens(new int[][] {tokens}));
    int from = position.orElse(0);
    int end = position.isPresent() ? from + 1 : tokens.length - (along.isPresent() ? 0 : 1);
    if (from < 0 || end > tokens.length) {
      throw new IllegalArgumentException(
          "effects are asked for at position %d of a run of %d positions"
              .formatted(from, tokens.length));
    }
    return LogitFunctional.mean(run, directions, from, end);
  }
}
