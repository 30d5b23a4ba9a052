package dev.circuitscope.core.format;

import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Rotary;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a file does not say about its model. An option that a format has no use for is refused.
 *
 * <pre>{@code
 * var options = LoadOptions.builder()
 *     .positions(Positions.STANDARD).activation(Activation.GELU_NEW)
 *     .normalization(Normalization.LN_PRE).eps(1e-5).build();
 * }</pre>
 *
 * @param config the whole shape, for tensors without one
 * @param context the longest sequence: for tensors that do not say, or to keep less of a long one
 * @param activation what MLPs apply to their neurons
 * @param normalization how blocks normalise, where folded weights leave several kinds
 * @param eps added under the normalisation's square root
 * @param positions how the model knows positions
 * @param rotary how queries and keys are rotated
 * @param parallelMlp whether MLPs stand beside attention
 * @param tokenizer used instead of one that the files bring
 */
public record LoadOptions(
    Optional<TransformerConfig> config,
    Optional<Integer> context,
    Optional<Activation> activation,
    Optional<Normalization> normalization,
    Optional<Double> eps,
    Optional<Positions> positions,
    Optional<Rotary> rotary,
    Optional<Boolean> parallelMlp,
    Optional<Tokenizer> tokenizer) {

  /**
   * Checks that the options do not contradict each other.
   *
   * @param config the whole shape
   * @param context the longest sequence
   * @param activation what MLPs apply to their neurons
   * @param normalization how blocks normalise
   * @param eps added under the normalisation's square root
   * @param positions how the model knows positions
   * @param rotary how queries and keys are rotated
   * @param parallelMlp whether MLPs stand beside attention
   * @param tokenizer used instead of one that the files bring
   */
  public LoadOptions {
    if (context.isPresent() && context.get() < 1) {
      throw new IllegalArgumentException("context must be at least 1, was " + context.get());
    }
    if (rotary.isPresent() && positions.isPresent() && positions.get() != Positions.ROTARY) {
      throw new IllegalArgumentException(
          "rotary and positions(" + positions.get() + ") contradict each other");
    }
  }

  /**
   * No options: the files say it all.
   *
   * @return empty options
   */
  public static LoadOptions none() {
    return builder().build();
  }

  /**
   * Starts without any option.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Fails if an option is given that a format has no use for. */
  void requireOnly(ModelFormat format, Set<String> useful) {
    List<String> given = new ArrayList<>();
    config.ifPresent(x -> given.add("config"));
    context.ifPresent(x -> given.add("context"));
    activation.ifPresent(x -> given.add("activation"));
    normalization.ifPresent(x -> given.add("normalization"));
    eps.ifPresent(x -> given.add("eps"));
    positions.ifPresent(x -> given.add("positions"));
    rotary.ifPresent(x -> given.add("rotary"));
    parallelMlp.ifPresent(x -> given.add("parallelMlp"));
    given.removeAll(useful);
    if (!given.isEmpty()) {
      throw new IllegalArgumentException(
          "a model in the %s format says itself what its %s; leave the option out"
              .formatted(
                  format.label(), given.size() == 1 ? given.get(0) + " is" : given + " are"));
    }
  }

  /** The configuration with a shorter context, if one is asked for. */
  TransformerConfig shorten(TransformerConfig shape) {
    if (context.isEmpty() || context.get() == shape.nCtx()) {
      return shape;
    }
    boolean trained =
        shape.positions() == Positions.STANDARD || shape.positions() == Positions.SHORTFORMER;
    if (context.get() > shape.nCtx() || trained) {
      throw new IllegalArgumentException(
          "context(%d): the model's is %d%s"
              .formatted(
                  context.get(),
                  shape.nCtx(),
                  trained ? ", and its positions are trained vectors" : ""));
    }
    return shape.toBuilder().context(context.get()).build();
  }

  /** Collects options by name. */
  public static final class Builder {
    private TransformerConfig config;
    private Integer context;
    private Activation activation;
    private Normalization normalization;
    private Double eps;
    private Positions positions;
    private Rotary rotary;
    private Boolean parallelMlp;
    private Tokenizer tokenizer;

    private Builder() {}

    /**
     * The whole shape, for tensors without one.
     *
     * @param shape of the model
     * @return this
     */
    public Builder config(TransformerConfig shape) {
      this.config = Objects.requireNonNull(shape, "config");
      return this;
    }

    /**
     * The longest sequence: for tensors that do not say, or to keep less of a long one.
     *
     * @param n at least 1
     * @return this
     */
    public Builder context(int n) {
      this.context = n;
      return this;
    }

    /**
     * What MLPs apply to their neurons.
     *
     * @param kind the activation
     * @return this
     */
    public Builder activation(Activation kind) {
      this.activation = Objects.requireNonNull(kind, "activation");
      return this;
    }

    /**
     * How blocks normalise, where folded weights leave several kinds.
     *
     * @param kind the normalisation
     * @return this
     */
    public Builder normalization(Normalization kind) {
      this.normalization = Objects.requireNonNull(kind, "normalization");
      return this;
    }

    /**
     * What the normalisation adds under its square root.
     *
     * @param value for example 1e-5
     * @return this
     */
    public Builder eps(double value) {
      this.eps = value;
      return this;
    }

    /**
     * How the model knows positions.
     *
     * @param kind the positions
     * @return this
     */
    public Builder positions(Positions kind) {
      this.positions = Objects.requireNonNull(kind, "positions");
      return this;
    }

    /**
     * How queries and keys are rotated.
     *
     * @param how the rotation
     * @return this
     */
    public Builder rotary(Rotary how) {
      this.rotary = Objects.requireNonNull(how, "rotary");
      return this;
    }

    /**
     * Whether MLPs stand beside attention instead of after it.
     *
     * @param yes whether they do
     * @return this
     */
    public Builder parallelMlp(boolean yes) {
      this.parallelMlp = yes;
      return this;
    }

    /**
     * The tokenizer, instead of one that the files bring.
     *
     * @param instead any tokenizer whose tokens are the model's
     * @return this
     */
    public Builder tokenizer(Tokenizer instead) {
      this.tokenizer = Objects.requireNonNull(instead, "tokenizer");
      return this;
    }

    /**
     * The options.
     *
     * @return checked
     * @throws IllegalArgumentException if they contradict each other
     */
    public LoadOptions build() {
      return new LoadOptions(
          Optional.ofNullable(config),
          Optional.ofNullable(context),
          Optional.ofNullable(activation),
          Optional.ofNullable(normalization),
          Optional.ofNullable(eps),
          Optional.ofNullable(positions),
          Optional.ofNullable(rotary),
          Optional.ofNullable(parallelMlp),
          Optional.ofNullable(tokenizer));
    }
  }
}
