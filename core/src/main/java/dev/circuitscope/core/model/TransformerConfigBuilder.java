package dev.circuitscope.core.model;

import java.util.Optional;

/** Collects a {@link TransformerConfig} by name. */
public final class TransformerConfigBuilder {

  private final int layers;
  private int heads = 8;
  private int keyValueHeads;
  private int dModel = 256;
  private int dHead;
  private boolean scaled = true;
  private boolean smearedKeys;
  private AttentionDirection direction = AttentionDirection.CAUSAL;
  private boolean mlps;
  private int dMlp;
  private Activation activation = Activation.GELU;
  private boolean gated;
  private boolean parallel;
  private int vocab;
  private int vocabOut;
  private boolean tied;
  private int context = 256;
  private Normalization normalization = Normalization.LN;
  private Positions positions = Positions.STANDARD;
  private Rotary rotary;
  private double eps = 1e-5;
  private Initialization initialization = Initialization.DEFAULT;

  TransformerConfigBuilder(int layers, boolean mlps) {
    this.layers = layers;
    this.mlps = mlps;
  }

  static TransformerConfigBuilder from(TransformerConfig c) {
    TransformerConfigBuilder b =
        new TransformerConfigBuilder(c.nLayers(), c.mlp().isPresent())
            .heads(c.nHeads())
            .keyValueHeads(c.attention().keyValueHeads())
            .dModel(c.dModel())
            .dHead(c.dHead())
            .attentionScale(c.attention().scaled())
            .smearedKeys(c.attention().smearedKeys())
            .direction(c.attention().direction())
            .vocab(c.dVocab())
            .vocabOut(c.dVocabOut())
            .tiedUnembedding(c.vocabulary().tied())
            .context(c.nCtx())
            .normalization(c.normalization())
            .positions(c.positions())
            .eps(c.eps())
            .initialization(c.initialization());
    c.attention().rotary().ifPresent(b::rotary);
    c.mlp()
        .ifPresent(
            m ->
                b.dMlp(m.dMlp())
                    .activation(m.activation())
                    .gatedMlp(m.gated())
                    .parallelMlp(m.parallel()));
    return b;
  }

  /**
   * Heads per block.
   *
   * @param n at least 1
   * @return this
   */
  public TransformerConfigBuilder heads(int n) {
    this.heads = n;
    return this;
  }

  /**
   * Width of the residual stream.
   *
   * @param n at least 1
   * @return this
   */
  public TransformerConfigBuilder dModel(int n) {
    this.dModel = n;
    return this;
  }

  /**
   * Width of a head; d_model / heads unless given.
   *
   * @param n at least 1
   * @return this
   */
  public TransformerConfigBuilder dHead(int n) {
    this.dHead = n;
    return this;
  }

  /**
   * Heads that have keys and values of their own, for grouped-query attention; as many as there are
   * heads unless given.
   *
   * @param n a divisor of the number of heads
   * @return this
   */
  public TransformerConfigBuilder keyValueHeads(int n) {
    this.keyValueHeads = n;
    return this;
  }

  /**
   * Whether scores are divided by sqrt(d_head).
   *
   * @param yes true unless given
   * @return this
   */
  public TransformerConfigBuilder attentionScale(boolean yes) {
    this.scaled = yes;
    return this;
  }

  /**
   * Whether each key is mixed with the one before it.
   *
   * @param yes false unless given
   * @return this
   */
  public TransformerConfigBuilder smearedKeys(boolean yes) {
    this.smearedKeys = yes;
    return this;
  }

  /**
   * Which sources a destination may attend to.
   *
   * @param kind causal unless given
   * @return this
   */
  public TransformerConfigBuilder direction(AttentionDirection kind) {
    this.direction = kind;
    return this;
  }

  /**
   * Neurons per block.
   *
   * @param n at least 1
   * @return this
   */
  public TransformerConfigBuilder dMlp(int n) {
    this.mlps = true;
    this.dMlp = n;
    return this;
  }

