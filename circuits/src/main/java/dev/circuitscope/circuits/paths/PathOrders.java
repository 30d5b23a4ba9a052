package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.Head;
import java.math.BigInteger;

/**
 * The paths of one origin by their order, summed without listing them: layer l writes as terms of
 * order k + 1 what its heads make of the order-k terms that the layers before it have written.
 */
final class PathOrders {

  private final Origin origin;
  private final int layer;
  private final DoubleMatrix[][] written;

  /** [order][layer]: what each layer before a given one writes, by order. */
  private PathOrders(Origin origin, int layer, DoubleMatrix[][] written) {
    this.origin = origin;
    this.layer = layer;
    this.written = written;
  }

  /** The paths that end in the stream before a layer. */
  static PathOrders before(int layer, Origin origin) {
    LinearRun run = origin.run();
    DoubleMatrix[][] written = new DoubleMatrix[layer + 1][layer];
    for (int order = 1; order <= layer; order++) {
      for (int l = 0; l < layer; l++) {
        DoubleMatrix read = order == 1 ? null : sum(run, written[order - 1], l);
        DoubleMatrix sum = zeros(run);
        for (Head head : run.heads(l)) {
          sum.addInPlace(order == 1 ? origin.start(head) : run.through(head, read));
        }
        written[order][l] = sum;
      }
    }
    return new PathOrders(origin, layer, written);
  }

  /** All paths of one order together, [pos, d_model]. */
  DoubleMatrix of(int order) {
    return order == 0 ? origin.before(layer) : sum(origin.run(), written[order], layer);
  }

  /** All paths of more than some order together, [pos, d_model]. */
  DoubleMatrix beyond(int order) {
    DoubleMatrix sum = zeros(origin.run());
    for (int k = order + 1; k <= layer; k++) {
      sum.addInPlace(of(k));
    }
    return sum;
  }

  /** How many paths of an order there are through so many layers: C(layers, order) heads^order. */
  static BigInteger count(int layers, int heads, int order) {
    BigInteger count = BigInteger.valueOf(heads).pow(order);
    for (int i = 0; i < order; i++) {
      count = count.multiply(BigInteger.valueOf(layers - i));
    }
    for (int i = 2; i <= order; i++) {
      count = count.divide(BigInteger.valueOf(i));
    }
    return count;
  }

  private static DoubleMatrix sum(LinearRun run, DoubleMatrix[] byLayer, int layers) {
    DoubleMatrix sum = zeros(run);
    for (int l = 0; l < layers; l++) {
      sum.addInPlace(byLayer[l]);
    }
    return sum;
  }

  private static DoubleMatrix zeros(LinearRun run) {
    return run.zeros();
  }
}
