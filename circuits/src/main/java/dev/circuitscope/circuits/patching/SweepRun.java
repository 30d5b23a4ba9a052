package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.AttentionDirection;
import dev.circuitscope.core.model.KeyValueCache;
import dev.circuitscope.core.model.Layers;
import dev.circuitscope.core.model.ModelPart;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.nio.FloatBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The patches of one sweep, many in one run. What no patch of a run changes is that of the
 * unpatched run: the layers before the patched one, and in a causal model all positions before the
 * first patched one.
 */
final class SweepRun {

  /** Positions of all copies of the batch, counted whole, that run at a time. */
  static final int ROWS = 4096;

  private static final List<Site> VECTORS = List.of(Site.Q, Site.K, Site.V);

  private final Transformer model;
  private final TransformerConfig config;
  private final PatchPlan plan;
  private final PatchPair pair;
  private final double strength;
  private final Run base;
  private final Run source;
  private final Optional<KeyValueCache> past;
  private final PatchReadout readout;
  private final double[] values;
  private final int rowsAtATime;

  /** The cache of the unpatched run, several times over; what it holds of later layers is stale. */
  private KeyValueCache pasts;

  private SweepRun(
      PatchPair pair,
      PatchPlan plan,
      double strength,
      Run base,
      Run source,
      Optional<KeyValueCache> past,
      int rowsAtATime) {
    this.pair = pair;
    this.model = pair.model();
    this.config = model.config();
    this.plan = plan;
    this.strength = strength;
    this.base = base;
    this.source = source;
    this.past = past;
    this.rowsAtATime = rowsAtATime;
    this.readout =
        new PatchReadout(
            pair,
            base.logits(),
            base.cache().get(HookPoint.residPost(config.nLayers() - 1)),
            rowsAtATime);
    this.values = new double[plan.patches().size()];
  }

  /** The metric of every patch, in the plan's order; as many at a time as are some rows. */
  static double[] values(
      PatchPair pair, PatchDirection direction, double strength, PatchPlan plan, int rowsAtATime) {
    Transformer model = pair.model();
    int[][] tokens = pair.base(direction);
    Capture starts = Capture.matching(p -> startsRuns(p.site(), plan.site()));
    Capture patched = Capture.matching(p -> p.site() == plan.site());
    Optional<KeyValueCache> past = past(pair, plan);
    try (Run base =
            past.isPresent()
                ? model.after(past.get()).runWithCache(tokens, starts, Hooks.none())
                : model.runWithCache(tokens, starts, Hooks.none());
        Run source = model.runWithCache(pair.source(direction), patched, Hooks.none())) {
      return new SweepRun(pair, plan, strength, base, source, past, rowsAtATime).values();
    }
  }

  private static boolean startsRuns(Site site, Site patched) {
    return site == Site.RESID_PRE
        || site == Site.RESID_POST
        || PatchedRows.have(patched) && (site == Site.Z || VECTORS.contains(site));
  }

  /** Where to keep keys and values, if there are patches that leave some positions alone. */
  private static Optional<KeyValueCache> past(PatchPair pair, PatchPlan plan) {
    TransformerConfig config = pair.model().config();
    return config.attention().direction() == AttentionDirection.CAUSAL
            && plan.axes().contains(PatchAxis.POS)
        ? Optional.of(KeyValueCache.create(config, pair.batch(), pair.length()))
        : Optional.empty();
  }

  private double[] values() {
    Comparator<Integer> lastFirst = Comparator.comparingInt(i -> -start(i));
    for (int layer = -1; layer < config.nLayers(); layer++) {
      int here = layer;
      List<Integer> patches =
          IntStream.range(0, values.length)
              .filter(i -> plan.patches().get(i).layer() == here)
              .boxed()
              .sorted(lastFirst)
              .toList();
      pasts = null;
      if (here >= 0 && PatchedRows.have(plan.site())) {
        int rows = PatchedRows.ofEach(plan, pair);
        inParts(patches.size(), rows, (i, j) -> afterRows(here, patches.subList(i, j)));
      } else {
        int rows = pair.batch() * pair.length();
        inParts(patches.size(), rows, (i, j) -> inLayer(here, patches.subList(i, j)));
      }
    }
    return values;
  }

  /** Patches that their layer, or all layers if it is -1, makes while it runs. */
  private void inLayer(int layer, List<Integer> patches) {
    int first = Math.max(0, layer);
    int start = start(patches);
    Hooks hooks = Hooks.none();
    for (int l = first; l < (layer < 0 ? config.nLayers() : layer + 1); l++) {
      HookPoint point = new HookPoint(plan.site(), l);
      FloatBuffer from = FlatFloats.own(source.cache().get(point));
      hooks = hooks.and(Hooks.at(point, new BatchPatch(regions(patches), from, start, strength)));
    }
    INDArray stream = tiled(HookPoint.residPre(first), patches.size(), start);
    runOn(first, stream, start, hooks, patches);
  }

