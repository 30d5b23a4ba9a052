package dev.circuitscope.circuits.paths;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The losses of one sequence by order.
 *
 * @param all [order]
 * @param alone [set][order]
 * @param onTop [set][order]
 */
record SequenceLosses(double[] all, double[][] alone, double[][] onTop) {

  static SequenceLosses of(FrozenRun run, List<HeadSet> sets) {
    int orders = run.config().nLayers() + 1;
    List<INDArray> ends = OrderAlgorithm.streams(run, head -> true);
    double[] all = new double[orders];
    double[][] alone = new double[sets.size()][orders];
    double[][] onTop = new double[sets.size()][orders];
    for (int order = 0; order < orders; order++) {
      all[order] = loss(run, ends.get(order));
    }
    for (int set = 0; set < sets.size(); set++) {
      List<INDArray> some = OrderAlgorithm.streams(run, sets.get(set).heads()::contains);
      for (int order = 0; order < orders; order++) {
        alone[set][order] = loss(run, some.get(order));
        onTop[set][order] =
            order == 0
                ? alone[set][order]
                : loss(run, ends.get(order - 1).add(some.get(order)).subi(some.get(order - 1)));
      }
    }
    return new SequenceLosses(all, alone, onTop);
  }

  private static double loss(FrozenRun run, INDArray stream) {
    return run.loss(run.logitsOfStream(stream));
  }
}
