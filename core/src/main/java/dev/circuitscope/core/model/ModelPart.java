package dev.circuitscope.core.model;

import dev.circuitscope.core.array.BlockPool;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Some layers of a model, run on their own. Parts that follow each other give the same bits as the
 * whole run.
 *
 * <pre>{@code
 * INDArray resid  = model.part(Layers.upTo(2)).run(tokens);   // [batch, pos, d_model]
 * INDArray logits = model.part(Layers.from(2)).run(resid);    // as model.run(tokens)
 * }</pre>
 *
 * <p>Every run throws {@link IllegalArgumentException} for what a whole run refuses, for a residual
 * stream of another shape, and for a hook or capture at a point outside the part.
 */
public final class ModelPart {

  private final Transformer model;
  private final TransformerConfig config;
  private final Layers layers;
  private final int stop;
  private final Optional<KeyValueCache> past;

  ModelPart(Transformer model, Layers layers, Optional<KeyValueCache> past) {
    this.model = model;
    this.config = model.config();
    this.layers = layers;
    this.past = past;
    this.stop = layers.stop().orElse(config.nLayers());
    if (layers.start() > config.nLayers() || stop > config.nLayers()) {
      throw new IllegalArgumentException(
          layers + " do not exist: the model has " + config.nLayers() + " layers");
    }
  }

  /**
   * These layers on positions that follow others: what the runs are given and what their hooks see
   * begins after the positions that the cache holds. The cache's length stays as it is, since a
   * part knows no keys of other layers; what it holds beyond is overwritten.
   *
   * <pre>{@code
   * past.truncate(5);
   * model.part(Layers.from(2)).after(past).run(resid);   // resid of positions 5, 6, ...
   * }</pre>
   *
   * @param cache what came before
   * @return runs that give the bits of runs on the whole sequences
   * @throws IllegalArgumentException if the cache was made for another configuration
   */
  public ModelPart after(KeyValueCache cache) {
    cache.requireOf(config);
    return new ModelPart(model, layers, Optional.of(cache));
  }

  /**
   * Starts with tokens.
   *
   * @param tokens [batch, pos]
   * @return the residual stream [batch, pos, d_model], or the logits [batch, pos, d_vocab_out]
   */
  public INDArray run(int[][] tokens) {
    return run(tokens, Hooks.none());
  }

  /**
   * Starts with tokens, with hooks applied.
   *
   * @param tokens [batch, pos]
   * @param hooks what to do at which points
   * @return the residual stream [batch, pos, d_model], or the logits [batch, pos, d_vocab_out]
   */
  public INDArray run(int[][] tokens, Hooks hooks) {
    return runWithCache(tokens, Capture.nothing(), hooks).output();
  }

  /**
   * Starts with a residual stream.
   *
   * @param resid [batch, pos, d_model], what the first block reads; not modified
   * @return the residual stream [batch, pos, d_model], or the logits [batch, pos, d_vocab_out]
   */
  public INDArray run(INDArray resid) {
    return run(resid, Hooks.none());
  }

  /**
   * Starts with a residual stream, with hooks applied.
   *
   * @param resid [batch, pos, d_model], what the first block reads; not modified
   * @param hooks what to do at which points
   * @return the residual stream [batch, pos, d_model], or the logits [batch, pos, d_vocab_out]
   */
  public INDArray run(INDArray resid, Hooks hooks) {
    return runWithCache(resid, Capture.nothing(), hooks).output();
  }

  /**
   * Starts with tokens, keeps activations and applies hooks.
   *
   * @param tokens [batch, pos]
   * @param capture which activations to keep; hooks have been applied to them
   * @param hooks what to do at which points
   * @return outcome and cache
   */
  public Run runWithCache(int[][] tokens, Capture capture, Hooks hooks) {
    if (layers.start() > 0) {
      throw new IllegalArgumentException(
          layers + " do not embed tokens; give them the residual stream before the first of them");
    }
    Tape acts = tape(Tokens.check(tokens, config), true, capture, hooks);
    Network network = new Network(config, model.weights(), tokens, acts);
    return finish(network, network.embed(), acts);
  }

  /**
   * Starts with a residual stream, keeps activations and applies hooks.
   *
   * @param resid [batch, pos, d_model], what the first block reads; not modified
   * @param capture which activations to keep; hooks have been applied to them
   * @param hooks what to do at which points
   * @return outcome and cache
   */
  public Run runWithCache(INDArray resid, Capture capture, Hooks hooks) {
    Tape acts = tape(rows(resid), false, capture, hooks);
    FloatBlock start = acts.internal(resid.length());
    start.set(resid);
    Network network = new Network(config, model.weights(), null, acts);
    if (config.positions().shortformer()) {
      network.positions();
    }
    return finish(network, start, acts);
  }

  @Override
  public String toString() {
    return layers + " of " + model;
  }

  private Run finish(Network network, FloatBlock start, Tape acts) {
    Rows rows = acts.rows();
    FloatBlock end = network.through(start, layers.start(), stop);
    int width = layers.stop().isPresent() ? config.dModel() : config.dVocabOut();
    FloatBlock output = BlockPool.shared().take((long) rows.count() * width);
    if (layers.stop().isPresent()) {
      new Phases(acts).copy(end, output).plan();
    } else {
      network.unembed(end, output);
    }
    return layers.stop().isPresent() ? Run.toResid(output, acts) : Run.toLogits(output, acts);
  }

  private Tape tape(Rows rows, boolean fromTokens, Capture capture, Hooks hooks) {
    past.ifPresent(kept -> kept.requireRoom(rows));
    HookPoints.require(layers.toString(), () -> hookPoints(fromTokens), capture, hooks);
    return new Tape(config, rows.grouped(), capture, hooks, past);
  }

  private Rows rows(INDArray resid) {
    long[] shape = resid.shape();
    if (shape.length != 3 || shape[0] < 1 || shape[1] < 1 || shape[2] != config.dModel()) {
      throw new IllegalArgumentException(
          "a residual stream is [batch, pos, d_model = "
              + config.dModel()
              + "], got "
              + Arrays.toString(shape));
    }
    Tokens.requireFits(Math.toIntExact(shape[1]), config);
    return new Rows(Math.toIntExact(shape[0]), (int) shape[1]);
  }

  /** The model's points that a run of this part reaches. */
  private List<HookPoint> hookPoints(boolean fromTokens) {
    return config.hookPoints().stream().filter(point -> reaches(point, fromTokens)).toList();
  }

  private boolean reaches(HookPoint point, boolean fromTokens) {
    if (point.site().inBlock()) {
      return point.layer() >= layers.start() && point.layer() < stop;
    }
    if (point.site() == Site.EMBED) {
      return fromTokens;
    }
    if (point.site() == Site.POS_EMBED) {
      return fromTokens || config.positions().shortformer();
    }
    return layers.stop().isEmpty();
  }
}
