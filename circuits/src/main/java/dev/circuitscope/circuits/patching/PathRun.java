package dev.circuitscope.circuits.patching;

import dev.circuitscope.circuits.algebra.Composition;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Layers;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The runs behind path patching: each receiver computed anew from the stream before its layer, and
 * many paths that end in one layer in one run, a copy of the batch for each.
 */
final class PathRun {

  /** Positions that run at a time; the inputs of heads are as many streams as there are heads. */
  private static final int ROWS = 1024;

  private final Transformer model;
  private final TransformerConfig config;
  private final PatchPair pair;
  private final boolean frozen;
  private final Run base;
  private final Run source;
  private final INDArray end;
  private final PatchReadout readout;
  private final double baseValue;
  private final double sourceValue;
  private final Map<Sender, float[]> changes = new HashMap<>();

  /** On both runs, which stay the caller's to close. */
  PathRun(PathPatching patching, Run base, Run source) {
    this.pair = patching.pair();
    this.model = pair.model();
    this.config = model.config();
    this.frozen = patching.frozen();
    this.base = base;
    this.source = source;
    this.end = model.part(Layers.upTo(config.nLayers())).run(pair.base(patching.direction()));
    this.readout = new PatchReadout(pair, base.logits(), end);
    this.baseValue = MetricValues.of(pair.metric(), base.logits(), "the run that is changed");
    this.sourceValue =
        MetricValues.of(pair.metric(), source.logits(), "the run that values come from");
  }

  /** The run that is changed. */
  static Run base(PathPatching patching) {
    PatchPair pair = patching.pair();
    return pair.model()
        .runWithCache(pair.base(patching.direction()), kept(patching.frozen()), Hooks.none());
  }

  /** The run that values come from; with frozen patterns, those of the run that is changed. */
  static Run source(PathPatching patching, Run base) {
    PatchPair pair = patching.pair();
    int frozen = patching.frozen() ? pair.model().config().nLayers() : 0;
    return pair.model()
        .runWithCache(
            pair.source(patching.direction()),
            kept(patching.frozen()),
            patterns(base, 0, frozen, 1));
  }

  private static Capture kept(boolean patterns) {
    return Capture.matching(
        point ->
            switch (point.site()) {
              case EMBED, RESULT, MLP_OUT, RESID_PRE -> true;
              case PATTERN -> patterns;
              default -> false;
            });
  }

  double base() {
    return baseValue;
  }

  double source() {
    return sourceValue;
  }

  /** The metric with each path patched. */
  double[] values(List<PatchedPath> paths) {
    Map<Integer, List<Integer>> byLayer = new TreeMap<>();
    for (int i = 0; i < paths.size(); i++) {
      int layer = layer(last(paths.get(i)));
      byLayer.computeIfAbsent(layer, l -> new ArrayList<>()).add(i);
    }
    int chunk = Math.max(1, ROWS / (pair.batch() * pair.length()));
    double[] values = new double[paths.size()];
    byLayer.forEach(
        (layer, all) -> {
          for (int from = 0; from < all.size(); from += chunk) {
            List<Integer> some = all.subList(from, Math.min(all.size(), from + chunk));
            double[] measured = measure(layer, some.stream().map(paths::get).toList());
            for (int i = 0; i < measured.length; i++) {
              values[some.get(i)] = measured[i];
            }
          }
        });
    return values;
  }

  private static Receiver last(PatchedPath path) {
    return path.through().get(path.through().size() - 1);
  }

  /** The layer that a receiver is in; the number of layers for the logits. */
  private int layer(Receiver receiver) {
    return receiver instanceof Receiver.OfHead of
        ? of.head().layer()
        : receiver instanceof Receiver.OfMlp mlp ? mlp.layer() : config.nLayers();
  }

  /** What the last receiver reads otherwise; if it is an MLP, what it writes otherwise. */
  private float[] change(PatchedPath path) {
    float[] change = changes.computeIfAbsent(path.from(), this::change);
    Receiver last = last(path);
    for (Receiver receiver : path.through()) {
      if (receiver != last || receiver instanceof Receiver.OfMlp) {
        change = through(receiver, change);
      }
    }
    return change;
  }

  /** The metric of every path, all of which end in one layer. */
  private double[] measure(int layer, List<PatchedPath> paths) {
    boolean atEnd = layer == config.nLayers();
    INDArray start = tiled(atEnd ? end : resid(layer), paths.size());
    Hooks hooks = patterns(layer, config.nLayers(), paths.size());
    for (int i = 0; i < paths.size(); i++) {
      Receiver last = last(paths.get(i));
      float[] change = change(paths.get(i));
      if (atEnd) {
        add(FlatFloats.own(start), change, i, 0, 1);
      } else if (last instanceof Receiver.OfMlp) {
        hooks = hooks.and(Hooks.at(HookPoint.mlpOut(layer), adding(change, i, 0, 1)));
      } else {
        hooks = hooks.and(reading(last, change, i));
      }
    }
    if (atEnd) {
      return readout.of(readout.changed(start), paths.size());
    }
    try (Run run =
        model
            .part(Layers.between(layer, config.nLayers()))
            .runWithCache(start, Capture.nothing(), hooks)) {
      return readout.of(readout.changed(run.output()), paths.size());
    }
  }

