package dev.circuitscope.examples.compare;

import dev.circuitscope.core.hook.ActivationCache;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.GradientRun;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.processing.WeightProcessing;
import dev.circuitscope.examples.compare.TensorGroup.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What the engine computes for a golden file, under the names that the file uses. */
final class EngineTensors {

  /** An agreement and the kind of its tensor. */
  record Compared(Kind kind, Agreement agreement) {}

  private static final Set<Site> OF_LN1 = Set.of(Site.LN1_SCALE, Site.LN1_NORMALIZED);
  private static final Set<Site> SPLIT = Set.of(Site.Q_INPUT, Site.K_INPUT, Site.V_INPUT);

  private final GoldenFile golden;
  private final Transformer model;
  private final int[][] tokens;
  private final double tolerance;
  private final Map<String, HookPoint> points = new HashMap<>();
  private final Set<String> parameters = new HashSet<>();
  private final INDArray logits;
  private final GradientRun gradients;
  private final Map<Boolean, ActivationCache> activations = new HashMap<>();
  private final Map<Boolean, ActivationCache> activationGradients = new HashMap<>();
  private final CircuitTensors circuits;
  private Map<String, INDArray> folded;
  private int queriesOnly;

  EngineTensors(GoldenFile golden, double tolerance) {
    this.golden = golden;
    this.model = golden.model();
    this.tokens = golden.tokens();
    this.tolerance = tolerance;
    this.circuits = new CircuitTensors(golden);
    model.config().hookPoints().forEach(point -> points.put(point.name(), point));
    model.weights().layout().parameters().forEach(p -> parameters.add(p.name()));
    Run run = model.runWithCache(tokens, inFile("act.", false), Hooks.none());
    this.logits = run.logits();
    activations.put(false, run.cache());
    activations.put(true, model.runWithCache(tokens, inFile("act.", true), Hooks.none()).cache());
    boolean differentiable = golden.has("act_grad.") || golden.has("weight_grad.");
    this.gradients = differentiable ? gradients(false) : null;
    if (differentiable) {
      activationGradients.put(false, gradients.gradients());
      activationGradients.put(true, gradients(true).gradients());
    }
  }

  /** How far the engine is from the file at a tensor; null if the engine has no such tensor. */
  Compared compare(String tensor) {
    for (Kind kind : Kind.values()) {
      if (tensor.equals(kind.label())) {
        return compared(kind, tensor, whole(kind));
      }
      if (tensor.startsWith(kind.label() + ".")) {
        return part(kind, tensor, tensor.substring(kind.label().length() + 1));
      }
    }
    return null;
  }

  /** What was compared otherwise than one would think. */
  List<String> notes() {
    List<String> notes = new ArrayList<>(circuits.notes());
    if (queriesOnly > 0) {
      notes.add(
          queriesOnly
              + " gradients at the points of ln1 agree as the queries' share: TransformerLens"
              + " normalises once each for queries, keys and values, and its hook keeps the last");
    }
    return notes;
  }

  private INDArray whole(Kind kind) {
    return switch (kind) {
      case LOGITS -> logits;
      case LOSS -> Nd4j.createFromArray(model.loss(tokens));
      case LOSS_PER_TOKEN -> model.lossPerToken(tokens);
      default -> circuits.compute(kind.label());
    };
  }

  private Compared part(Kind kind, String tensor, String name) {
    HookPoint point = points.get(name);
    boolean parameter = parameters.contains(name);
    return switch (kind) {
      case WEIGHTS -> parameter ? compared(kind, tensor, model.weights().get(name)) : null;
      case WEIGHT_GRAD ->
          parameter ? compared(kind, tensor, gradients.weightGradients().get(name)) : null;
      case FOLDED -> compared(kind, tensor, folded(name));
      case ACT ->
          point == null ? null : compared(kind, tensor, activations.get(split(point)).get(point));
      case ACT_GRAD -> point == null ? null : gradient(tensor, point);
      default -> compared(kind, tensor, circuits.compute(tensor));
    };
  }

  /** A parameter once LayerNorm's weights are folded; null if there is none of that name. */
  private INDArray folded(String name) {
    if (folded == null) {
      folded = WeightProcessing.foldLayerNorm(model).weights().toMap();
    }
    return folded.get(name);
  }

  private Compared gradient(String tensor, HookPoint point) {
    Kind kind = Kind.ACT_GRAD;
    Compared all = compared(kind, tensor, activationGradients.get(split(point)).get(point));
    if (!OF_LN1.contains(point.site()) || within(all)) {
      return all;
    }
    Compared queries = compared(kind, tensor, queriesShare(point));
    queriesOnly += within(queries) ? 1 : 0;
    return within(queries) ? queries : all;
  }

  /** The gradient at a point of ln1 if no gradient came through this layer's keys and values. */
  private INDArray queriesShare(HookPoint point) {
    Hook none = Hook.onGradient((gradient, at) -> gradient.assign(0));
    Hooks queriesOnly =
        Hooks.at(HookPoint.k(point.layer()), none).and(Hooks.at(HookPoint.v(point.layer()), none));
    return model.runWithGradients(tokens, Capture.only(point), queriesOnly).gradients().get(point);
  }

  private Compared compared(Kind kind, String tensor, INDArray actual) {
    return actual == null
        ? null
        : new Compared(kind, Agreement.of(tensor, actual, golden.tensors().get(tensor)));
  }

  private boolean within(Compared compared) {
    return compared.kind().deciding(compared.agreement()) <= compared.kind().allowed(tolerance);
  }

  private GradientRun gradients(boolean split) {
    return model.runWithGradients(tokens, inFile("act_grad.", split), Hooks.none());
  }

  /**
   * The points that the file has a tensor for. Inputs per head go into a run of their own: where
   * heads normalise their own inputs, the common normalisation has no gradient.
   */
  private Capture inFile(String prefix, boolean split) {
    return Capture.matching(
        point -> split(point) == split && golden.tensors().contains(prefix + point));
  }

  private static boolean split(HookPoint point) {
    return SPLIT.contains(point.site());
  }
}
