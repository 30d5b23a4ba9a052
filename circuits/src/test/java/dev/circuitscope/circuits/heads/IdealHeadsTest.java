package dev.circuitscope.circuits.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.RandomRepeats;
import dev.circuitscope.core.text.TokenSampler;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class IdealHeadsTest {

  private static final int PERIOD = 11;

  private final TransformerConfig config =
      TransformerConfig.attentionOnly(2).heads(2).dModel(8).vocab(40).context(64).build();
  private final Transformer model = Transformer.create(config, 3L);
  private final RepeatSampling twice = blocks(2);
  private final RepeatSampling fourTimes = blocks(4);

  private static RepeatSampling blocks(int copies) {
    return new RepeatSampling(
        RandomRepeats.ofBlocks(TokenSampler.uniform(0, 40), PERIOD, copies).withDistinctTokens(),
        6,
        9L);
  }

  private RepeatScores scores(RepeatSampling sampling, Ideal.Attention attention) {
    return RepeatScores.of(model, sampling, Ideal.layer(1, attention));
  }

  @Nested
  class OnTwoCopies {

    @Test
    void aPerfectInductionHeadScoresExactlyOneAsInductionAndPrefixMatching() {
      RepeatScores scores = scores(twice, Ideal.back(PERIOD - 1));
      assertThat(scores.induction().score(1, 0)).isEqualTo(1);
      assertThat(scores.induction().standardError(new Head(1, 0))).isZero();
      assertThat(scores.prefixMatching().score(1, 1)).isEqualTo(1);
      assertThat(scores.duplicateToken().score(1, 0)).isZero();
      // Back to the first position from position 1 is the previous token, once in 21.
      assertThat(scores.previousToken().score(1, 0)).isCloseTo(1.0 / 21, within(1e-15));
    }

    @Test
    void aPerfectPreviousTokenHeadScoresExactlyOneAndNothingElse() {
      RepeatScores scores = scores(twice, Ideal.back(1));
      assertThat(scores.previousToken().score(1, 0)).isEqualTo(1);
      assertThat(scores.induction().score(1, 0)).isZero();
      assertThat(scores.prefixMatching().score(1, 0)).isZero();
      assertThat(scores.duplicateToken().score(1, 0)).isZero();
    }

    @Test
    void aPerfectDuplicateTokenHeadScoresExactlyOneAndNothingElseOnTheRepeats() {
      RepeatScores scores = scores(twice, Ideal.back(PERIOD));
      assertThat(scores.duplicateToken().score(1, 0)).isEqualTo(1);
      assertThat(scores.induction().score(1, 0)).isZero();
      assertThat(scores.prefixMatching().score(1, 0)).isZero();
    }

    @Test
    void uniformAttentionScoresTheChanceLevelInClosedForm() {
      RepeatScores scores = scores(twice, Ideal.uniform());
      double later = (Ideal.harmonic(2 * PERIOD) - Ideal.harmonic(PERIOD)) / PERIOD;
      double previous = (Ideal.harmonic(2 * PERIOD) - 1) / (2 * PERIOD - 1);
      assertChance(scores.induction(), later);
      assertChance(scores.prefixMatching(), later);
      assertChance(scores.duplicateToken(), later);
      assertChance(scores.previousToken(), previous);
    }

    @Test
    void otherLayersKeepTheirOwnScores() {
      HeadScores plain = InductionScores.of(model, twice, Ideal.layer(1, Ideal.uniform()));
      HeadScores hooked = InductionScores.of(model, twice, Ideal.layer(1, Ideal.back(PERIOD - 1)));
      assertThat(hooked.values()[0]).isEqualTo(plain.values()[0]);
      assertThat(hooked.best()).isEqualTo(new Head(1, 0));
    }
  }

  @Nested
  class OnFourCopies {

    @Test
    void aHeadThatSpreadsOverAllEarlierCopiesReachesOneInPrefixMatchingOnly() {
      RepeatScores scores =
          scores(
              fourTimes,
              (dest, src) -> {
                int copies = dest / PERIOD;
                boolean target = copies > 0 && src > 0 && (dest - src + 1) % PERIOD == 0;
                return target && src < dest - PERIOD + 2 ? 1.0 / copies : 0;
              });
      assertThat(scores.prefixMatching().score(1, 0)).isCloseTo(1, within(1e-7));
      // All of copy 2's attention, half of copy 3's and a third of copy 4's goes one copy back.
      assertThat(scores.induction().score(1, 0)).isCloseTo((1 + 0.5 + 1 / 3.0) / 3, within(1e-7));
    }

    @Test
    void uniformAttentionScoresTheChanceLevelInClosedForm() {
      RepeatScores scores = scores(fourTimes, Ideal.uniform());
      double[] ofCopy = new double[5];
      for (int copy = 2; copy <= 4; copy++) {
        ofCopy[copy] = Ideal.harmonic(copy * PERIOD) - Ideal.harmonic((copy - 1) * PERIOD);
      }
      double all = (ofCopy[2] + 2 * ofCopy[3] + 3 * ofCopy[4]) / (3 * PERIOD);
      double latest = (ofCopy[2] + ofCopy[3] + ofCopy[4]) / (3 * PERIOD);
      assertChance(scores.prefixMatching(), all);
      assertChance(scores.duplicateToken(), all);
      assertChance(scores.induction(), latest);
    }
  }

  private static void assertChance(HeadScores scores, double expected) {
    assertThat(scores.chance()).as(scores.name()).isCloseTo(expected, within(1e-14));
    assertThat(scores.score(1, 0)).as(scores.name()).isCloseTo(expected, within(1e-8));
  }
}
