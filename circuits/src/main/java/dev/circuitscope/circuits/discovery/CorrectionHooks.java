package dev.circuitscope.circuits.discovery;

import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.TransformerConfig;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The hooks of one run with removed edges. They note what senders write where something later is
 * corrected by it, and correct what receivers read.
 *
 * <p>An MLP reads the stream itself, so its correction is added to the stream before it and taken
 * off again after the block; beside parallel attention, whose heads read the same stream, it is
 * taken off their inputs too.
 */
final class CorrectionHooks {

  private final RunValues values;
  private final TransformerConfig config;
  private final Liveness live;
  private final Collection<Corrections> corrections;
  private final int copies;
  private final Map<Sender, float[]> written = new HashMap<>();

  CorrectionHooks(RunValues values, Liveness live, Collection<Corrections> all, int copies) {
    this.values = values;
    this.config = values.model().config();
    this.live = live;
    this.corrections = all;
    this.copies = copies;
  }

  /** Of all layers from one on. */
  Hooks from(int layer) {
    Hooks hooks = Hooks.none();
    Set<Sender> noted = new HashSet<>();
    corrections.forEach(correction -> noted.addAll(correction.running()));
    for (int l = layer; l < config.nLayers(); l++) {
      hooks = hooks.and(replacing(l)).and(noting(l, noted));
    }
    for (Corrections correction : corrections) {
      if (readBefore(correction, layer)) {
        hooks = hooks.and(reading(correction));
      }
    }
    for (Corrections correction : corrections) {
      if (readBefore(correction, layer)) {
        continue;
      }
      if (correction.inlet().receiver() instanceof Receiver.OfHead) {
        hooks = hooks.and(Hooks.at(correction.inlet().point(), adding(correction)));
      } else if (correction.inlet().receiver() instanceof Receiver.OfMlp mlp) {
        hooks = hooks.and(readByMlp(correction, mlp.layer()));
      }
    }
    return hooks;
  }

  /** Whether all that a head of the first layer reads is known before the run. */
  private static boolean readBefore(Corrections correction, int layer) {
    RunValues.Inlet inlet = correction.inlet();
    return inlet.receiver() instanceof Receiver.OfHead of
        && of.head().layer() == layer
        && !inlet.projected()
        && correction.running().isEmpty();
  }

  /**
   * Puts the queries, keys or values of one head in place of those of the uncorrected stream.
   * Unlike a correction of its input, this does not make every head normalise a stream of its own.
   */
  private Hooks reading(Corrections correction) {
    RunValues.Inlet inlet = correction.inlet();
    Receiver.OfHead of = (Receiver.OfHead) inlet.receiver();
    float[][] read = new float[copies][];
    if (!correction.differs()) {
      Arrays.fill(read, values.read(inlet, correction.removed(), () -> correction.known()[0]));
    } else {
      float[][] known = correction.known();
      for (int copy = 0; copy < copies; copy++) {
        boolean same = copy > 0 && known[copy] == known[copy - 1];
        if (known[copy] != null) {
          read[copy] = same ? read[copy - 1] : values.read(inlet, known[copy]);
        }
      }
    }
    Site site = Site.valueOf(of.input().name());
    int width = config.dHead();
    Hook hook =
        (activation, at) -> {
          FloatBuffer x = FlatFloats.own(activation);
          for (int i = 0; i < copies * rows(); i++) {
            float[] from = read[i / rows()];
            if (from != null) {
              int to = (i * inlet.slots() + inlet.slot()) * width;
              x.put(to, from, i % rows() * width, width);
            }
          }
          return activation;
        };
    return Hooks.at(new HookPoint(site, of.head().layer()), hook);
  }

  /** What senders write that were noted, [copies batch, pos, d_model]. */
  Map<Sender, float[]> written() {
    return written;
  }

