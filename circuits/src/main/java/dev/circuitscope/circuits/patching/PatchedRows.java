package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Layers;
import dev.circuitscope.core.model.ModelPart;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.TransformerConfig;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Patches of a site after z. From there on a layer does to each position the same whatever the
 * others are; so it runs on the positions that patches change, and on no others, with z as it was.
 */
final class PatchedRows {

  private final PatchPair pair;
  private final TransformerConfig config;
  private final Run base;
  private final INDArray source;
  private final double strength;

  /** {@code base} has z and resid_pre; {@code source} is the other run's activation. */
  PatchedRows(PatchPair pair, Run base, INDArray source, double strength) {
    this.pair = pair;
    this.config = pair.model().config();
    this.base = base;
    this.source = source;
    this.strength = strength;
  }

  /** Whether a site comes after z. */
  static boolean have(Site site) {
    return switch (site) {
      case Z, RESULT, ATTN_OUT, RESID_MID, LN2_SCALE, LN2_NORMALIZED -> true;
      case MLP_PRE, MLP_PRE_LINEAR, MLP_MID, MLP_POST, MLP_OUT, RESID_POST -> true;
      case MLP_LN_SCALE, MLP_LN_NORMALIZED -> true;
      default -> false;
    };
  }

  /** How many rows each patch of a plan changes. */
  static int ofEach(PatchPlan plan, PatchPair pair) {
    return plan.axes().contains(PatchAxis.POS) ? pair.batch() : pair.batch() * pair.length();
  }

  /** The residual stream after the layer where patches of it change it, patch after patch. */
  ChangedRows after(HookPoint point, List<PatchRegion> regions) {
    List<int[]> rows = rows(regions);
    HookPoint z = HookPoint.z(point.layer());
    RowRuns.Layout layout = RowRuns.Layout.of(config, rows.size());
    float[] resid = gather(HookPoint.residPre(point.layer()), rows);
    float[] mixed = gather(z, rows);
    float[] padded = RowRuns.padded(mixed, rows.size(), mixed.length / rows.size(), layout);
    RowPatch patch = new RowPatch(rows, regions, FlatFloats.own(source), pair.length(), strength);
    ModelPart layer = pair.model().part(Layers.between(point.layer(), point.layer() + 1));
    Hooks hooks =
        attentionLeftOut(point.layer(), layout)
            .and(Hooks.at(z, new Filled(padded)))
            .and(Hooks.at(point, patch));
    float[] out = RowRuns.run(layer, config, resid, rows.size(), hooks);
    ChangedRows changed = new ChangedRows(config.dModel());
    for (int r = 0; r < rows.size(); r++) {
      int[] at = rows.get(r);
      int row = (at[0] * pair.batch() + at[1]) * pair.length() + at[2];
      changed.add(row, out, r * config.dModel());
    }
    return changed;
  }

  /** Nothing needs the queries, keys and values, since z is known. */
  private Hooks attentionLeftOut(int layer, RowRuns.Layout layout) {
    int d = config.dHead();
    Hook queries = new Filled(new float[layout.rows() * config.nHeads() * d]);
    Hook others = new Filled(new float[layout.rows() * config.attention().keyValueHeads() * d]);
    return Hooks.at(HookPoint.q(layer), queries)
        .and(Hooks.at(HookPoint.k(layer), others))
        .and(Hooks.at(HookPoint.v(layer), others));
  }

  /** Values that are known before the run. */
  private record Filled(float[] values) implements Hook {

    @Override
    public INDArray forward(INDArray activation, HookPoint at) {
      FlatFloats.own(activation).put(0, values, 0, values.length);
      return activation;
    }

    @Override
    public boolean overwrites() {
      return true;
    }
  }

  /** [patch, example, position] of every row. */
  private List<int[]> rows(List<PatchRegion> regions) {
    List<int[]> rows = new ArrayList<>();
    for (int i = 0; i < regions.size(); i++) {
      int first = regions.get(i).index(PatchAxis.POS).orElse(0);
      int end = regions.get(i).index(PatchAxis.POS).isPresent() ? first + 1 : pair.length();
      for (int b = 0; b < pair.batch(); b++) {
        for (int t = first; t < end; t++) {
          rows.add(new int[] {i, b, t});
        }
      }
    }
    return rows;
  }

  /** Rows of an activation of the unpatched run. */
  private float[] gather(HookPoint point, List<int[]> rows) {
    INDArray array = base.cache().get(point);
    int width = Math.toIntExact(array.length() / array.size(0) / array.size(1));
    FloatBuffer elements = FlatFloats.own(array);
    float[] gathered = new float[rows.size() * width];
    for (int r = 0; r < rows.size(); r++) {
      int from = (rows.get(r)[1] * pair.length() + rows.get(r)[2]) * width;
      elements.get(from, gathered, r * width, width);
    }
    return gathered;
  }
}
