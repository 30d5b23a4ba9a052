package dev.circuitscope.circuits.paths;

import java.util.function.ToDoubleFunction;

/** By which number the strongest terms are chosen; its magnitude counts. */
public enum PathRanking {
  /** {@link LogitSize#norm}. */
  NORM(LogitSize::norm),
  /** {@link LogitSize#share}. */
  SHARE(LogitSize::share),
  /** {@link LogitSize#effect}. */
  EFFECT(LogitSize::effect);

  private final ToDoubleFunction<LogitSize> number;

  PathRanking(ToDoubleFunction<LogitSize> number) {
    this.number = number;
  }

  double magnitude(PathTerm term) {
    return Math.abs(number.applyAsDouble(term.size()));
  }
}
