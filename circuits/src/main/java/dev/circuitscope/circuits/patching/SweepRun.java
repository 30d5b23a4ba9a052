package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Layers;
import dev.circuitscope.core.model.PartRun;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The patches of one sweep. Each layer's start from the residual stream of the unpatched run before
 * it. From z on, a layer does to each position the same whatever the others are; so patches there
 * run the layer on the positions that they change, and on no others.
 */
final class SweepRun implements AutoCloseable {

  /** Positions that run at a time. */
  private static final int ROWS = 4096;

  private final Transformer model;
  private final TransformerConfig config;
  private final PatchPlan plan;
  private final PatchPair pair;
  private final double strength;
  private final Run base;
  private final Run source;
  private final PatchReadout readout;

  SweepRun(PatchPair pair, PatchDirection direction, double strength, PatchPlan plan) {
    this.pair = pair;
    this.model = pair.model();
    this.config = model.config();
    this.plan = plan;
    this.strength = strength;
    Capture starts =
        Capture.matching(
            p ->
                p.site() == Site.RESID_PRE
                    || p.site() == Site.RESID_POST
                    || p.site() == Site.Z && byRows(plan.site()));
    this.base = model.runWithCache(pair.base(direction), starts, Hooks.none());
    this.source =
        model.runWithCache(
            pair.source(direction), Capture.matching(p -> p.site() == plan.site()), Hooks.none());
    this.readout =
        new PatchReadout(
            pair, base.logits(), base.cache().get(HookPoint.residPost(config.nLayers() - 1)));
  }

  /** Whether a site comes after z. */
  private static boolean byRows(Site site) {
    return switch (site) {
      case Z, RESULT, ATTN_OUT, RESID_MID, LN2_SCALE, LN2_NORMALIZED -> true;
      case MLP_PRE, MLP_PRE_LINEAR, MLP_MID, MLP_POST, MLP_OUT, RESID_POST -> true;
      case MLP_LN_SCALE, MLP_LN_NORMALIZED -> true;
      default -> false;
    };
  }

  /** The metric of every patch, in the plan's order. */
  double[] values() {
    List<PatchPlan.Patch> patches = plan.patches();
    double[] values = new double[patches.size()];
    int chunk = Math.max(1, ROWS / (pair.batch() * pair.length()));
    for (int layer = -1; layer < config.nLayers(); layer++) {
      List<Integer> here = new ArrayList<>();
      for (int i = 0; i < patches.size(); i++) {
        if (patches.get(i).layer() == layer) {
          here.add(i);
        }
      }
      for (int from = 0; from < here.size(); from += chunk) {
        List<Integer> some = here.subList(from, Math.min(here.size(), from + chunk));
        List<PatchRegion> regions = some.stream().map(i -> patches.get(i).region()).toList();
        double[] measured = measure(layer, regions);
        for (int i = 0; i < measured.length; i++) {
          values[some.get(i)] = measured[i];
        }
      }
    }
    return values;
  }

  private double[] measure(int layer, List<PatchRegion> regions) {
    if (layer < 0) {
      Hooks hooks = Hooks.none();
      for (int l = 0; l < config.nLayers(); l++) {
        hooks = hooks.and(hooks(l, regions));
      }
      return after(tiled(HookPoint.residPre(0), regions.size()), 0, hooks, regions.size());
    }
    if (!byRows(plan.site())) {
      INDArray start = tiled(HookPoint.residPre(layer), regions.size());
      return after(start, layer, hooks(layer, regions), regions.size());
    }
    ChangedRows changed = rowsAfter(layer, regions);
    if (layer == config.nLayers() - 1) {
      return readout.of(changed, regions.size());
    }
    INDArray resid = tiled(HookPoint.residPost(layer), regions.size());
    int d = config.dModel();
    FloatBuffer stream = FlatFloats.own(resid);
    for (int i = 0; i < changed.count(); i++) {
      stream.put(changed.row(i) * d, changed.values(), i * d, d);
    }
    return after(resid, layer + 1, Hooks.none(), regions.size());
  }

  private Hooks hooks(int layer, List<PatchRegion> regions) {
    HookPoint point = new HookPoint(plan.site(), layer);
    INDArray values = source.cache().get(point);
    return Hooks.at(point, new BatchPatch(regions, FlatFloats.own(values), strength));
  }

  /** The metric of every copy, from the residual stream before a layer on. */
  private double[] after(INDArray resid, int layer, Hooks hooks, int copies) {
    try (PartRun end =
        model
            .part(Layers.between(layer, config.nLayers()))
            .runWithCache(resid, Capture.nothing(), hooks)) {
      return readout.of(readout.changed(end.output()), copies);
    }
  }

  /** Where patches of a site after z change the residual stream after the layer. */
  private ChangedRows rowsAfter(int layer, List<PatchRegion> regions) {
    int length = pair.length();
    int d = config.dModel();
    List<int[]> rows = new ArrayList<>();
    for (int i = 0; i < regions.size(); i++) {
      int first = regions.get(i).index(PatchAxis.POS).orElse(0);
      int end = regions.get(i).index(PatchAxis.POS).isPresent() ? first + 1 : length;
      for (int b = 0; b < pair.batch(); b++) {
        for (int t = first; t < end; t++) {
          rows.add(new int[] {i, b, t});
        }
      }
    }
    HookPoint z = HookPoint.z(layer);
    RowRuns.Layout layout = RowRuns.Layout.of(config, rows.size());
    float[] resid = gather(base, HookPoint.residPre(layer), rows);
    float[] mixed = gather(base, z, rows);
    float[] padded = RowRuns.padded(mixed, rows.size(), mixed.length / rows.size(), layout);
    Hook force =
        (activation, at) -> {
          FlatFloats.own(activation).put(0, padded, 0, padded.length);
          return activation;
        };
    HookPoint point = new HookPoint(plan.site(), layer);
    RowPatch patch =
        new RowPatch(rows, regions, FlatFloats.own(source.cache().get(point)), length, strength);
    float[] out =
        RowRuns.run(
            model.part(Layers.between(layer, layer + 1)),
            config,
            resid,
            rows.size(),
            Hooks.at(z, force).and(Hooks.at(point, patch)));
    ChangedRows changed = new ChangedRows(d);
    for (int r = 0; r < rows.size(); r++) {
      int[] at = rows.get(r);
      changed.add((at[0] * pair.batch() + at[1]) * length + at[2], out, r * d);
    }
    return changed;
  }

  /** Rows [example, position] of a run's activation. */
  private float[] gather(Run run, HookPoint point, List<int[]> rows) {
    INDArray array = run.cache().get(point);
    int width = Math.toIntExact(array.length() / array.size(0) / array.size(1));
    FloatBuffer elements = FlatFloats.own(array);
    float[] gathered = new float[rows.size() * width];
    for (int r = 0; r < rows.size(); r++) {
      int from = (rows.get(r)[1] * pair.length() + rows.get(r)[2]) * width;
      elements.get(from, gathered, r * width, width);
    }
    return gathered;
  }

  /** Copies of the unpatched residual stream, one after the other. */
  private INDArray tiled(HookPoint point, int copies) {
    float[] one = FlatFloats.copy(base.cache().get(point));
    float[] all = Arrays.copyOf(one, one.length * copies);
    for (int i = 1; i < copies; i++) {
      System.arraycopy(one, 0, all, i * one.length, one.length);
    }
    return Nd4j.createFromArray(all)
        .reshape('c', (long) copies * pair.batch(), pair.length(), config.dModel());
  }

  @Override
  public void close() {
    base.close();
    source.close();
  }
}
