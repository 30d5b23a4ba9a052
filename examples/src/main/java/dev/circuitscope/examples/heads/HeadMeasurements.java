package dev.circuitscope.examples.heads;

import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.heads.CopyingScores;
import dev.circuitscope.circuits.heads.EigenvalueScores;
import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.heads.PrefixMatchingScores;
import dev.circuitscope.circuits.heads.PreviousTokenScores;
import dev.circuitscope.circuits.heads.RepeatScores;
import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.RandomRepeats;
import dev.circuitscope.core.text.TokenSampler;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * Every score of every head of a model, as far as its context and vocabulary allow.
 *
 * @param model that was measured
 * @param startToken before every sequence of repeats, if there is one
 * @param seed of the sequences
 * @param scores previous token, duplicate token, induction, prefix matching, copying, OV copying
 */
record HeadMeasurements(
    Transformer model, OptionalInt startToken, long seed, List<MeasuredScore> scores) {

  private static final int SEQUENCES = 32;
  private static final int PAPER_PERIOD = 25;
  private static final int PAPER_COPIES = 4;
  private static final int PAPER_SEQUENCES = 10;
  private static final int RANDOM_HEADS = 100;

  /**
   * Measures everything.
   *
   * @throws IllegalArgumentException if the model has no heads, or no such start token
   */
  static HeadMeasurements of(Transformer model, OptionalInt startToken, long seed) {
    if (model.config().nLayers() == 0) {
      throw new IllegalArgumentException("the model has 0 layers, so it has no heads to measure");
    }
    if (startToken.isPresent()
        && (startToken.getAsInt() < 0 || startToken.getAsInt() >= model.config().dVocab())) {
      throw new IllegalArgumentException(
          "the start token %d is outside the vocabulary of %d"
              .formatted(startToken.getAsInt(), model.config().dVocab()));
    }
    return new HeadMeasurements(
        model, startToken, seed, new Measuring(model, startToken, seed).all());
  }

  /** The scores that could be measured. */
  List<HeadScores> measured() {
    return scores.stream().flatMap(score -> score.scores().stream()).toList();
  }

  /** Chooses sequences that fit the model. */
  private record Measuring(Transformer model, OptionalInt startToken, long seed) {

    List<MeasuredScore> all() {
      MeasuredScore ov = MeasuredScore.attempt("OV copying", this::ovCopying);
      MeasuredScore copying =
          MeasuredScore.attempt("copying", () -> CopyingScores.of(model, seed).score());
      if (context() < 4 || tokens() < 2) {
        String reason =
            "repeated tokens need a context of 4 and 2 different tokens; the context is %d, the vocabulary %d"
                .formatted(context(), model.config().dVocab());
        return List.of(
            MeasuredScore.attempt("previous token", this::previousTokenOnAnyTokens),
            MeasuredScore.missing("duplicate token", reason),
            MeasuredScore.missing("induction", reason),
            MeasuredScore.missing("prefix matching", reason),
            copying,
            ov);
      }
      RepeatScores repeats = RepeatScores.of(model, twoCopies(), RunSettings.plain());
      return List.of(
          MeasuredScore.of(repeats.previousToken()),
          MeasuredScore.of(repeats.duplicateToken()),
          MeasuredScore.of(repeats.induction()),
          MeasuredScore.of(prefixMatching(repeats)),
          copying,
          ov);
    }

    private HeadScores ovCopying() {
      return EigenvalueScores.ovCopying(Circuits.of(model), RANDOM_HEADS, seed).scores();
    }

    private int context() {
      return model.config().nCtx();
    }

    /** How many different tokens sequences are drawn from. */
    private int tokens() {
      return model.config().dVocab() - (startToken.isPresent() ? 1 : 0);
    }

    /** Blocks of up to 50 tokens that stand there twice; in a context of 4 without start token. */
    private RepeatSampling twoCopies() {
      if (context() == 4) {
        TokenSampler all = TokenSampler.uniform(0, model.config().dVocab());
        RandomRepeats repeats = RandomRepeats.ofBlocks(all, 2, 2).withDistinctTokens();
        return new RepeatSampling(repeats, SEQUENCES, seed);
      }
      return startToken.isPresent()
          ? RepeatSampling.startingWith(startToken.getAsInt(), model.config(), seed)
          : RepeatSampling.defaults(model.config(), seed);
    }

    /** On the paper's 4 copies if they fit, else on 2. */
    private HeadScores prefixMatching(RepeatScores repeats) {
      int period = Math.min(PAPER_PERIOD, Math.min((context() - 1) / PAPER_COPIES, tokens()));
      if (period < 2) {
        return repeats.prefixMatching();
      }
      TokenSampler sampler = twoCopies().repeats().tokens();
      RandomRepeats copies =
          RandomRepeats.ofBlocks(sampler, period, PAPER_COPIES).withDistinctTokens();
      return PrefixMatchingScores.of(
          model,
          new RepeatSampling(
              startToken.isPresent() ? copies.startingWith(startToken.getAsInt()) : copies,
              PAPER_SEQUENCES,
              seed),
          RunSettings.plain());
    }

    private HeadScores previousTokenOnAnyTokens() {
      if (context() < 2) {
        throw new IllegalArgumentException("nothing comes before the only token of a context of 1");
      }
      SplittableRandom random = new SplittableRandom(seed);
      int[][] tokens = new int[SEQUENCES][context()];
      for (int[] sequence : tokens) {
        for (int t = 0; t < sequence.length; t++) {
          sequence[t] = random.nextInt(model.config().dVocab());
        }
      }
      return PreviousTokenScores.ofTokens(model, tokens, RunSettings.plain());
    }
  }
}
