package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Processing;
import dev.circuitscope.core.model.Sinusoids;
import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The QK and OV circuits of a model's heads (A Mathematical Framework for Transformer Circuits,
 * section "Splitting attention head terms into circuits"), in float64.
 *
 * <pre>{@code
 * Circuits circuits = Circuits.of(model);
 * Head head = new Head(1, 4);
 * circuits.head(head).ov();                           // [d_model, d_model]
 * circuits.fullOv(head).top(20, TopOrder.LARGEST);    // source token -> logit, [d_vocab, d_vocab]
 * circuits.fullQk(head).topOfRow(262, 10, TopOrder.LARGEST);   // which source tokens 262 looks for
 * circuits.qkTerms(head).positionToPosition();        // [n_ctx, n_ctx]
 * circuits.ovEigenvalues(head).positivity();          // copying, from -1 to 1
 * }</pre>
 *
 * <p>{@link #of} moves the weights, offset and centring of the normalisation before the heads, and
 * of the one before the unembedding, into the weights that read through it, as {@link
 * dev.circuitscope.core.processing.WeightProcessing#foldLayerNorm} does, but in float64 and for
 * every kind of positions; what is left of the normalisation is a division by its scale. Value
 * biases are no part of OV circuits; {@link HeadCircuit#outputBias} has them. {@link #processing}
 * says what was done. Circuits "through the embeddings" are the direct ones of any layer: what
 * earlier layers add to the stream is not in them.
 */
public final class Circuits {

  private final Transformer model;
  private final boolean folded;
  private final VocabularyProducts vocabulary;
  private INDArray unembedThenEmbed;
  private INDArray embeddingGram;

  private Circuits(Transformer model, boolean folded) {
    this.model = model;
    this.folded = folded;
    this.vocabulary = VocabularyProducts.of(model);
  }

  /**
   * The circuits of a model, with its normalisations folded into them.
   *
   * @param model any model
   * @return its circuits
   */
  public static Circuits of(Transformer model) {
    return new Circuits(model, true);
  }

  /**
   * The circuits of a model's weights as they are, whatever normalisation reads or writes around
   * them: TransformerLens's {@code model.QK} and {@code model.OV}.
   *
   * @param model any model
   * @return its circuits
   */
  public static Circuits asStored(Transformer model) {
    return new Circuits(model, false);
  }

  /**
   * Whose circuits they are.
   *
   * @return the model that they were made of, itself unchanged
   */
  public Transformer model() {
    return model;
  }

  /**
   * What was done to the weights: to the model before, and here.
   *
   * @return a set that cannot be modified
   */
  public Set<Processing> processing() {
    Set<Processing> done = EnumSet.noneOf(Processing.class);
    done.addAll(model.processing());
    if (folded) {
      done.add(Processing.FOLD_VALUE_BIASES);
      Normalization kind = model.config().normalization();
      if (kind != Normalization.NONE && kind != Normalization.RMS_PRE) {
        done.add(Processing.FOLD_LAYER_NORM);
      }
    }
    return Collections.unmodifiableSet(done);
  }

  /**
   * All heads of the model.
   *
   * @return layer by layer
   */
  public List<Head> heads() {
    List<Head> heads = new ArrayList<>();
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      for (int head = 0; head < model.config().nHeads(); head++) {
        heads.add(new Head(layer, head));
      }
    }
    return List.copyOf(heads);
  }

  /**
   * The circuits of a head on the residual stream.
   *
   * @param head of the model
   * @return [d_model, d_model] each; of grouped-query attention, with the keys and values of its
   *     group
   * @throws IllegalArgumentException if the model has no such head
   */
  public HeadCircuit head(Head head) {
    HeadWeights weights = HeadWeights.of(model, head);
    Readout ln1 = read("blocks." + head.layer() + ".ln1");
    return new HeadCircuit(
        head,
        new FactoredMatrix(ln1.weight(weights.wQ()), ln1.weight(weights.wK()).transpose()),
        new FactoredMatrix(ln1.weight(weights.wV()), weights.wO()),
        new HeadBiases(
            Doubles.toArray(ln1.bias(weights.wQ(), weights.bQ())),
            Doubles.toArray(ln1.bias(weights.wK(), weights.bK())),
            Doubles.toArray(ln1.bias(weights.wV(), weights.bV()))),
        model.config().attention().rotary());
  }

  /**
   * What attending to a token does to the logits: W_E W_V W_O W_U.
   *
   * @param head of the model
   * @return [d_vocab, d_vocab_out], source token to logit
   * @throws IllegalArgumentException if the model has no such head
   */
  public FactoredMatrix fullOv(Head head) {
    FactoredMatrix ov = head(head).ov();
    return new FactoredMatrix(
        vocabulary.embedded(ov.a()), vocabulary.unembedded(read("ln_final").rows(ov.b())));
  }

  /**
   * What the head adds to the logits whatever it attends to: b_V W_O W_U.
   *
   * @param head of the model
   * @return d_vocab_out numbers
   * @throws IllegalArgumentException if the model has no such head
   */
  public double[] fullOvBias(Head head) {
    double[] bias = head(head).outputBias();
    INDArray row = Nd4j.createFromArray(bias).reshape('c', 1, bias.length);
    return Doubles.toArray(vocabulary.unembedded(read("ln_final").rows(row)));
  }

  /**
   * Which source token a destination token looks for: W_E W_Q W_K^T W_E^T, without 1 / sqrt(d_head)
   * and biases, with rotary positions at distance 0. {@link #qkTerms} has the rest of the score.
   *
   * @param head of the model
   * @return [d_vocab, d_vocab], destination token to source token
   * @throws IllegalArgumentException if the model has no such head
   */
  public FactoredMatrix fullQk(Head head) {
    FactoredMatrix qk = head(head).qk();
    return new FactoredMatrix(
        vocabulary.embedded(qk.a()), vocabulary.embedded(qk.b().transpose()).transpose());
  }

  /**
   * The part of {@link #fullQk(Head)} that one of the two keys of a smeared key has: the tokens at
   * a source and those before it. Without smeared keys the own key has all of it.
   *
   * <pre>{@code
   * FactoredMatrix before = circuits.fullQk(head, KeyPart.PREVIOUS);
   * before.topOfRow(262, 10, TopOrder.LARGEST);   // 262 looks for what stands behind these
   * }</pre>
   *
   * @param head of the model
   * @param key which one
   * @return [d_vocab, d_vocab], destination token to source token or to the token before it
   * @throws IllegalArgumentException if the model has no such head
   */
  public FactoredMatrix fullQk(Head head, KeyPart key) {
    return fullQk(head).times(keyShare(head, key));
  }

  /**
   * How much of a key behind the first is the source's own, and how much the one before it.
   *
   * @param head of the model
   * @param key which one
   * @return sigmoid(alpha) of the head and 1 less it; 1 and 0 without smeared keys
   * @throws IllegalArgumentException if the model has no such head
   */
  public double keyShare(Head head, KeyPart key) {
    return key.share(HeadWeights.keyShare(model, head));
  }

  /**
   * All terms of a head's attention score through the embeddings: tokens, positions and biases.
   *
   * @param head of the model
   * @return the terms, not scaled; see {@link QkTerms#scaled}
   * @throws IllegalArgumentException if the model has no such head
   */
  public QkTerms qkTerms(Head head) {
    HeadCircuit circuit = head(head);
    FactoredMatrix tokens = fullQk(head);
    HeadWeights weights = HeadWeights.of(model, head);
    INDArray wQ = circuit.qk().a();
    INDArray wK = circuit.qk().b().transpose();
    FactoredMatrix positions =
        switch (model.config().positions()) {
          case STANDARD -> new FactoredMatrix(wQ, wK.transpose());
          case SHORTFORMER, SINUSOIDAL_SHORTFORMER ->
              new FactoredMatrix(weights.wQ(), weights.wK().transpose());
          case ROTARY, NONE -> null;
        };
    return new QkTerms(
        circuit,
        tokens,
        positions == null ? null : positions.between(positions(), positions().transpose()),
        model.config().attention().scale(),
        weights.keyShare());
  }

  /**
   * The eigenvalues of a head's full OV circuit, those of the [d_head, d_head] matrix W_O (W_U W_E)
   * W_V. W_U W_E is computed at the first call and kept.
   *
   * @param head of the model
   * @return d_head of them, or d_model if that is less; the others are 0
   * @throws IllegalArgumentException if the model has no such head, or predicts another vocabulary
   *     than it reads: the circuit is not square then
   */
  public Eigenvalues ovEigenvalues(Head head) {
    FactoredMatrix ov = head(head).ov();
    return new FactoredMatrix(unembedThenEmbed().mmul(ov.a()), read("ln_final").rows(ov.b()))
        .eigenvalues();
  }

  /**
   * The eigenvalues of a head's full QK circuit, those of the [d_head, d_head] matrix W_K^T (W_E^T
   * W_E) W_Q. W_E^T W_E is computed at the first call and kept.
   *
   * @param head of the model
   * @return d_head of them, or d_model if that is less; the others are 0
   * @throws IllegalArgumentException if the model has no such head
   */
  public Eigenvalues qkEigenvalues(Head head) {
    return cycledQk(head).eigenvalues();
  }

  /**
   * The eigenvalues of the part of the full QK circuit that one of the two keys of a smeared key
   * has. Those of both parts are multiples of the same ones; a part without a share has zeros.
   *
   * @param head of the model
   * @param key which one
   * @return those of {@link #qkEigenvalues(Head)} times the share of that key
   * @throws IllegalArgumentException if the model has no such head
   */
  public Eigenvalues qkEigenvalues(Head head, KeyPart key) {
    return cycledQk(head).times(keyShare(head, key)).eigenvalues();
  }

  /** (W_E^T W_E) W_Q W_K^T, whose eigenvalues are those of W_E W_Q W_K^T W_E^T. */
  private FactoredMatrix cycledQk(Head head) {
    FactoredMatrix qk = head(head).qk();
    return new FactoredMatrix(embeddingGram().mmul(qk.a()), qk.b());
  }

  private Readout read(String norm) {
    return folded ? Readout.through(model, norm) : Readout.plain();
  }

  /** W_pos or the sinusoids, [n_ctx, d_model]. */
  private INDArray positions() {
    int nCtx = model.config().nCtx();
    int dModel = model.config().dModel();
    if (model.config().positions() == Positions.SINUSOIDAL_SHORTFORMER) {
      return Nd4j.createFromArray(Sinusoids.table(nCtx, dModel));
    }
    FloatBlock weights = model.weights().block();
    int offset = model.weights().layout().get("pos_embed.W_pos").offset();
    return Doubles.of(weights.matrix(offset, nCtx, dModel));
  }

  private synchronized INDArray unembedThenEmbed() {
    if (model.config().dVocab() != model.config().dVocabOut()) {
      throw new IllegalArgumentException(
          "eigenvalues of circuits from tokens to logits: the model reads %d tokens and predicts %d, so they are not square"
              .formatted(model.config().dVocab(), model.config().dVocabOut()));
    }
    if (unembedThenEmbed == null) {
      unembedThenEmbed = vocabulary.unembedThenEmbed();
    }
    return unembedThenEmbed;
  }

  /**
   * W_E^T W_E, which stands for the embeddings in the trace and the eigenvalues of every circuit
   * from tokens to tokens: those of W_E M W_E^T are those of (W_E^T W_E) M. Computed at the first
   * call and kept.
   *
   * @return [d_model, d_model], float64; not to be modified
   */
  public synchronized INDArray embeddingGram() {
    if (embeddingGram == null) {
      embeddingGram = vocabulary.embedTwice();
    }
    return embeddingGram;
  }
}