  /** Senders that reach nothing write their reference values. */
  private Hooks replacing(int layer) {
    Hooks hooks = Hooks.none();
    float[] z = values.referenceZ(layer);
    for (int h = 0; h < config.nHeads(); h++) {
      if (!live.live().contains(Sender.head(layer, h))) {
        hooks = hooks.and(Hooks.at(HookPoint.z(layer), replacing(z, h, config.nHeads())));
      }
    }
    if (config.mlp().isPresent() && !live.live().contains(Sender.mlp(layer))) {
      float[] out = values.reference(Sender.mlp(layer));
      hooks = hooks.and(Hooks.at(HookPoint.mlpOut(layer), replacing(out, 0, 1)));
    }
    return hooks;
  }

  private Hook replacing(float[] reference, int slot, int slots) {
    return (activation, at) -> {
      FloatBuffer x = FlatFloats.own(activation);
      int width = Math.toIntExact(activation.length() / rows() / copies / slots);
      Parallel.forEach(
          copies * rows(),
          row -> {
            int from = (row % rows() * slots + slot) * width;
            x.put((row * slots + slot) * width, reference, from, width);
          });
      return activation;
    };
  }

  private Hooks noting(int layer, Set<Sender> noted) {
    Hooks hooks = Hooks.none();
    for (Sender sender : noted) {
      if (sender.point().layer() == layer) {
        int slot = sender instanceof Sender.OfHead of ? of.head().head() : 0;
        int slots = sender instanceof Sender.OfHead ? config.nHeads() : 1;
        Hook note =
            (activation, at) -> {
              FloatBuffer x = FlatFloats.own(activation);
              written.put(
                  sender, FlatFloats.slot(x, copies * rows(), slot, slots, config.dModel()));
              return activation;
            };
        hooks = hooks.and(Hooks.at(sender.point(), note));
      }
    }
    return hooks;
  }

  private Hooks readByMlp(Corrections correction, int layer) {
    boolean parallel = config.mlp().orElseThrow().parallel();
    Site read = parallel ? Site.RESID_PRE : Site.RESID_MID;
    Hooks hooks =
        Hooks.at(new HookPoint(read, layer), adding(correction))
            .and(Hooks.at(HookPoint.residPost(layer), adding(correction, -1, 1)));
    if (parallel) {
      int keys = config.attention().keyValueHeads();
      hooks =
          hooks
              .and(
                  Hooks.at(
                      new HookPoint(Site.Q_INPUT, layer), adding(correction, -1, config.nHeads())))
              .and(Hooks.at(new HookPoint(Site.K_INPUT, layer), adding(correction, -1, keys)))
              .and(Hooks.at(new HookPoint(Site.V_INPUT, layer), adding(correction, -1, keys)));
    }
    return hooks;
  }

  /** Adds to one slot. */
  private Hook adding(Corrections correction) {
    RunValues.Inlet inlet = correction.inlet();
    return (activation, at) -> {
      add(correction, activation, 1, inlet.slot(), inlet.slot() + 1, inlet.slots());
      return activation;
    };
  }

  /** Adds to all slots, times a sign. */
  private Hook adding(Corrections correction, int sign, int slots) {
    return (activation, at) -> {
      add(correction, activation, sign, 0, slots, slots);
      return activation;
    };
  }

  private void add(
      Corrections correction, INDArray activation, int sign, int first, int end, int slots) {
    FloatBuffer x = FlatFloats.own(activation);
    // summed up before several threads read it
    correction.known();
    int width = correction.inlet().width();
    int length = values.length();
    Parallel.forEach(
        copies * values.batch(),
        example -> {
          float[] change =
              correction.of(example / values.batch(), example % values.batch(), written);
          if (change == null) {
            return;
          }
          float[] row = new float[width];
          for (int t = 0; t < length; t++) {
            for (int slot = first; slot < end; slot++) {
              int at = ((example * length + t) * slots + slot) * width;
              x.get(at, row);
              for (int i = 0; i < width; i++) {
                row[i] += sign * change[t * width + i];
              }
              x.put(at, row);
            }
          }
        });
  }

  private int rows() {
    return values.batch() * values.length();
  }
}
