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
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The runs behind path patching: each receiver computed anew from the stream before its layer. */
final class PathRun implements AutoCloseable {

  private static final Capture OUTPUTS =
      Capture.matching(
          p ->
              switch (p.site()) {
                case EMBED, RESULT, MLP_OUT, RESID_PRE, RESID_MID, RESID_POST -> true;
                default -> false;
              });

  private final Transformer model;
  private final TransformerConfig config;
  private final Metric metric;
  private final Run base;
  private final Run source;
  private final Hooks patterns;
  private final double baseValue;
  private final double sourceValue;
  private final Map<PathSender, float[]> changes = new HashMap<>();

  PathRun(PathPatching patching) {
    PatchPair pair = patching.pair();
    this.model = pair.model();
    this.config = model.config();
    this.metric = pair.metric();
    int[][] tokens = pair.base(patching.direction());
    this.patterns = patching.frozen() ? Ablation.patterns(model, tokens) : Hooks.none();
    this.base = model.runWithCache(tokens, OUTPUTS, Hooks.none());
    this.source = model.runWithCache(pair.source(patching.direction()), OUTPUTS, patterns);
    this.baseValue = MetricValues.of(metric, base.logits(), "the run that is changed");
    this.sourceValue = MetricValues.of(metric, source.logits(), "the run that values come from");
  }

  double base() {
    return baseValue;
  }

  double source() {
    return sourceValue;
  }

  /** The metric with a path patched. */
  double value(PatchedPath path) {
    float[] change = changes.computeIfAbsent(path.from(), this::change);
    int last = path.through().size() - 1;
    for (PathReceiver receiver : path.through().subList(0, last)) {
      change = through(receiver, change);
    }
    return after(path.through().get(last), change);
  }

  /** sender' - sender, [batch, pos, d_model]. */
  private float[] change(PathSender sender) {
    float[] from = output(sender, base.cache().get(sender.point()));
    float[] to = output(sender, source.cache().get(sender.point()));
    return difference(to, from);
  }

  /** What the receiver's owner writes otherwise when it reads a change. */
  private float[] through(PathReceiver receiver, float[] change) {
    PathSender owner = receiver.writes().orElseThrow();
    HookPoint point = owner.point();
    int layer = point.layer();
    try (PartRun run =
        model
            .part(Layers.between(layer, layer + 1))
            .runWithCache(
                base.cache().get(HookPoint.residPre(layer)),
                Capture.only(point),
                reading(receiver, change).and(patternsFrom(layer, layer + 1)))) {
      float[] to = output(owner, run.cache().get(point));
      return difference(to, output(owner, base.cache().get(point)));
    }
  }

  /** The metric when a receiver reads a change and the model runs on from there. */
  private double after(PathReceiver receiver, float[] change) {
    int layers = config.nLayers();
    if (receiver instanceof PathReceiver.Logits) {
      INDArray end =
          base.cache()
              .get(layers == 0 ? HookPoint.EMBED : HookPoint.residPost(layers - 1))
              .dup('c');
      add(FlatFloats.own(end), change, 0, 1, config.dModel());
      return measure(layers, end, Hooks.none());
    }
    if (receiver instanceof PathReceiver.OfMlp mlp) {
      HookPoint point = HookPoint.mlpOut(mlp.layer());
      float[] written = through(receiver, change);
      return measure(
          mlp.layer(),
          base.cache().get(HookPoint.residPre(mlp.layer())),
          Hooks.at(point, adding(written, 0, 1)).and(patternsFrom(mlp.layer(), layers)));
    }
    int layer = ((PathReceiver.OfHead) receiver).head().layer();
    return measure(
        layer,
        base.cache().get(HookPoint.residPre(layer)),
        reading(receiver, change).and(patternsFrom(layer, layers)));
  }

  private double measure(int layer, INDArray resid, Hooks hooks) {
    try (PartRun run =
        model.part(Layers.from(layer)).runWithCache(resid, Capture.nothing(), hooks)) {
      return MetricValues.of(metric, run.output(), "a patched run");
    }
  }

  /** Adds a change to what a receiver reads. */
  private Hooks reading(PathReceiver receiver, float[] change) {
    if (receiver instanceof PathReceiver.OfMlp mlp) {
      boolean parallel = config.mlp().orElseThrow().parallel();
      Site read = parallel ? Site.RESID_PRE : Site.RESID_MID;
      return Hooks.at(new HookPoint(read, mlp.layer()), adding(change, 0, 1));
    }
    PathReceiver.OfHead of = (PathReceiver.OfHead) receiver;
    boolean query = of.input() == Site.Q_INPUT;
    int heads = query ? config.nHeads() : config.attention().keyValueHeads();
    int head = query ? of.head().head() : of.head().head() / config.attention().group();
    return Hooks.at(of.point(), adding(change, head, heads));
  }

  private Hooks patternsFrom(int layer, int end) {
    Hooks hooks = Hooks.none();
    for (int l = layer; l < end; l++) {
      for (Hook hook : patterns.of(HookPoint.pattern(l))) {
        hooks = hooks.and(Hooks.at(HookPoint.pattern(l), hook));
      }
    }
    return hooks;
  }

  private Hook adding(float[] change, int head, int heads) {
    return (activation, at) -> {
      add(FlatFloats.own(activation), change, head, heads, config.dModel());
      return activation;
    };
  }

  /** Adds [rows, d] to one head of [rows, heads, d]. */
  private static void add(FloatBuffer to, float[] change, int head, int heads, int d) {
    for (int row = 0; row < change.length / d; row++) {
      int at = (row * heads + head) * d;
      for (int i = 0; i < d; i++) {
        to.put(at + i, to.get(at + i) + change[row * d + i]);
      }
    }
  }

  /** A sender's part of an activation, [batch, pos, d_model]. */
  private float[] output(PathSender sender, INDArray activation) {
    float[] all = FlatFloats.copy(activation);
    if (!(sender instanceof PathSender.OfHead of)) {
      return all;
    }
    int d = config.dModel();
    float[] one = new float[all.length / config.nHeads()];
    for (int row = 0; row < one.length / d; row++) {
      int from = (row * config.nHeads() + of.head().head()) * d;
      System.arraycopy(all, from, one, row * d, d);
    }
    return one;
  }

  private static float[] difference(float[] to, float[] from) {
    float[] difference = new float[to.length];
    for (int i = 0; i < to.length; i++) {
      difference[i] = to[i] - from[i];
    }
    return difference;
  }

  @Override
  public void close() {
    base.close();
    source.close();
  }
}
