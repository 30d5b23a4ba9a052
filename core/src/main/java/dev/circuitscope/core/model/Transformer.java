package dev.circuitscope.core.model;

import dev.circuitscope.core.array.BlockPool;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hooks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A transformer: a configuration and weights, and the ways to run them.
 *
 * <pre>{@code
 * var config  = TransformerConfig.attentionOnly(2).heads(8).dModel(256).vocab(512).context(256).build();
 * var model   = Transformer.create(config, 42L);
 * var run     = model.runWithCache(tokens);
 * INDArray a  = run.cache().get(HookPoint.pattern(0));        // [batch, head, dest, src]
 * var ablated = model.run(tokens, Hooks.zeroHead(1, 4));      // hooks are an argument of the call
 * }</pre>
 *
 * <p>Runs do not change a model, and several threads may run it at once. The same tokens give the
 * same bits whatever the number of threads and whatever else is in the batch; in a causal model
 * also whatever comes after them, so that sequences may be padded on the right.
 *
 * <p>Every run throws {@link IllegalArgumentException} for an empty or ragged batch, a sequence
 * longer than the context, a token outside the vocabulary, and a hook or capture at a point that
 * the model does not have.
 */
public final class Transformer {

  private final TransformerConfig config;
  private final Weights weights;
  private final Set<Processing> processing;

  private Transformer(TransformerConfig config, Weights weights, Set<Processing> processing) {
    this.config = config;
    this.weights = weights;
    this.processing = processing;
  }

  /**
   * A model with new weights.
   *
   * @param config its shape
   * @param seed of the weights
   * @return the model
   */
  public static Transformer create(TransformerConfig config, long seed) {
    return new Transformer(config, Weights.initial(config, seed), Set.of());
  }

  /**
   * A model with given weights.
   *
   * @param config its shape
   * @param weights of that shape; not copied
   * @return the model
   * @throws IllegalArgumentException if they have another shape
   */
  public static Transformer of(TransformerConfig config, Weights weights) {
    return of(config, weights, Set.of());
  }

  /**
   * A model with given weights that have been processed.
   *
   * @param config its shape
   * @param weights of that shape; not copied
   * @param processing what has been done to them; copied
   * @return the model
   * @throws IllegalArgumentException if the weights have another shape, or LayerNorm is said to be
   *     folded and has weights
   */
  public static Transformer of(
      TransformerConfig config, Weights weights, Set<Processing> processing) {
    String expected = new ParameterLayout(config).parameters().toString();
    String got = weights.layout().parameters().toString();
    if (!expected.equals(got)) {
      throw new IllegalArgumentException(
          "the weights do not fit the configuration: expected " + expected + ", got " + got);
    }
    if (processing.contains(Processing.FOLD_LAYER_NORM) && config.normalization().hasWeights()) {
      throw new IllegalArgumentException(
          "the weights are said to be processed by "
              + Processing.FOLD_LAYER_NORM
              + ", but normalization "
              + config.normalization().label()
              + " still has weights");
    }
    Set<Processing> done = EnumSet.noneOf(Processing.class);
    done.addAll(processing);
    return new Transformer(config, weights, Collections.unmodifiableSet(done));
  }

  /**
   * The logits of a batch.
   *
   * @param tokens [batch, pos]
   * @return [batch, pos, d_vocab_out]
   */
  public INDArray run(int[][] tokens) {
    return run(tokens, Hooks.none());
  }

  /**
   * The logits of a batch, with hooks applied.
   *
   * @param tokens [batch, pos]
   * @param hooks what to do at which points
   * @return [batch, pos, d_vocab_out]
   */
  public INDArray run(int[][] tokens, Hooks hooks) {
    return runWithCache(tokens, Capture.nothing(), hooks).logits();
  }

  /**
   * The logits and all activations except those that are computed only on demand.
   *
   * @param tokens [batch, pos]
   * @return logits and cache
   */
  public Run runWithCache(int[][] tokens) {
    return runWithCache(tokens, Capture.all(), Hooks.none());
  }

