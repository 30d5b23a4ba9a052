package dev.circuitscope.circuits.known;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;

/**
 * What a known model is to be like: its vocabulary and context, where its circuit is, how sharp.
 *
 * <pre>{@code
 * KnownSettings settings = KnownSettings.of(50, 64)
 *     .heads(4)
 *     .place(Role.PREVIOUS_TOKEN, 0, 1)
 *     .place(Role.INDUCTION, 1, 2)
 *     .noise(0.01, 7L);                  // in all other heads
 * }</pre>
 *
 * @param vocabulary the number of tokens, at least 2
 * @param context the longest sequence, at least 1
 * @param start the token on which heads rest when there is nothing to attend to; it writes nothing.
 *     Sequences should begin with it and not contain it elsewhere
 * @param placement layers, heads, and heads of roles
 * @param coding how tokens and positions become vectors
 * @param sharpness of attention and predictions
 * @param positions {@link Positions#STANDARD} or {@link Positions#SHORTFORMER}
 * @param normalization {@link Normalization#NONE} or {@link Normalization#LN}
 * @param distractors weights of heads without a role
 */
public record KnownSettings(
    int vocabulary,
    int context,
    int start,
    Placement placement,
    Coding coding,
    Sharpness sharpness,
    Positions positions,
    Normalization normalization,
    Distractors distractors) {

  /**
   * Checks sizes and kinds.
   *
   * @param vocabulary the number of tokens, at least 2
   * @param context the longest sequence, at least 1
   * @param start the token on which heads rest
   * @param placement layers, heads, and heads of roles
   * @param coding how tokens and positions become vectors
   * @param sharpness of attention and predictions
   * @param positions {@link Positions#STANDARD} or {@link Positions#SHORTFORMER}
   * @param normalization {@link Normalization#NONE} or {@link Normalization#LN}
   * @param distractors weights of heads without a role
   * @throws IllegalArgumentException if a size is too small, the start token outside the
   *     vocabulary, or the positions or the normalisation of another kind
   */
  public KnownSettings {
    if (vocabulary < 2 || context < 1) {
      throw new IllegalArgumentException(
          "a known model needs 2 tokens and a context of 1, was asked for %d and %d"
              .formatted(vocabulary, context));
    }
    if (start < 0 || start >= vocabulary) {
      throw new IllegalArgumentException(
          "the start token %d is outside the vocabulary of %d".formatted(start, vocabulary));
    }
    if (positions != Positions.STANDARD && positions != Positions.SHORTFORMER) {
      throw new IllegalArgumentException(
          "known models have positions of their own: standard or shortformer, not "
              + positions.label());
    }
    if (normalization != Normalization.NONE && normalization != Normalization.LN) {
      throw new IllegalArgumentException(
          "known models have LayerNorm (LN) or no normalisation (none), not "
              + normalization.label());
    }
  }

  /**
   * Settings of the smallest model of a vocabulary and a context.
   *
   * @param vocabulary the number of tokens, at least 2
   * @param context the longest sequence, at least 1
   * @return start token 0, as few layers and heads as the circuit has, standard positions, no
   *     normalisation, attention within 1e-7 of the rule and predictions of 20 nats
   */
  public static KnownSettings of(int vocabulary, int context) {
    return new KnownSettings(
        vocabulary,
        context,
        0,
        Placement.SMALLEST,
        Coding.AUTOMATIC,
        Sharpness.DEFAULT,
        Positions.STANDARD,
        Normalization.NONE,
        Distractors.NONE);
  }

  /**
   * Another start token.
   *
   * @param token of the vocabulary
   * @return new settings
   */
  public KnownSettings start(int token) {
    return new KnownSettings(
        vocabulary,
        context,
        token,
        placement,
        coding,
        sharpness,
        positions,
        normalization,
        distractors);
  }

  /**
   * A number of layers; those without a role have no or random weights.
   *
   * @param n at least as many as the circuit needs
   * @return new settings
   */
  public KnownSettings layers(int n) {
    return with(new Placement(n, placement.heads(), placement.places()));
  }

  /**
   * A number of heads per layer.
   *
   * @param n at least as many as the circuit needs
   * @return new settings
   */
  public KnownSettings heads(int n) {
    return with(new Placement(placement.layers(), n, placement.places()));
  }

  /**
   * Gives a role to a head.
   *
   * @param role of the circuit; roles that it does not have do not matter
   * @param layer from 0
   * @param head from 0
   * @return new settings
   */
  public KnownSettings place(Role role, int layer, int head) {
    return with(placement.with(role, new Head(layer, head)));
  }

  /**
   * How tokens and positions become vectors.
   *
   * @param kind of vectors
   * @return new settings
   */
  public KnownSettings coding(Coding kind) {
    return new KnownSettings(
        vocabulary,
        context,
        start,
        placement,
        kind,
        sharpness,
        positions,
        normalization,
        distractors);
  }

  /**
   * How sharp attention is.
   *
   * @param most attention that may go elsewhere than the rule says
   * @return new settings
   */
  public KnownSettings leak(double most) {
    return with(new Sharpness(most, sharpness.margin()));
  }

  /**
   * How clear predictions are.
   *
   * @param nats between the logit of what is predicted and all others, at least
   * @return new settings
   */
  public KnownSettings margin(double nats) {
    return with(new Sharpness(sharpness.leak(), nats));
  }

  /**
   * Where positions are added.
   *
   * @param kind {@link Positions#STANDARD}, or {@link Positions#SHORTFORMER} for queries and keys
   *     only
   * @return new settings
   */
  public KnownSettings positions(Positions kind) {
    return new KnownSettings(
        vocabulary, context, start, placement, coding, sharpness, kind, normalization, distractors);
  }

  /**
   * Whether the model has LayerNorm. With it the stream has mean 0 and, where heads write sharply,
   * a constant norm, so that LayerNorm changes nothing.
   *
   * @param kind {@link Normalization#NONE} or {@link Normalization#LN}
   * @return new settings
   */
  public KnownSettings normalization(Normalization kind) {
    return new KnownSettings(
        vocabulary, context, start, placement, coding, sharpness, positions, kind, distractors);
  }

  /**
   * Random weights for the heads without a role.
   *
   * @param deviation of each weight, 0.01 say
   * @param seed of the weights
   * @return new settings
   */
  public KnownSettings noise(double deviation, long seed) {
    return new KnownSettings(
        vocabulary,
        context,
        start,
        placement,
        coding,
        sharpness,
        positions,
        normalization,
        new Distractors(deviation, seed));
  }

  private KnownSettings with(Placement other) {
    return new KnownSettings(
        vocabulary,
        context,
        start,
        other,
        coding,
        sharpness,
        positions,
        normalization,
        distractors);
  }

  private KnownSettings with(Sharpness other) {
    return new KnownSettings(
        vocabulary,
        context,
        start,
        placement,
        coding,
        other,
        positions,
        normalization,
        distractors);
  }
}
