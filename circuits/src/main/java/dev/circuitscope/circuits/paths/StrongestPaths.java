package dev.circuitscope.circuits.paths;

import dev.circuitscope.circuits.algebra.FactoredMatrix;
import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The paths along which a linear functional of the logits is largest in magnitude, by branch and
 * bound from the logits backward: with d the functional's direction in the stream after a head,
 * every path that ends in this head is worth {@code <d, what it writes>}, at most the length of d
 * times a bound of the length of what any path through the head writes. That bound is the exact
 * length for the head alone, and for longer paths its largest singular value times the bound of the
 * layers before.
 */
final class StrongestPaths {

  /** Keeps rounding from cutting off a term that reaches its bound. */
  private static final double SLACK = 1 + 1e-9;

  private final LinearRun run;
  private final List<Origin> origins;
  private final LogitFunctional functional;
  private final int order;
  private final int k;
  private final Map<Head, List<DoubleMatrix>> starts = new HashMap<>();
  private final Map<Head, Double> lengths = new HashMap<>();
  private final PriorityQueue<Found> best =
      new PriorityQueue<>(Comparator.comparingDouble((Found f) -> Math.abs(f.value())));
  private long visited;

  StrongestPaths(
      LinearRun run, List<Origin> origins, LogitFunctional functional, int order, int k) {
    this.run = run;
    this.origins = origins;
    this.functional = functional;
    this.order = order;
    this.k = k;
  }

  /**
   * A path and what the functional is on it.
   *
   * @param path of the model's heads
   * @param origin where it begins
   * @param value of the functional
   */
  record Found(HeadPath path, Origin origin, double value) {}

  /** The k strongest, in no order. */
  List<Found> find() {
    int layers = run.config().nLayers();
    DoubleMatrix direction = functional.inStream(run);
    for (Origin origin : origins) {
      double constants = origin.constants() ? functional.ofConstants(run) : 0;
      double value = direction.dot(origin.before(layers)) + constants;
      offer(new Found(HeadPath.DIRECT, origin, value));
    }
    if (order > 0) {
      bound(layers);
      extend(HeadPath.DIRECT, layers, direction);
    }
    return List.copyOf(best);
  }

  /** How many terms were computed. */
  long visited() {
    return visited;
  }

  private void bound(int layers) {
    double before = 0;
    for (int layer = 0; layer < layers; layer++) {
      double longest = before;
      for (Head head : run.heads(layer)) {
        List<DoubleMatrix> written = origins.stream().map(origin -> origin.start(head)).toList();
        double own = written.stream().mapToDouble(DoubleMatrix::norm).max().orElse(0);
        double length = Math.max(own, largestSingularValue(head) * before);
        starts.put(head, written);
        lengths.put(head, length);
        longest = Math.max(longest, length);
      }
      before = longest;
    }
  }

  /**
   * Paths that end in another one's first head.
   *
   * @param path found so far, from some head to the logits
   * @param layer that its first head reads
   * @param direction of the functional in the stream there
   */
  private void extend(HeadPath path, int layer, DoubleMatrix direction) {
    double length = direction.norm();
    List<Head> heads = new ArrayList<>();
    for (int l = 0; l < layer; l++) {
      heads.addAll(run.heads(l));
    }
    heads.sort(Comparator.comparingDouble(head -> -lengths.get(head)));
    for (Head head : heads) {
      if (length * lengths.get(head) * SLACK < threshold()) {
        return;
      }
      HeadPath longer = path.after(head);
      for (int i = 0; i < origins.size(); i++) {
        double value = direction.dot(starts.get(head).get(i));
        offer(new Found(longer, origins.get(i), value));
      }
      if (longer.order() < order && head.layer() > 0) {
        extend(longer, head.layer(), run.back(head, direction));
      }
    }
  }

  private void offer(Found found) {
    visited++;
    best.add(found);
    if (best.size() > k) {
      best.poll();
    }
  }

  private double threshold() {
    return best.size() < k ? 0 : Math.abs(best.element().value());
  }

  /** ||A diag(1/s)|| ||M W_O||, the first bounded by its largest row and column sums. */
  private double largestSingularValue(Head head) {
    DoubleMatrix move = run.attention().move(head);
    double[] rows = new double[move.rows()];
    double[] columns = new double[move.columns()];
    for (int i = 0; i < move.values().length; i++) {
      double magnitude = Math.abs(move.values()[i]);
      rows[i / move.columns()] += magnitude;
      columns[i % move.columns()] += magnitude;
    }
    HeadMaps maps = run.maps(head);
    INDArray value = maps.value().matrix().toArray();
    double ov = new FactoredMatrix(value, maps.output().toArray()).singularValues()[0];
    // ||A||_2 <= sqrt(||A||_1 ||A||_inf)
    return Math.sqrt(max(rows) * max(columns)) * ov;
  }

  private static double max(double[] x) {
    return Arrays.stream(x).max().orElse(0);
  }
}
