package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The algorithm of A Mathematical Framework for Transformer Circuits, section "Understanding Term
 * Importance": run 1, which the {@link FrozenRun} was, has saved all patterns. Run 2 has them
 * fixed, stores what each head would write, and has it write nothing. Run n has each head write
 * what was stored in run n - 1, and stores again. After run n the stream holds all terms of order
 * up to n - 2, so that run L + 2 of L layers is the model.
 */
final class OrderAlgorithm {

  private OrderAlgorithm() {}

  /**
   * The ends of the streams of runs 2 to L + 2, by order 0 to L.
   *
   * @param writes the heads that take part; the others write nothing in any run
   */
  static List<DoubleMatrix> streams(LinearRun run, Predicate<Head> writes) {
    int layers = run.config().nLayers();
    Map<Head, DoubleMatrix> stored = new HashMap<>();
    List<DoubleMatrix> ends = new ArrayList<>();
    for (int order = 0; order <= layers; order++) {
      Map<Head, DoubleMatrix> now = new HashMap<>();
      DoubleMatrix written = run.zeros();
      for (int layer = 0; layer < layers; layer++) {
        DoubleMatrix read = run.direct(layer).addInPlace(written);
        for (Head head : run.heads(layer)) {
          if (writes.test(head)) {
            now.put(head, run.through(head, read).addInPlace(run.constant(head)));
            if (order > 0) {
              written.addInPlace(stored.get(head));
            }
          }
        }
      }
      ends.add(run.direct(layers).addInPlace(written));
      stored = now;
    }
    return ends;
  }
}
