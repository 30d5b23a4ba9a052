package dev.circuitscope.circuits.paths;

import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.model.TransformerConfig;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The logits of a {@link FrozenRun} as a sum over paths (A Mathematical Framework for Transformer
 * Circuits, section "Path Expansion of Logits"): the direct path, every head, and every virtual
 * head up to a chosen order. What is of higher order is one remainder. Terms and remainder sum to
 * the logits.
 *
 * <pre>{@code
 * PathExpansion paths = PathExpansion.of(FrozenRun.of(model, tokens), 2);
 * paths.terms().limit(3).forEach(System.out::println);   // direct, L0H0, L0H0 -> L1H0
 * PathTerm best = paths.top(1, PathRanking.EFFECT).get(0);
 * INDArray logits = paths.logits(best);                  // [pos, d_vocab_out]
 * System.out.println(paths.table(10, PathRanking.EFFECT));
 * }</pre>
 *
 * <p>There are C(layers, k) heads^k paths of order k: two layers of 12 heads have 169, four have
 * 28,561. They are never held together. {@link #terms} computes them as they are asked for, and
 * {@link #top} leaves out branches whose terms cannot be among the strongest.
 */
public final class PathExpansion {

  private final LinearRun run;
  private final PathOptions options;
  private final List<Origin> origins;
  private final LogitFunctional share;
  private final LogitFunctional effect;

  private PathExpansion(LinearRun run, PathOptions options) {
    this.run = run;
    this.options = options;
    this.origins = Origin.of(run, options.split());
    this.share = LogitFunctional.share(run);
    this.effect = options.effect(run);
  }

  /**
   * Expands the logits of a run, all sources together.
   *
   * @param run to expand
   * @param order heads on the longest path that is listed, from 0
   * @return the expansion
   * @throws IllegalArgumentException if the order is negative
   */
  public static PathExpansion of(FrozenRun run, int order) {
    return of(run, PathOptions.upTo(order));
  }

  /**
   * Expands the logits of a run.
   *
   * @param run to expand
   * @param options how far, from which sources, and what effects are on
   * @return the expansion
   * @throws IllegalArgumentException if effects are asked for on a token or position that there is
   *     not
   */
  public static PathExpansion of(FrozenRun run, PathOptions options) {
    return new PathExpansion(run.linear(), options);
  }

  /**
   * How many terms {@link #terms} has.
   *
   * @return paths up to the order, times sources if these are apart
   */
  public BigInteger count() {
    return paths(run.config(), options.order()).multiply(BigInteger.valueOf(origins.size()));
  }

  static BigInteger paths(TransformerConfig model, int lastOrder) {
    BigInteger count = BigInteger.ZERO;
    for (int order = 0; order <= Math.min(lastOrder, model.nLayers()); order++) {
      count = count.add(PathOrders.count(model.nLayers(), model.nHeads(), order));
    }
    return count;
  }

  /**
   * All terms, computed as they are asked for, depth first: a path, then those that go on from it.
   *
   * @return a new stream; holds as many streams of d_model as the model has layers
   */
  public Stream<PathTerm> terms() {
    return PathWalk.steps(origins, layers(), options.order()).flatMap(this::sized);
  }

  /**
   * The strongest terms. By share or effect, branches that cannot hold one of them are left out:
   * the rest of a path changes lengths by no more than the heads' largest singular values. By norm,
   * every term is computed.
   *
   * @param k how many, from 1; all if there are fewer
   * @param by which number, its magnitude
   * @return the strongest first
   * @throws IllegalArgumentException if k is less than 1
   */
  public List<PathTerm> top(int k, PathRanking by) {
    if (k < 1) {
      throw new IllegalArgumentException("ask for at least 1 term, was " + k);
    }
    if (by != PathRanking.NORM) {
      LogitFunctional f = by == PathRanking.SHARE ? share : effect;
      return sorted(
          new StrongestPaths(run, origins, f, lastOrder(), k)
              .find().stream().map(found -> term(found.path(), found.origin())),
          by);
    }
    PriorityQueue<PathTerm> best = new PriorityQueue<>(Comparator.comparingDouble(by::magnitude));
    terms()
        .forEach(
            term -> {
              best.add(term);
              if (best.size() > k) {
                best.poll();
              }
            });
    return sorted(best.stream(), by);
  }

  /**
   * One term that is named, of any order.
   *
   * @param path of the model's heads
   * @return from all sources together
   * @throws IllegalArgumentException if the model has no such heads
   */
  public PathTerm term(HeadPath path) {
    return term(path, new Origin(run, Optional.empty()));
  }

  /**
   * The logits of a term.
   *
   * @param term of this expansion
   * @return [pos, d_vocab_out]
   */
  public INDArray logits(PathTerm term) {
    Origin origin = new Origin(run, term.source());
    DoubleMatrix x = origin.contribution(term.path());
    return run.logitMap().logits(reading(term.path(), origin, x)).toArray();
  }

  /**
   * The logits of all paths of higher orders than are listed.
   *
   * @return [pos, d_vocab_out]; zeros if all orders are listed
   */
  public INDArray remainderLogits() {
    return run.logits(remainderStream(), false).toArray();
  }

  /**
   * How much all paths of higher orders matter together.
   *
   * @return zeros if all orders are listed
   */
  public LogitSize remainder() {
    return size(run.reading(remainderStream(), false));
  }

  /**
   * The logits themselves as a term.
   *
   * @return share 1
   */
  public LogitSize total() {
    return size(run.reading(run.stream(layers()), true));
  }

  /**
   * The strongest terms with what is left, as a result.
   *
   * @param k how many terms
   * @param by which number they are the strongest
   * @return prints itself as a table
   * @throws IllegalArgumentException if k is less than 1
   */
  public PathTable table(int k, PathRanking by) {
    Provenance provenance =
        Provenance.of(
            run.config(),
            new int[][] {run.tokens()},
            "a given sequence",
            OptionalLong.empty(),
            RunSettings.plain());
    return new PathTable(
        options.order(), count(), by, top(k, by), remainder(), total(), provenance);
  }

  private Stream<PathTerm> sized(PathWalk.Step step) {
    return IntStream.range(0, origins.size())
        .mapToObj(
            i -> {
              Origin origin = origins.get(i);
              DoubleMatrix y = reading(step.path(), origin, step.streams().get(i));
              return new PathTerm(step.path(), origin.source(), size(y));
            });
  }

  private PathTerm term(HeadPath path, Origin origin) {
    DoubleMatrix y = reading(path, origin, origin.contribution(path));
    return new PathTerm(path, origin.source(), size(y));
  }

  private List<PathTerm> sorted(Stream<PathTerm> terms, PathRanking by) {
    return terms.sorted(Comparator.comparingDouble(term -> -by.magnitude(term))).toList();
  }

  /** The constants of the unembedding belong to the direct path. */
  private DoubleMatrix reading(HeadPath path, Origin origin, DoubleMatrix x) {
    return run.reading(x, path.order() == 0 && origin.constants());
  }

  private LogitSize size(DoubleMatrix y) {
    // ||y (W - m 1^T)||^2 = <y G, y>
    double squares = y.times(run.logitMap().gram()).dot(y);
    double norm = Math.sqrt(Math.max(0, squares) / run.length());
    return new LogitSize(norm, share.of(y), effect.of(y));
  }

  private DoubleMatrix remainderStream() {
    DoubleMatrix sum = run.zeros();
    for (Origin origin : origins) {
      sum.addInPlace(PathOrders.before(layers(), origin).beyond(options.order()));
    }
    return sum;
  }

  private int layers() {
    return run.config().nLayers();
  }

  private int lastOrder() {
    return Math.min(options.order(), layers());
  }
}