  /**
   * The logits and chosen activations, with hooks applied.
   *
   * @param tokens [batch, pos]
   * @param capture which activations to keep; hooks have been applied to them
   * @param hooks what to do at which points
   * @return logits and cache
   */
  public Run runWithCache(int[][] tokens, Capture capture, Hooks hooks) {
    Rows rows = Tokens.check(tokens, config).grouped();
    requirePoints(capture, hooks);
    FloatBlock logits = BlockPool.shared().take((long) rows.count() * config.dVocabOut());
    Tape acts = new Tape(config, rows, capture, hooks);
    new Network(config, weights, tokens, acts).forward(logits);
    return Run.toLogits(logits, acts);
  }

  /**
   * Some layers of the model, to be run on their own.
   *
   * @param layers which ones
   * @return runs that start or end at a residual stream
   * @throws IllegalArgumentException if the model has fewer layers
   */
  public ModelPart part(Layers layers) {
    return new ModelPart(this, layers, Optional.empty());
  }

  /**
   * Runs on tokens that follow others, whose keys and values are kept.
   *
   * @param past what came before; every run adds its tokens
   * @return the runs
   * @throws IllegalArgumentException if it was made for another configuration
   */
  public Continuation after(KeyValueCache past) {
    return new Continuation(this, past);
  }

  /**
   * The loss of a batch.
   *
   * @param tokens [batch, pos], pos at least 2
   * @return the mean next-token cross-entropy in nats
   */
  public double loss(int[][] tokens) {
    return loss(tokens, Hooks.none());
  }

  /**
   * The loss of a batch, with hooks applied.
   *
   * @param tokens [batch, pos], pos at least 2
   * @param hooks what to do at which points
   * @return the mean next-token cross-entropy in nats
   */
  public double loss(int[][] tokens, Hooks hooks) {
    return CrossEntropy.mean(losses(tokens, hooks));
  }

  /**
   * The loss at every position but the last, of predicting the token after it.
   *
   * @param tokens [batch, pos], pos at least 2
   * @return [batch, pos - 1] in nats
   */
  public INDArray lossPerToken(int[][] tokens) {
    return lossPerToken(tokens, Hooks.none());
  }

  /**
   * The loss at every position but the last, with hooks applied.
   *
   * @param tokens [batch, pos], pos at least 2
   * @param hooks what to do at which points
   * @return [batch, pos - 1] in nats
   */
  public INDArray lossPerToken(int[][] tokens, Hooks hooks) {
    float[] losses = losses(tokens, hooks);
    return Nd4j.createFromArray(losses).reshape('c', tokens.length, tokens[0].length - 1);
  }

  /**
   * The loss, its gradients with respect to every weight, and all activations and their gradients
   * except those that are computed only on demand.
   *
   * @param tokens [batch, pos], pos at least 2
   * @return losses, caches and gradients
   */
  public GradientRun runWithGradients(int[][] tokens) {
    return runWithGradients(tokens, Capture.all(), Hooks.none());
  }

  /**
   * The loss, its gradients with respect to every weight, and chosen activations and their
   * gradients, with hooks applied forward and backward.
   *
   * @param tokens [batch, pos], pos at least 2
   * @param capture which activations and gradients to keep; hooks have been applied to both
   * @param hooks what to do at which points
   * @return losses, caches and gradients
   */
  public GradientRun runWithGradients(int[][] tokens, Capture capture, Hooks hooks) {
    requirePoints(capture, hooks);
    return Differentiation.ofLoss(this, tokens, capture, hooks);
  }

  /**
   * A function of the logits, its gradients with respect to every weight, and chosen activations
   * and their gradients, with hooks applied forward and backward.
   *
   * @param tokens [batch, pos]
   * @param function what to differentiate
   * @param capture which activations and gradients to keep; hooks have been applied to both
   * @param hooks what to do at which points
   * @return the function's value in place of the loss, caches and gradients
   * @throws IllegalArgumentException if the function's gradient is not of the logits' shape
   */
  public GradientRun runWithGradients(
      int[][] tokens, LogitFunction function, Capture capture, Hooks hooks) {
    requirePoints(capture, hooks);
    return Differentiation.of(this, tokens, function, capture, hooks);
  }