  /**
   * What is applied to neurons.
   *
   * @param kind gelu unless given
   * @return this
   */
  public TransformerConfigBuilder activation(Activation kind) {
    this.mlps = true;
    this.activation = kind;
    return this;
  }

  /**
   * Whether a second matrix multiplies the neurons, as in Llama.
   *
   * @param yes false unless given
   * @return this
   */
  public TransformerConfigBuilder gatedMlp(boolean yes) {
    this.mlps = true;
    this.gated = yes;
    return this;
  }

  /**
   * Whether the multilayer perceptron stands beside attention instead of after it, as in Pythia.
   *
   * @param yes false unless given
   * @return this
   */
  public TransformerConfigBuilder parallelMlp(boolean yes) {
    this.mlps = true;
    this.parallel = yes;
    return this;
  }

  /**
   * Size of the vocabulary.
   *
   * @param n at least 1
   * @return this
   */
  public TransformerConfigBuilder vocab(int n) {
    this.vocab = n;
    return this;
  }

  /**
   * How many tokens the model predicts; as many as it reads unless given.
   *
   * @param n at least 1
   * @return this
   */
  public TransformerConfigBuilder vocabOut(int n) {
    this.vocabOut = n;
    return this;
  }

  /**
   * Whether the unembedding is the embedding's transpose.
   *
   * @param yes false unless given
   * @return this
   */
  public TransformerConfigBuilder tiedUnembedding(boolean yes) {
    this.tied = yes;
    return this;
  }

  /**
   * The longest sequence.
   *
   * @param n at least 1
   * @return this
   */
  public TransformerConfigBuilder context(int n) {
    this.context = n;
    return this;
  }

  /**
   * How blocks normalise what they read.
   *
   * @param kind LayerNorm unless given
   * @return this
   */
  public TransformerConfigBuilder normalization(Normalization kind) {
    this.normalization = kind;
    return this;
  }

  /**
   * How the model knows positions.
   *
   * @param kind standard unless given
   * @return this
   */
  public TransformerConfigBuilder positions(Positions kind) {
    this.positions = kind;
    this.rotary = null;
    return this;
  }

  /**
   * Rotary positions. {@code positions(Positions.ROTARY)} is this with whole heads rotated.
   *
   * @param how queries and keys are rotated
   * @return this
   */
  public TransformerConfigBuilder rotary(Rotary how) {
    this.positions = Positions.ROTARY;
    this.rotary = how;
    return this;
  }

  /**
   * What the normalisation adds under its square root.
   *
   * @param value 1e-5 unless given
   * @return this
   */
  public TransformerConfigBuilder eps(double value) {
    this.eps = value;
    return this;
  }

  /**
   * Scales of new weights.
   *
   * @param scales the default unless given
   * @return this
   */
  public TransformerConfigBuilder initialization(Initialization scales) {
    this.initialization = scales;
    return this;
  }

  /**
   * The configuration.
   *
   * @return checked
   * @throws IllegalArgumentException if a size is missing or impossible
   */
  public TransformerConfig build() {
    if (dHead == 0 && (heads < 1 || dModel % heads != 0)) {
      throw new IllegalArgumentException(
          "d_model " + dModel + " is not a multiple of " + heads + " heads; give dHead(n)");
    }
    int perHead = dHead == 0 ? dModel / heads : dHead;
    AttentionShape attention =
        new AttentionShape(
            heads,
            keyValueHeads == 0 ? heads : keyValueHeads,
            perHead,
            scaled,
            smearedKeys,
            direction,
            rotation(perHead));
    return new TransformerConfig(
        layers,
        dModel,
        context,
        new VocabularyShape(vocab, vocabOut == 0 ? vocab : vocabOut, tied),
        attention,
        mlps
            ? Optional.of(new MlpShape(dMlp == 0 ? 4 * dModel : dMlp, activation, gated, parallel))
            : Optional.empty(),
        normalization,
        eps,
        positions,
        initialization);
  }

  private Optional<Rotary> rotation(int perHead) {
    if (positions != Positions.ROTARY) {
      return Optional.empty();
    }
    return Optional.of(rotary == null ? Rotary.of(perHead) : rotary);
  }
}
