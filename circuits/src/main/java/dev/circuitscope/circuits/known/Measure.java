package dev.circuitscope.circuits.known;

import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.heads.CopyingScores;
import dev.circuitscope.circuits.heads.DuplicateTokenScores;
import dev.circuitscope.circuits.heads.EigenvalueScores;
import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.heads.InductionScores;
import dev.circuitscope.circuits.heads.PrefixMatchingScores;
import dev.circuitscope.circuits.heads.PreviousTokenScores;
import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;

/** The scores of heads that known models make promises about. */
public enum Measure {
  /** {@link InductionScores} on random repeats after the start token. */
  INDUCTION {
    @Override
    public HeadScores of(KnownModel known, long seed) {
      return InductionScores.of(known.model(), known.repeats(seed), RunSettings.plain());
    }
  },
  /** {@link PrefixMatchingScores} on random repeats after the start token. */
  PREFIX_MATCHING {
    @Override
    public HeadScores of(KnownModel known, long seed) {
      return PrefixMatchingScores.of(known.model(), known.repeats(seed), RunSettings.plain());
    }
  },
  /** {@link PreviousTokenScores} on random repeats after the start token. */
  PREVIOUS_TOKEN {
    @Override
    public HeadScores of(KnownModel known, long seed) {
      return PreviousTokenScores.of(known.model(), known.repeats(seed), RunSettings.plain());
    }
  },
  /** {@link DuplicateTokenScores} on random repeats after the start token. */
  DUPLICATE_TOKEN {
    @Override
    public HeadScores of(KnownModel known, long seed) {
      return DuplicateTokenScores.of(known.model(), known.repeats(seed), RunSettings.plain());
    }
  },
  /** {@link CopyingScores} on distinct random tokens: 4 r - 1. */
  COPYING {
    @Override
    public HeadScores of(KnownModel known, long seed) {
      return CopyingScores.of(known.model(), seed).score();
    }
  },
  /** {@link EigenvalueScores#ovCopying}, of the weights alone. */
  OV_COPYING {
    @Override
    public HeadScores of(KnownModel known, long seed) {
      return EigenvalueScores.ovCopying(Circuits.of(known.model()), 2, seed).scores();
    }
  };

  /**
   * Measures every head of a known model.
   *
   * @param known what to measure
   * @param seed of the sequences; see {@link RepeatSampling#startingWith}
   * @return the scores
   * @throws IllegalArgumentException if the context or the vocabulary is too small for the score
   */
  public abstract HeadScores of(KnownModel known, long seed);
}
