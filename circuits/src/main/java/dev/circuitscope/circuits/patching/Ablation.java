package dev.circuitscope.circuits.patching;

import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import java.util.OptionalLong;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Taking parts of a model out: what to put in place of their activations.
 *
 * <pre>{@code
 * var heads = Units.heads(new Head(1, 4), new Head(1, 6));
 * AblationEffect full = Ablation.zero(heads).effect(model, tokens, Metrics.loss(tokens));
 * AblationEffect only = Ablation.zero(heads).preservingPatterns().effect(model, tokens, metric);
 * INDArray logits     = model.run(tokens, Ablation.zero(heads).hooks(model, tokens).and(others));
 * }</pre>
 *
 * <p>Zero ablation and ablation that preserves patterns are those of In-context Learning and
 * Induction Heads, "Per-Token Loss Analysis" and its ablation methodology: with all patterns forced
 * to those of the unablated run, what the units no longer do is all that later layers miss, and in
 * an attention-only model without normalisation the logits change by the path terms that go through
 * them. Scales of normalisations are not held fixed.
 */
public final class Ablation {

  private static final Capture PATTERNS = Capture.matching(p -> p.site() == Site.PATTERN);

  private final Units units;
  private final Replacement replacement;
  private final boolean preserving;

  private Ablation(Units units, Replacement replacement, boolean preserving) {
    this.units = units;
    this.replacement = replacement;
    this.preserving = preserving;
  }

  /**
   * Puts zeros in place of the units' activations.
   *
   * @param units what to ablate
   * @return the ablation
   */
  public static Ablation zero(Units units) {
    return new Ablation(units, new Replacement.Zero(), false);
  }

  /**
   * Puts the units' mean activations on other sequences in their place.
   *
   * @param units what to ablate
   * @param reference [sequence, pos]; to average by position, as long as what will be run
   * @param over whether every position has its own mean
   * @return the ablation
   * @throws IllegalArgumentException if there is no sequence
   */
  public static Ablation mean(Units units, int[][] reference, MeanOver over) {
    return new Ablation(units, new Replacement.Mean(reference, over), false);
  }

  /**
   * Puts the units' activations on other sequences in their place: of one for each example, drawn
   * with replacement, the same for all units.
   *
   * @param units what to ablate
   * @param others [sequence, pos], as long as what will be run
   * @param seed decides, with an example's number, which sequence it gets
   * @return the ablation
   * @throws IllegalArgumentException if there is no sequence
   */
  public static Ablation resample(Units units, int[][] others, long seed) {
    return new Ablation(units, new Replacement.Resample(others, seed), false);
  }

  /**
   * The same ablation with the attention patterns of all heads forced to those of the unablated
   * run.
   *
   * @return a new ablation
   */
  public Ablation preservingPatterns() {
    return new Ablation(units, replacement, true);
  }

  /**
   * The ablation as hooks, to be composed with others.
   *
   * @param model that will run
   * @param tokens [batch, pos] that it will run on; unless patterns are preserved or sequences
   *     resampled, other tokens of the same length do as well
   * @return hooks for {@code model.run(tokens, hooks)}
   * @throws IllegalArgumentException if the model has no such units, or reference sequences are not
   *     as long as the tokens
   */
  public Hooks hooks(Transformer model, int[][] tokens) {
    Hooks hooks = replacement.hooks(units, model, tokens);
    return preserving ? patterns(model, tokens).and(hooks) : hooks;
  }

  /**
   * Measures a batch with and without the units.
   *
   * @param model to run
   * @param tokens [batch, pos], run at once
   * @param metric what to measure
   * @return both values
   * @throws IllegalArgumentException if the model has no such units, or the metric is NaN
   */
  public AblationEffect effect(Transformer model, int[][] tokens, Metric metric) {
    try (Run plain = model.runWithCache(tokens, Capture.nothing(), Hooks.none());
        Run ablated = model.runWithCache(tokens, Capture.nothing(), hooks(model, tokens))) {
      return new AblationEffect(
          toString(),
          metric.label(),
          MetricValues.of(metric, plain.logits(), "the unablated run"),
          MetricValues.of(metric, ablated.logits(), "the ablated run"),
          provenance(model, tokens));
    }
  }

  /**
   * The loss of every token with and without the units.
   *
   * @param model to run
   * @param tokens [batch, pos], run at once; pos at least 2
   * @return both losses
   * @throws IllegalArgumentException if the model has no such units
   */
  public AblatedLosses losses(Transformer model, int[][] tokens) {
    NextTokenLoss loss = new NextTokenLoss(tokens);
    try (Run plain = model.runWithCache(tokens, Capture.nothing(), Hooks.none());
        Run ablated = model.runWithCache(tokens, Capture.nothing(), hooks(model, tokens))) {
      return new AblatedLosses(
          toString(),
          loss.perToken(plain.logits()),
          loss.perToken(ablated.logits()),
          provenance(model, tokens));
    }
  }

  /**
   * What is ablated.
   *
   * @return the units
   */
  public Units units() {
    return units;
  }

  /** For example {@code zero ablation of L1H4, patterns preserved}. */
  @Override
  public String toString() {
    return replacement.label()
        + " ablation of "
        + units
        + (preserving ? ", patterns preserved" : "");
  }

  /** Hooks that force every pattern to that of a run of the model on the tokens. */
  static Hooks patterns(Transformer model, int[][] tokens) {
    Hooks hooks = Hooks.none();
    Run run = model.runWithCache(tokens, PATTERNS, Hooks.none());
    for (HookPoint point : run.cache().points()) {
      INDArray pattern = run.cache().get(point);
      hooks = hooks.and(Hooks.replace(point, pattern));
    }
    return hooks;
  }

  private static Provenance provenance(Transformer model, int[][] tokens) {
    return Provenance.of(
        model.config(), tokens, "given tokens", OptionalLong.empty(), RunSettings.plain());
  }
}
