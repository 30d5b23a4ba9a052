package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.ReferenceRun;
import dev.circuitscope.core.reference.ReferenceTransformer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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

  private final LinearWeights weights;
  private final int[] tokens;
  private final FrozenSources sources;
  private final FrozenAttention attention;

  private FrozenRun(
      LinearWeights weights, int[] tokens, FrozenSources sources, FrozenAttention attention) {
    this.weights = weights;
    this.tokens = tokens;
    this.sources = sources;
    this.attention = attention;
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
    ReferenceRun run = weights.model().run(new int[][] {tokens});
    return new FrozenRun(
        weights,
        tokens.clone(),
        FrozenSources.of(weights.config(), run),
        FrozenAttention.of(weights.config(), run));
  }

  /**
   * The same patterns, scales and MLP outputs with other tokens in the stream.
   *
   * @param others [pos], as many as the run has
   * @return a new run; its {@link #tokens} are the others
   * @throws IllegalArgumentException if there are more or fewer, or one is unknown
   */
  public FrozenRun withTokens(int[] others) {
    INDArray stream = Nd4j.zeros(DataType.DOUBLE, others.length, config().dModel());
    for (int t = 0; t < others.length; t++) {
      if (others[t] < 0 || others[t] >= config().dVocab()) {
        throw new IllegalArgumentException(
            "token %d at position %d is not in the vocabulary of %d"
                .formatted(others[t], t, config().dVocab()));
      }
      stream.putRow(t, weights.embedding().getRow(others[t]));
    }
    requirePart("withTokens", stream);
    return new FrozenRun(weights, others.clone(), sources.withTokens(stream), attention);
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
    requireShape("withInputs", inputs, length(), config().dVocab());
    INDArray stream = inputs.castTo(DataType.DOUBLE).mmul(weights.embedding());
    return new FrozenRun(weights, tokens, sources.withTokens(stream), attention);
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
    weights.head(head);
    requireShape("withPattern", pattern, length(), length());
    INDArray copy = pattern.castTo(DataType.DOUBLE).dup('c');
    return new FrozenRun(weights, tokens, sources, attention.with(head, copy));
  }

  /**
   * The shape of the model.
   *
   * @return its configuration
   */
  public TransformerConfig config() {
    return weights.config();
  }

  /**
   * The sequence.
   *
   * @return [pos], a copy
   */
  public int[] tokens() {
    return tokens.clone();
  }

  /**
   * The number of positions.
   *
   * @return at least 1
   */
  public int length() {
    return tokens.length;
  }

  /**
   * What enters the residual stream of this model other than through heads.
   *
   * @return in the order of {@link Source}
   */
  public Set<Source> sources() {
    return sources.inStreamOnly();
  }

  /**
   * The heads of a layer.
   *
   * @param layer from 0
   * @return in order
   */
  public List<Head> heads(int layer) {
    return weights.headsOf(layer);
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
    requireLayer(layer);
    return sources.before(layer, source, weights);
  }

  /**
   * The attention pattern of a head.
   *
   * @param head of the model
   * @return [dest, src]
   * @throws IllegalArgumentException if the model has no such head
   */
  public INDArray pattern(Head head) {
    weights.head(head);
    return attention.pattern(head).dup('c');
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
    INDArray composite = Nd4j.eye(length()).castTo(DataType.DOUBLE);
    for (Head head : path.heads()) {
      weights.head(head);
      composite = attention.pattern(head).mmul(composite);
    }
    return composite.dup('c');
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
    HeadMaps maps = weights.head(head);
    requirePart("through " + head, part);
    // A diag(1/s) x M_V W_O
    return attention.move(head).mmul(part.mmul(maps.value().matrix())).mmul(maps.output());
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
    HeadMaps maps = weights.head(head);
    requirePart("back " + head, direction);
    INDArray values = direction.mmul(maps.output().transpose());
    return attention.move(head).transpose().mmul(values).mmul(maps.value().matrix().transpose());
  }

  /**
   * What a head adds whatever it reads: the value bias and the offset of ln1, through its pattern.
   *
   * @param head of the model
   * @return [pos, d_model]
   * @throws IllegalArgumentException if the model has no such head
   */
  public INDArray constant(Head head) {
    HeadMaps maps = weights.head(head);
    INDArray once = maps.value().constant().mmul(maps.output());
    return attention.pattern(head).sum(true, 1).mmul(once);
  }

  /**
   * What a path adds to the end of the stream, from all sources together.
   *
   * @param path of the model's heads
   * @return [pos, d_model]
   * @throws IllegalArgumentException if the model has no such heads
   */
  public INDArray contribution(HeadPath path) {
    return new Origin(this, Optional.empty()).contribution(path);
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
    return new Origin(this, Optional.of(source)).contribution(path);
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
    return new Origin(this, Optional.of(source)).start(head);
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
    requireLayer(layer);
    INDArray written = Nd4j.zeros(DataType.DOUBLE, length(), config().dModel());
    for (int l = 0; l < layer; l++) {
      INDArray x = direct(l).addi(written);
      for (Head head : weights.headsOf(l)) {
        if (writes.test(head)) {
          written.addi(through(head, x)).addi(constant(head));
        }
      }
    }
    return direct(layer).addi(written);
  }

  /** All sources before a layer. */
  INDArray direct(int layer) {
    INDArray sum = source(Source.TOKENS, layer);
    sources().stream()
        .filter(source -> source != Source.TOKENS)
        .forEach(source -> sum.addi(source(source, layer)));
    return sum;
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
    return logitsOfStream(stream(config().nLayers(), writes));
  }

  /**
   * The logits of a whole stream at its end, constants included.
   *
   * @param stream [pos, d_model]
   * @return [pos, d_vocab_out]
   * @throws IllegalArgumentException if the shape is another
   */
  public INDArray logitsOfStream(INDArray stream) {
    return weights.logits().logits(reading(stream, true));
  }

  /**
   * What a part of the stream at its end adds to the logits; linear in the part.
   *
   * @param part [pos, d_model]
   * @return [pos, d_vocab_out]
   * @throws IllegalArgumentException if the shape is another
   */
  public INDArray logitsOfPart(INDArray part) {
    return weights.logits().logits(reading(part, false));
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
    requireShape("loss", logits, length(), config().dVocabOut());
    return NextTokenLoss.mean(logits, tokens);
  }

  /** [x / s, 1 or 0], what {@link LogitMap} reads. */
  INDArray reading(INDArray x, boolean constants) {
    requirePart("logits", x);
    INDArray scaled = x.mulColumnVector(attention.inverseScale(config().nLayers()));
    INDArray last =
        Nd4j.valueArrayOf(new long[] {length(), 1}, constants ? 1.0 : 0.0, DataType.DOUBLE);
    return Nd4j.hstack(scaled, last);
  }

  /**
   * The attention scores of a head, to be expanded.
   *
   * @param head of the model
   * @return its queries and keys as maps of what it reads
   * @throws IllegalArgumentException if the model has no such head
   */
  public FrozenScores scores(Head head) {
    return new FrozenScores(this, weights, head, attention.inverseScale(head(head).layer()));
  }

  private Head head(Head head) {
    weights.head(head);
    return head;
  }

  LogitMap logitMap() {
    return weights.logits();
  }

  HeadMaps maps(Head head) {
    return weights.head(head);
  }

  FrozenAttention attention() {
    return attention;
  }

  FrozenSources frozenSources() {
    return sources;
  }

  private void requireLayer(int layer) {
    if (layer < 0 || layer > config().nLayers()) {
      throw new IllegalArgumentException(
          "the stream is before layers 0 to %d, where %d is its end; there is no layer %d"
              .formatted(config().nLayers(), config().nLayers(), layer));
    }
  }

  private void requirePart(String operation, INDArray x) {
    requireShape(operation, x, length(), config().dModel());
  }

  private static void requireShape(String operation, INDArray x, int rows, int columns) {
    if (x.rank() != 2 || x.size(0) != rows || x.size(1) != columns) {
      throw new IllegalArgumentException(
          "%s takes an array of shape [%d, %d], was %s"
              .formatted(operation, rows, columns, Arrays.toString(x.shape())));
    }
  }
}
