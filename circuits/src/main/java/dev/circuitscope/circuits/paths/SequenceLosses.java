package dev.circuitscope.circuits.paths;

import java.util.List;

/**
 * The losses of one sequence by order.
 *
 * @param all [order]
 * @param alone [set][order]
 * @param onTop [set][order]
 */
record SequenceLosses(double[] all, double[][] alone, double[][] onTop) {

  static SequenceLosses of(LinearRun run, List<HeadSet> sets) {
    int orders = run.config().nLayers() + 1;
    List<DoubleMatrix> ends = OrderAlgorithm.streams(run, head -> true);
    double[] all = new double[orders];
    double[][] alone = new double[sets.size()][orders];
    double[][] onTop = new double[sets.size()][orders];
    for (int order = 0; order < orders; order++) {
      all[order] = loss(run, ends.get(order));
    }
    for (int set = 0; set < sets.size(); set++) {
      List<DoubleMatrix> some = OrderAlgorithm.streams(run, sets.get(set).heads()::contains);
      for (int order = 0; order < orders; order++) {
        alone[set][order] = loss(run, some.get(order));
        onTop[set][order] =
            order == 0
                ? alone[set][order]
                : loss(run, ends.get(order - 1).plus(some.get(order)).minus(some.get(order - 1)));
      }
    }
    return new SequenceLosses(all, alone, onTop);
  }

  private static double loss(LinearRun run, DoubleMatrix stream) {
    return run.loss(run.logits(stream, true));
  }
}