  /** Patches after z: the layer runs on the positions that they change, later layers on more. */
  private void afterRows(int layer, List<Integer> patches) {
    HookPoint point = new HookPoint(plan.site(), layer);
    PatchedRows rows = new PatchedRows(pair, base, source.cache().get(point), strength);
    ChangedRows changed = rows.after(point, regions(patches));
    if (layer == config.nLayers() - 1) {
      put(patches, readout.of(changed, patches.size()));
      return;
    }
    Map<HookPoint, float[]> vectors = vectors(layer + 1, changed);
    int each = changed.count() / patches.size();
    int rowsOfCopy = pair.batch() * pair.length();
    inParts(
        patches.size(),
        rowsOfCopy,
        (from, to) -> {
          List<Integer> some = patches.subList(from, to);
          Copies copies = new Copies(pair.batch(), pair.length(), from * rowsOfCopy, start(some));
          INDArray stream = tiled(HookPoint.residPost(layer), some.size(), copies.start());
          Hooks hooks = Hooks.none();
          for (HookPoint at : vectors.keySet()) {
            FloatBuffer unpatched = FlatFloats.own(base.cache().get(at));
            Hook given =
                new GivenVectors(
                    unpatched, vectors.get(at), changed, from * each, to * each, copies);
            hooks = hooks.and(Hooks.at(at, given));
          }
          put(changed, from * each, to * each, stream, copies);
          runOn(layer + 1, stream, copies.start(), hooks, some);
        });
  }

  private void put(ChangedRows changed, int from, int to, INDArray stream, Copies copies) {
    FloatBuffer elements = FlatFloats.own(stream);
    int d = config.dModel();
    for (int r = from; r < to; r++) {
      elements.put(copies.place(changed.row(r)) * d, changed.values(), r * d, d);
    }
  }

  /**
   * Queries, keys and values of the rows that are changed before a layer, which are all that are
   * changed there. Those of a shortformer depend on the position, and rows have none.
   */
  private Map<HookPoint, float[]> vectors(int layer, ChangedRows changed) {
    Positions positions = config.positions();
    if (positions == Positions.SHORTFORMER || positions == Positions.SINUSOIDAL_SHORTFORMER) {
      return Map.of();
    }
    HookPoint[] points =
        VECTORS.stream().map(site -> new HookPoint(site, layer)).toArray(HookPoint[]::new);
    ModelPart part = model.part(Layers.between(layer, layer + 1));
    return RowRuns.activations(part, config, changed.values(), changed.count(), points);
  }

  /** Goes on from the residual stream before a layer, and from a position. */
  private void runOn(int layer, INDArray stream, int start, Hooks hooks, List<Integer> patches) {
    boolean toLogits = readout.readsMost(patches.size(), start);
    ModelPart rest =
        model.part(toLogits ? Layers.from(layer) : Layers.between(layer, config.nLayers()));
    if (start > 0) {
      rest = rest.after(pasts(patches.size(), start));
    }
    try (Run end = rest.runWithCache(stream, Capture.nothing(), hooks)) {
      put(
          patches,
          toLogits
              ? readout.of(end.logits(), start)
              : readout.of(readout.changed(end.output(), start), patches.size()));
    }
  }

  /** The keys and values of the unpatched run up to a position; positions come in falling order. */
  private KeyValueCache pasts(int copies, int start) {
    if (pasts == null || pasts.batch() != copies * pair.batch()) {
      pasts = past.orElseThrow().repeat(copies);
    }
    pasts.truncate(start);
    return pasts;
  }

  /** Copies of the unpatched residual stream from a position on, one after the other. */
  private INDArray tiled(HookPoint point, int copies, int start) {
    float[] one = FlatFloats.copy(base.cache().get(point));
    int d = config.dModel();
    int n = (pair.length() - start) * d;
    float[] all = new float[copies * pair.batch() * n];
    for (int i = 0; i < copies * pair.batch(); i++) {
      int from = (i % pair.batch() * pair.length() + start) * d;
      System.arraycopy(one, from, all, i * n, n);
    }
    return FlatFloats.array(all, (long) copies * pair.batch(), pair.length() - start, d);
  }

  /** The first position that a patch changes. */
  private int start(int patch) {
    return past.isPresent() ? plan.patches().get(patch).region().index(PatchAxis.POS).orElse(0) : 0;
  }

  /** The first position that some patches change, which are ordered by it. */
  private int start(List<Integer> patches) {
    return start(patches.get(patches.size() - 1));
  }

  private List<PatchRegion> regions(List<Integer> patches) {
    return patches.stream().map(i -> plan.patches().get(i).region()).toList();
  }

  private void put(List<Integer> patches, double[] measured) {
    for (int i = 0; i < measured.length; i++) {
      values[patches.get(i)] = measured[i];
    }
  }

  /** As many patches at a time as are some number of rows each. */
  private void inParts(int patches, int rows, Part body) {
    int most = Math.max(1, rowsAtATime / rows);
    for (int from = 0; from < patches; from += most) {
      body.accept(from, Math.min(patches, from + most));
    }
  }

  /** What to do with patches {@code from} to {@code to - 1}. */
  private interface Part {
    void accept(int from, int to);
  }
}