  /**
   * The loss and its gradients with respect to every weight, and nothing else: a training step
   * without its update. Buffers are reused from call to call.
   *
   * @param tokens [batch, pos], pos at least 2
   * @param gradients overwritten
   * @return the mean next-token cross-entropy in nats
   */
  public double lossAndGradients(int[][] tokens, Weights gradients) {
    Rows rows = Tokens.checkForLoss(tokens, config);
    FloatBlock logits = BlockPool.shared().take((long) rows.count() * config.dVocabOut());
    Tape acts = new Tape(config, rows, Capture.nothing(), Hooks.none());
    Tape grads = acts.backward();
    Network network = new Network(config, weights, tokens, acts);
    network.forward(logits);
    float[] losses = CrossEntropy.lossesAndGradient(tokens, logits, logits, acts);
    network.backward(logits, grads, gradients);
    BlockPool.shared().give(logits);
    grads.finish();
    acts.finish();
    return CrossEntropy.mean(losses);
  }

  /**
   * The model as a SameDiff graph in float32 for sequences as long as its context.
   *
   * @return the graph, with copies of the weights
   */
  public SameDiffModel toSameDiff() {
    return toSameDiff(config.nCtx());
  }

  /**
   * The model as a SameDiff graph in float32.
   *
   * @param pos the length of sequences, from 1 to the model's context
   * @return the graph, with copies of the weights
   */
  public SameDiffModel toSameDiff(int pos) {
    return toSameDiff(pos, DataType.FLOAT);
  }

  /**
   * The model as a SameDiff graph.
   *
   * @param pos the length of sequences, from 1 to the model's context
   * @param type FLOAT or DOUBLE
   * @return the graph, with copies of the weights
   * @throws IllegalArgumentException if the length or the type is another
   */
  public SameDiffModel toSameDiff(int pos, DataType type) {
    if (pos < 1 || pos > config.nCtx()) {
      throw new IllegalArgumentException(
          "sequences have 1 to n_ctx = " + config.nCtx() + " tokens, asked for " + pos);
    }
    if (type != DataType.FLOAT && type != DataType.DOUBLE) {
      throw new IllegalArgumentException("a graph computes in FLOAT or DOUBLE, not " + type);
    }
    return new SameDiffExport(this, pos, type).export();
  }

  /**
   * Writes the model: {@code config.json} and {@code model.safetensors}, whole or not at all.
   *
   * @param directory created if absent
   * @throws IOException if it cannot be written
   */
  public void save(Path directory) throws IOException {
    ModelFiles.save(this, directory);
  }

  /**
   * Reads a model that {@link #save} wrote.
   *
   * @param directory where it is
   * @return the model
   * @throws IOException if a file is missing or malformed
   */
  public static Transformer load(Path directory) throws IOException {
    return ModelFiles.load(directory);
  }

  /**
   * The model's shape.
   *
   * @return the configuration
   */
  public TransformerConfig config() {
    return config;
  }

  /**
   * The model's parameters.
   *
   * @return the weights themselves, not a copy
   */
  public Weights weights() {
    return weights;
  }

  /**
   * What has been done to the weights since they were trained; see {@code core.processing}.
   *
   * @return unmodifiable, in the order of the enum
   */
  public Set<Processing> processing() {
    return processing;
  }

  @Override
  public String toString() {
    return "Transformer(%d layers, %s, %d heads, d_model %d, d_vocab %d, n_ctx %d, %s, %s positions, %,d parameters%s)"
        .formatted(
            config.nLayers(),
            config.mlp().map(m -> m.activation().label() + " MLPs").orElse("attention only"),
            config.nHeads(),
            config.dModel(),
            config.dVocab(),
            config.nCtx(),
            config.normalization().label(),
            config.positions().label(),
            config.parameters(),
            processing.isEmpty() ? "" : ", processed " + processing);
  }

  private float[] losses(int[][] tokens, Hooks hooks) {
    Rows rows = Tokens.checkForLoss(tokens, config).grouped();
    requirePoints(Capture.nothing(), hooks);
    FloatBlock logits = BlockPool.shared().take((long) rows.count() * config.dVocabOut());
    Tape acts = new Tape(config, rows, Capture.nothing(), hooks);
    new Network(config, weights, tokens, acts).forward(logits);
    float[] losses = CrossEntropy.losses(tokens, logits, acts);
    acts.finish();
    BlockPool.shared().give(logits);
    return losses;
  }

  private void requirePoints(Capture capture, Hooks hooks) {
    HookPoints.require("the model", config::hookPoints, capture, hooks);
  }
}