  /** sender' - sender, [batch, pos, d_model]. */
  private float[] change(Sender sender) {
    float[] from = output(sender, base.cache().get(sender.point()));
    float[] to = output(sender, source.cache().get(sender.point()));
    return FlatFloats.difference(to, from);
  }

  /** What the receiver's owner writes otherwise when it reads a change. */
  private float[] through(Receiver receiver, float[] change) {
    Sender owner = PatchedPath.owner(receiver).orElseThrow();
    HookPoint point = owner.point();
    int layer = point.layer();
    try (Run run =
        model
            .part(Layers.between(layer, layer + 1))
            .runWithCache(
                resid(layer),
                Capture.only(point),
                reading(receiver, change, 0).and(patterns(layer, layer + 1, 1)))) {
      float[] to = output(owner, run.cache().get(point));
      return FlatFloats.difference(to, output(owner, base.cache().get(point)));
    }
  }

  /** Adds a change to what a receiver reads in a copy of the batch. */
  private Hooks reading(Receiver receiver, float[] change, int copy) {
    if (receiver instanceof Receiver.OfMlp mlp) {
      boolean parallel = config.mlp().orElseThrow().parallel();
      Site read = parallel ? Site.RESID_PRE : Site.RESID_MID;
      return Hooks.at(new HookPoint(read, mlp.layer()), adding(change, copy, 0, 1));
    }
    Receiver.OfHead of = (Receiver.OfHead) receiver;
    boolean query = of.input() == Composition.Q;
    int heads = query ? config.nHeads() : config.attention().keyValueHeads();
    int head = query ? of.head().head() : of.head().head() / config.attention().group();
    return Hooks.at(
        new HookPoint(site(of.input()), of.head().layer()), adding(change, copy, head, heads));
  }

  private static Site site(Composition input) {
    return switch (input) {
      case Q -> Site.Q_INPUT;
      case K -> Site.K_INPUT;
      case V -> Site.V_INPUT;
    };
  }

  /** Forces patterns of some layers to those of the run that is changed, if they are frozen. */
  private Hooks patterns(int layer, int stop, int copies) {
    return patterns(base, layer, frozen ? stop : layer, copies);
  }

  private static Hooks patterns(Run base, int layer, int stop, int copies) {
    Hooks hooks = Hooks.none();
    for (int l = layer; l < stop; l++) {
      float[] pattern = FlatFloats.copy(base.cache().get(HookPoint.pattern(l)));
      Hook force =
          (activation, at) -> {
            for (int i = 0; i < copies; i++) {
              FlatFloats.own(activation).put(i * pattern.length, pattern, 0, pattern.length);
            }
            return activation;
          };
      hooks = hooks.and(Hooks.at(HookPoint.pattern(l), force));
    }
    return hooks;
  }

  private Hook adding(float[] change, int copy, int head, int heads) {
    return (activation, at) -> {
      add(FlatFloats.own(activation), change, copy, head, heads);
      return activation;
    };
  }

  /** Adds [rows, d_model] to one head of one copy of [rows, heads, d_model]. */
  private void add(FloatBuffer to, float[] change, int copy, int head, int heads) {
    int d = config.dModel();
    int rows = change.length / d;
    for (int row = 0; row < rows; row++) {
      int at = ((copy * rows + row) * heads + head) * d;
      for (int i = 0; i < d; i++) {
        to.put(at + i, to.get(at + i) + change[row * d + i]);
      }
    }
  }

  private INDArray resid(int layer) {
    return base.cache().get(HookPoint.residPre(layer));
  }

  private INDArray tiled(INDArray stream, int copies) {
    return FlatFloats.array(
        FlatFloats.tiled(FlatFloats.copy(stream), copies),
        copies * stream.size(0),
        stream.size(1),
        config.dModel());
  }

  /** A sender's part of an activation, [batch, pos, d_model]. */
  private float[] output(Sender sender, INDArray activation) {
    if (!(sender instanceof Sender.OfHead of)) {
      return FlatFloats.copy(activation);
    }
    int rows = (int) (activation.size(0) * activation.size(1));
    return FlatFloats.slot(
        FlatFloats.own(activation), rows, of.head().head(), config.nHeads(), config.dModel());
  }
}
