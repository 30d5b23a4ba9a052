package dev.circuitscope.circuits.paths;

import dev.circuitscope.circuits.algebra.KeyPart;
import dev.circuitscope.core.hook.Head;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The queries or the keys of a head as a sum of parts.
 *
 * @param parts their names
 * @param vectors [pos, d_head] each
 */
record ScoreSide(List<ScorePart> parts, List<DoubleMatrix> vectors) {

  private static final int MOST_PARTS = 20_000;

  /**
   * Expands one side.
   *
   * @param map from parts of the stream to queries or keys, linear
   * @param constants queries or keys that a source makes without a path
   */
  static ScoreSide of(
      LinearRun run,
      Head head,
      ScoreOptions options,
      Function<DoubleMatrix, DoubleMatrix> map,
      Function<Source, DoubleMatrix> constants) {
    requireFew(run, head, options);
    List<Origin> origins = Origin.of(run, options.split());
    ScoreSide side = new ScoreSide(new ArrayList<>(), new ArrayList<>());
    PathWalk.steps(origins, head.layer(), options.order())
        .forEach(
            step -> {
              for (int i = 0; i < origins.size(); i++) {
                Origin origin = origins.get(i);
                DoubleMatrix vectors = map.apply(step.streams().get(i));
                if (step.path().order() == 0) {
                  vectors.addInPlace(constants(origin.source(), constants));
                }
                side.add(
                    new ScorePart(Optional.of(step.path()), origin.source(), Optional.empty()),
                    vectors);
              }
            });
    if (options.split() && run.inputs().positionsBeside()) {
      side.add(ScorePart.of(HeadPath.DIRECT, Source.POSITIONS), constants.apply(Source.POSITIONS));
    }
    if (head.layer() > options.order()) {
      DoubleMatrix deeper = run.zeros();
      for (Origin origin : origins) {
        deeper.addInPlace(PathOrders.before(head.layer(), origin).beyond(options.order()));
      }
      side.add(ScorePart.deeper(), map.apply(deeper));
    }
    return side;
  }

  /** The same parts as what they are in one of the two keys of a smeared key. */
  ScoreSide in(Optional<KeyPart> key) {
    return key.map(k -> new ScoreSide(parts.stream().map(p -> p.in(k)).toList(), vectors))
        .orElse(this);
  }

  /** Sides of as many parts as one: the first part of each, the second of each, and so on. */
  static ScoreSide interleaved(List<ScoreSide> sides) {
    ScoreSide all = new ScoreSide(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < sides.get(0).parts.size(); i++) {
      for (ScoreSide side : sides) {
        all.add(side.parts.get(i), side.vectors.get(i));
      }
    }
    return all;
  }

  int indexOf(ScorePart part) {
    int index = parts.indexOf(part);
    if (index < 0) {
      throw new IllegalArgumentException(
          "the scores have no part '%s'; there are %s%s"
              .formatted(
                  part,
                  parts.subList(0, Math.min(12, parts.size())),
                  parts.size() > 12 ? " and %,d others".formatted(parts.size() - 12) : ""));
    }
    return index;
  }

  private void add(ScorePart part, DoubleMatrix vector) {
    parts.add(part);
    vectors.add(vector);
  }

  private static DoubleMatrix constants(
      Optional<Source> source, Function<Source, DoubleMatrix> constants) {
    if (source.isPresent()) {
      return constants.apply(source.get());
    }
    DoubleMatrix sum = constants.apply(Source.BIASES);
    return sum.addInPlace(constants.apply(Source.POSITIONS));
  }

  private static void requireFew(LinearRun run, Head head, ScoreOptions options) {
    BigInteger count = BigInteger.ZERO;
    for (int k = 0; k <= Math.min(options.order(), head.layer()); k++) {
      count = count.add(PathOrders.count(head.layer(), run.config().nHeads(), k));
    }
    if (count.compareTo(BigInteger.valueOf(MOST_PARTS)) > 0) {
      throw new IllegalArgumentException(
          "queries and keys of %s are sums over %,d paths of up to %d heads; choose a lower order"
              .formatted(head, count, options.order()));
    }
  }
}
