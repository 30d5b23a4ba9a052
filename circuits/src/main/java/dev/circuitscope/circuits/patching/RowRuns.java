package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.ModelPart;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs of a part of a model that does to every position the same, whatever the others are: rows may
 * be laid out as sequences in any way. What does not fill the last sequence is repeated.
 */
final class RowRuns {

  /** Long enough that there are few tasks, short enough that attention costs nothing. */
  private static final int LENGTH = 16;

  private RowRuns() {}

  /** How the rows are laid out. */
  record Layout(int batch, int pos) {
    static Layout of(TransformerConfig config, int rows) {
      int pos = Math.min(Math.min(LENGTH, config.nCtx()), rows);
      return new Layout((rows + pos - 1) / pos, pos);
    }

    int rows() {
      return batch * pos;
    }
  }

  /** The outcome [rows, width] for a residual stream [rows, d_model]. */
  static float[] run(
      ModelPart part, TransformerConfig config, float[] resid, int rows, Hooks hooks) {
    Layout layout = Layout.of(config, rows);
    INDArray input = laidOut(resid, config, layout, rows);
    try (Run run = part.runWithCache(input, Capture.nothing(), hooks)) {
      return rows(run.output(), layout, rows);
    }
  }

  /** Activations [rows, width] on the way. */
  static Map<HookPoint, float[]> activations(
      ModelPart part, TransformerConfig config, float[] resid, int rows, HookPoint... points) {
    Layout layout = Layout.of(config, rows);
    INDArray input = laidOut(resid, config, layout, rows);
    Map<HookPoint, float[]> seen = new LinkedHashMap<>();
    try (Run run = part.runWithCache(input, Capture.only(points), Hooks.none())) {
      for (HookPoint point : points) {
        seen.put(point, rows(run.cache().get(point), layout, rows));
      }
    }
    return seen;
  }

  private static INDArray laidOut(
      float[] resid, TransformerConfig config, Layout layout, int rows) {
    return FlatFloats.array(
        padded(resid, rows, config.dModel(), layout),
        layout.batch(),
        layout.pos(),
        config.dModel());
  }

  private static float[] rows(INDArray activation, Layout layout, int rows) {
    float[] all = FlatFloats.copy(activation);
    return Arrays.copyOf(all, all.length / layout.rows() * rows);
  }

  /** Rows up to the layout's number, the first row being repeated. */
  static float[] padded(float[] values, int rows, int width, Layout layout) {
    float[] all = Arrays.copyOf(values, layout.rows() * width);
    for (int row = rows; row < layout.rows(); row++) {
      System.arraycopy(values, 0, all, row * width, width);
    }
    return all;
  }
}
