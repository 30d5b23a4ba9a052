package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.ReferenceTransformer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A run on one sequence whose attention patterns and scales of normalisations are held fixed. What
 * is left of the model is linear in what it reads (A Mathematical Framework for Transformer
 * Circuits, sections "Attention Heads as Information Movement" and "Path Expansion of Logits"): a
 * head makes A diag(1/s) x M W_O of a part x of the stream, with A its pattern, s the scales of ln1
 * and M what the normalisation's weights and W_V make together, and adds a constant.
 *
 * <pre>{@code
 * FrozenRun run = FrozenRun.of(model, tokens);
 * INDArray logits  = run.logits();                            // the model's own, to 1e-10
 * INDArray moved   = run.through(head, run.source(Source.TOKENS, head.layer()));
 * INDArray effect  = run.logitsOfPart(moved);                 // what that adds to the logits
 * INDArray without = run.logits(h -> !h.equals(head));        // a pattern-preserving ablation
 * INDArray other   = run.withTokens(others).logits();         // other tokens, same patterns
 * }</pre>
 *
 * <p>It works for any depth, positions and normalisation. MLPs are not linear: their outputs are
 * kept as they were in the run ({@link Source#MLPS}).
 *
 * <p>Everything is float64; streams and parts of them are [pos, d_model]. Arguments are not
 * modified and results are new arrays. Instances are immutable and may be shared between threads.
 * Memory: two [pos, pos] matrices a head. For many sequences see {@link FrozenRuns}.
 */
public final class FrozenRun {

  private final LinearRun run;

  private FrozenRun(LinearRun run) {
    this.run = run;
  }

  /**
   * Runs a model once and freezes the run.
   *
   * @param model with any attention; its float32 weights are taken as they are
   * @param tokens [pos]
   * @return the run
   * @throws IllegalArgumentException if the sequence is empty, too long or holds an unknown token
   */
  public static FrozenRun of(Transformer model, int[] tokens) {
    return of(ReferenceTransformer.of(model.config(), model.weights()), tokens);
  }

  /**
   * Runs a float64 model once and freezes the run.
   *
   * @param model with any attention
   * @param tokens [pos]
   * @return the run
   * @throws IllegalArgumentException if the sequence is empty, too long or holds an unknown token
   */
  public static FrozenRun of(ReferenceTransformer model, int[] tokens) {
    return of(new LinearWeights(model), tokens);
  }

  static FrozenRun of(LinearWeights weights, int[] tokens) {
    return new FrozenRun(LinearRun.of(weights, tokens));
  }

  /**
   * The same patterns, scales and MLP outputs with other tokens in the stream.
   *
   * @param others [pos], as many as the run has
   * @return a new run; its {@link #tokens} are the others
   * @throws IllegalArgumentException if there are more or fewer, or one is unknown
   */
  public FrozenRun withTokens(int[] others) {
    if (others.length != length()) {
      throw new IllegalArgumentException(
          "withTokens takes as many tokens as the run has positions, %d, was %d"
              .formatted(length(), others.length));
    }
    FrozenSources inputs = run.inputs().withTokens(run.weights().embed(others));
    return new FrozenRun(new LinearRun(run.weights(), others.clone(), inputs, run.attention()));
  }

  /**
   * The same patterns, scales and MLP outputs with other one-hot vectors, or mixtures of them.
   *
   * @param inputs [pos, d_vocab]
   * @return a new run, linear in the inputs but for its other sources; its {@link #tokens} are
   *     still those of this run
   * @throws IllegalArgumentException if the shape is another
   */
  public FrozenRun withInputs(INDArray inputs) {
    DoubleMatrix x = matrix("withInputs", inputs, length(), config().dVocab());
    DoubleMatrix stream = x.times(run.weights().embedding());
    return new FrozenRun(run.with(run.inputs().withTokens(stream)));
  }

  /**
   * The same run with another pattern of one head.
   *
   * @param head of the model
   * @param pattern [dest, src]; its rows need not sum to 1
   * @return a new run
   * @throws IllegalArgumentException if the model has no such head or the shape is another
   */
  public FrozenRun withPattern(Head head, INDArray pattern) {
    run.maps(head);
    DoubleMatrix a = matrix("withPattern", pattern, length(), length());
    return new FrozenRun(
        new LinearRun(run.weights(), run.tokens(), run.inputs(), run.attention().with(head, a)));
  }

  /**
   * The shape of the model.
   *
   * @return its configuration
   */
  public TransformerConfig config() {
    return run.config();
  }

  /**
   * The sequence.
   *
   * @return [pos], a copy
   */
  public int[] tokens() {
    return run.tokens().clone();
  }

  /**
   * The number of positions.
   *
   * @return at least 1
   */
  public int length() {
    return run.length();
  }

  /**
   * What enters the residual stream of this model other than through heads.
   *
   * @return in the order of {@link Source}
   */
  public Set<Source> sources() {
    return run.sources();
  }

  /**
   * The heads of a layer.
   *
   * @param layer from 0
   * @return in order
   */
  public List<Head> heads(int layer) {
    return run.heads(layer);
  }

  /**
   * What a source has written to the stream before a layer, no head in between.
   *
   * @param source which
   * @param layer from 0; n_layers for the end of the stream
   * @return [pos, d_model]; zeros if the model does not have it
   * @throws IllegalArgumentException if there is no such layer
   */
  public INDArray source(Source source, int layer) {
    return run.source(source, requireLayer(layer)).toArray();
  }

  /**
   * The attention pattern of a head.
   *
   * @param head of the model
   * @return [dest, src]
   * @throws IllegalArgumentException if the model has no such head
   */
  public INDArray pattern(Head head) {
    run.maps(head);
    return run.attention().pattern(head).toArray();
  }

  /**
   * Where a path moves information from: A^h2 A^h1 for the virtual head h1 -> h2, the identity for
   * the direct path.
   *
   * @param path of the model's heads
   * @return [dest, src], whose rows sum to 1 as those of heads do
   * @throws IllegalArgumentException if the model has no such heads
   */
  public INDArray pattern(HeadPath path) {
    return run.pattern(path).toArray();
  }

  /**
   * What a head makes of a part of the stream that it reads; linear in the part.
   *
   * @param head of the model
   * @param part [pos, d_model]
   * @return what it adds to the stream because of it, [pos, d_model]
   * @throws IllegalArgumentException if the model has no such head or the shape is another
   */
  public INDArray through(Head head, INDArray part) {
    run.maps(head);
    return run.through(head, part("through " + head, part)).toArray();
  }

  /**
   * The other way: what a direction in the stream after a head means before it. With {@link
   * #through}, {@code <d, through(x)> = <back(d), x>}.
   *
   * @param head of the model
   * @param direction [pos, d_model], one for each position
   * @return [pos, d_model]
   * @throws IllegalArgumentException if the model has no such head or the shape is another
   */
  public INDArray back(Head head, INDArray direction) {
    run.maps(head);
    return run.back(head, part("back " + head, direction)).toArray();
  }

  /**
   * What a head adds whatever it reads: the value bias and the offset of ln1, through its pattern.
   *
   * @param head of the model
   * @return [pos, d_model]
   * @throws IllegalArgumentException if the model has no such head
   */
  public INDArray constant(Head head) {
    return run.constant(head).toArray();
  }

  /**
   * What a path adds to the end of the stream, from all sources together.
   *
   * @param path of the model's heads
   * @return [pos, d_model]
   * @throws IllegalArgumentException if the model has no such heads
   */
  public INDArray contribution(HeadPath path) {
    return run.contribution(path, Optional.empty()).toArray();
  }

  /**
   * What a path adds to the end of the stream, from one source.
   *
   * @param path of the model's heads
   * @param source where it begins
   * @return [pos, d_model]
   * @throws IllegalArgumentException if the model has no such heads
   */
  public INDArray contribution(HeadPath path, Source source) {
    return run.contribution(path, Optional.of(source)).toArray();
  }

  /**
   * What the first head of a path writes of a source; of {@link Source#BIASES} with the head's own
   * constant.
   *
   * @param head of the model
   * @param source what it reads, straight from where it entered the stream
   * @return [pos, d_model]
   * @throws IllegalArgumentException if the model has no such head
   */
  public INDArray start(Head head, Source source) {
    run.maps(head);
    return new Origin(run, Optional.of(source)).start(head).toArray();
  }

  /**
   * The stream before a layer.
   *
   * @param layer from 0; n_layers for the end of the stream
   * @return [pos, d_model], as in the run
   * @throws IllegalArgumentException if there is no such layer
   */
  public INDArray stream(int layer) {
    return stream(layer, head -> true);
  }

  /**
   * The stream before a layer when only some heads write, with all patterns as they were.
   *
   * @param layer from 0; n_layers for the end of the stream
   * @param writes which heads; the others' outputs are zero, their constants too
   * @return [pos, d_model]
   * @throws IllegalArgumentException if there is no such layer
   */
  public INDArray stream(int layer, Predicate<Head> writes) {
    return run.stream(requireLayer(layer), writes).toArray();
  }

  /**
   * The logits of the run.
   *
   * @return [pos, d_vocab_out]
   */
  public INDArray logits() {
    return logits(head -> true);
  }

  /**
   * The logits when only some heads write, with all patterns and scales as they were.
   *
   * @param writes which heads
   * @return [pos, d_vocab_out]
   */
  public INDArray logits(Predicate<Head> writes) {
    DoubleMatrix end = run.stream(config().nLayers(), writes);
    return run.logits(end, true).toArray();
  }

  /**
   * The logits of a whole stream at its end, constants included.
   *
   * @param stream [pos, d_model]
   * @return [pos, d_vocab_out]
   * @throws IllegalArgumentException if the shape is another
   */
  public INDArray logitsOfStream(INDArray stream) {
    return run.logits(part("logitsOfStream", stream), true).toArray();
  }

  /**
   * What a part of the stream at its end adds to the logits; linear in the part.
   *
   * @param part [pos, d_model]
   * @return [pos, d_vocab_out]
   * @throws IllegalArgumentException if the shape is another
   */
  public INDArray logitsOfPart(INDArray part) {
    return run.logits(part("logitsOfPart", part), false).toArray();
  }

  /**
   * The mean next-token cross-entropy of logits on this sequence.
   *
   * @param logits [pos, d_vocab_out]
   * @return nats, over all positions but the last
   * @throws IllegalArgumentException if the shape is another, the sequence has one token only, or a
   *     token has no logit
   */
  public double loss(INDArray logits) {
    return run.loss(matrix("loss", logits, length(), config().dVocabOut()));
  }

  /**
   * The attention scores of a head, to be expanded.
   *
   * @param head of the model
   * @return its queries and keys as maps of what it reads
   * @throws IllegalArgumentException if the model has no such head
   */
  public FrozenScores scores(Head head) {
    return new FrozenScores(run, head);
  }

  LinearRun linear() {
    return run;
  }

  private int requireLayer(int layer) {
    if (layer < 0 || layer > config().nLayers()) {
      throw new IllegalArgumentException(
          "the stream is before layers 0 to %d, where %d is its end; there is no layer %d"
              .formatted(config().nLayers(), config().nLayers(), layer));
    }
    return layer;
  }

  private DoubleMatrix part(String operation, INDArray x) {
    return matrix(operation, x, length(), config().dModel());
  }

  static DoubleMatrix matrix(String operation, INDArray x, int rows, int columns) {
    if (x.rank() != 2 || x.size(0) != rows || x.size(1) != columns) {
      throw new IllegalArgumentException(
          "%s takes an array of shape [%d, %d], was %s"
              .formatted(operation, rows, columns, Arrays.toString(x.shape())));
    }
    return DoubleMatrix.of(x);
  }
}
