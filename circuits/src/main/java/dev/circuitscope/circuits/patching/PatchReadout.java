package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Layers;
import dev.circuitscope.core.model.ModelPart;
import dev.circuitscope.core.model.TransformerConfig;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * From residual streams at the end to the metric. Logits at positions that a patch does not change
 * are those of the unpatched run, and positions that the metric does not read are left out.
 */
final class PatchReadout {

  /** Logits that are held at a time, 32 MB. */
  private static final int LOGITS = 1 << 23;

  private final PatchPair pair;
  private final TransformerConfig config;
  private final ModelPart unembedding;
  private final float[] end;
  private final float[] logits;
  private final INDArray scratch;
  private final int batch;
  private final int length;

  /** How many rows are unembedded at a time. */
  private final int window;

  PatchReadout(PatchPair pair, INDArray baseLogits, INDArray baseEnd) {
    this(pair, baseLogits, baseEnd, Integer.MAX_VALUE);
  }

  /** Unembeds no more rows at a time than given, and no more than memory allows. */
  PatchReadout(PatchPair pair, INDArray baseLogits, INDArray baseEnd, int rowsAtATime) {
    this.pair = pair;
    this.config = pair.model().config();
    this.batch = pair.batch();
    this.length = pair.length();
    this.unembedding = pair.model().part(Layers.from(config.nLayers()));
    this.end = FlatFloats.copy(baseEnd);
    this.logits = FlatFloats.copy(baseLogits);
    this.scratch = baseLogits.dup('c');
    this.window = Math.max(1, Math.min(rowsAtATime, LOGITS / config.dVocabOut()));
  }

  /**
   * Where the end of the stream, [copies batch, pos, d_model], is not that of the unpatched run.
   */
  ChangedRows changed(INDArray resid) {
    return changed(resid, 0);
  }

  /** The same of a stream that has the positions from {@code start} on. */
  ChangedRows changed(INDArray resid, int start) {
    int d = config.dModel();
    FloatBuffer values = FlatFloats.own(resid);
    ChangedRows changed = new ChangedRows(d);
    float[] row = new float[d];
    int n = length - start;
    int rows = Math.toIntExact(resid.size(0)) * n;
    for (int r = 0; r < rows; r++) {
      int position = start + r % n;
      if (pair.metric().reads(position, length)) {
        values.get(r * d, row, 0, d);
        int example = r / n;
        int from = (example % batch * length + position) * d;
        if (!Arrays.equals(row, 0, d, end, from, from + d)) {
          changed.add(example * length + position, row, 0);
        }
      }
    }
    return changed;
  }

  /**
   * Whether it is best to unembed all positions from {@code start} on, of so many copies: the
   * metric reads most of them, and their logits are no burden.
   */
  boolean readsMost(int copies, int start) {
    long read = IntStream.range(start, length).filter(t -> pair.metric().reads(t, length)).count();
    return 2 * read > length - start && copies * batch * (length - start) <= window;
  }

  /** The metric of every copy from its logits [copies batch, pos - start, d_vocab_out]. */
  double[] of(INDArray patched, int start) {
    int v = config.dVocabOut();
    int n = (length - start) * v;
    FloatBuffer from = FlatFloats.own(patched);
    FloatBuffer shown = FlatFloats.own(scratch);
    double[] values = new double[Math.toIntExact(patched.size(0)) / batch];
    for (int i = 0; i < values.length; i++) {
      for (int b = 0; b < batch; b++) {
        shown.put((b * length + start) * v, from, (i * batch + b) * n, n);
      }
      values[i] = MetricValues.of(pair.metric(), scratch, "a patched run");
    }
    shown.put(0, logits, 0, logits.length);
    return values;
  }

  /** The metric of every copy; rows are in order. */
  double[] of(ChangedRows all, int copies) {
    ChangedRows changed = read(all);
    int v = config.dVocabOut();
    FloatBuffer shown = FlatFloats.own(scratch);
    double[] values = new double[copies];
    float[] rows = new float[0];
    int rowsFrom = 0;
    int next = 0;
    for (int i = 0; i < copies; i++) {
      int first = next;
      int start = i * batch * length;
      for (; next < changed.count() && changed.row(next) < start + batch * length; next++) {
        if (next == rowsFrom + rows.length / v) {
          rowsFrom = next;
          rows = unembedded(changed, next, Math.min(changed.count() - next, window));
        }
        shown.put((changed.row(next) - start) * v, rows, (next - rowsFrom) * v, v);
      }
      values[i] = MetricValues.of(pair.metric(), scratch, "a patched run");
      for (int r = first; r < next; r++) {
        int at = (changed.row(r) - start) * v;
        shown.put(at, logits, at, v);
      }
    }
    return values;
  }

  private float[] unembedded(ChangedRows changed, int from, int n) {
    int d = config.dModel();
    float[] rows = Arrays.copyOfRange(changed.values(), from * d, (from + n) * d);
    return RowRuns.run(unembedding, config, rows, n, Hooks.none());
  }

  private ChangedRows read(ChangedRows all) {
    ChangedRows read = new ChangedRows(config.dModel());
    for (int i = 0; i < all.count(); i++) {
      if (pair.metric().reads(all.row(i) % length, length)) {
        read.add(all.row(i), all.values(), i * config.dModel());
      }
    }
    return read;
  }
}
