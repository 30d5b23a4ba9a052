package dev.circuitscope.circuits.known;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.ngrams.BigramTable;
import dev.circuitscope.circuits.ngrams.SkipTrigram;
import dev.circuitscope.circuits.ngrams.SkipTrigramSearch;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.text.MarkovBatches;
import dev.circuitscope.core.text.MarkovChain;
import dev.circuitscope.core.text.Phrase;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KnownNgramsTest {

  @Nested
  class SkipTrigrams {

    private List<Phrase> drawn(int vocabulary, int start, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      return Stream.generate(
              () ->
                  new Phrase(
                      random.nextInt(1, vocabulary) % vocabulary,
                      random.nextInt(1, vocabulary),
                      random.nextInt(1, vocabulary)))
          .filter(p -> p.source() != start && p.destination() != start && p.out() != start)
          .distinct()
          .limit(12)
          .toList();
    }

    @Test
    void thatWereBuiltAreFoundAndNoOthers() {
      for (KnownSettings settings :
          List.of(
              KnownSettings.of(30, 20).heads(4),
              KnownSettings.of(2000, 64).start(1999).heads(3),
              KnownSettings.of(200, 20).normalization(Normalization.LN).heads(3))) {
        List<Phrase> built = drawn(settings.vocabulary(), settings.start(), 17L);
        KnownModel known = KnownCircuits.skipTrigrams(settings, built);
        List<SkipTrigram> found = SkipTrigramSearch.of(known.model()).strongest(40).triples();
        double strongest = found.get(0).strength();
        assertThat(
                found.stream()
                    .filter(t -> t.strength() > 0.2 * strongest)
                    .map(SkipTrigram::phrase)
                    .toList())
            .containsExactlyInAnyOrderElementsOf(built);
        assertThat(found.get(0).head()).isIn(known.heads().get(Role.SKIP_TRIGRAM));
      }
    }

    @Test
    void ofOneSourceAndDifferentOutsHaveNoBugBecauseTheyHaveTwoHeads() {
      KnownModel known = KnownCircuits.named("skip-trigrams", KnownSettings.of(30, 20));
      assertThat(known.heads().get(Role.SKIP_TRIGRAM))
          .containsExactly(new Head(0, 0), new Head(0, 1));
      assertThat(SkipTrigramSearch.of(known.model()).clearestBug()).isEmpty();
    }
  }

  @Nested
  class Bigrams {

    @Test
    void areReadBackAsTheTableThatWasGiven() {
      SplittableRandom random = new SplittableRandom(2);
      double[][] table =
          Stream.generate(() -> random.doubles(9, -5, 5).toArray())
              .limit(9)
              .toArray(double[][]::new);
      BigramTable read = BigramTable.of(KnownCircuits.bigram(table, 8).model());
      assertThat(read.exact()).isTrue();
      for (int token = 0; token < 9; token++) {
        assertThat(read.logits(token)).containsExactly(table[token], within(1e-6));
      }
    }

    @Test
    void ofAMarkovChainHaveTheLossOfItsEntropyRate() {
      MarkovChain chain = MarkovChain.random(16, 0.5, 3L);
      double[][] logs = new double[16][16];
      for (int a = 0; a < 16; a++) {
        for (int b = 0; b < 16; b++) {
          logs[a][b] = Math.max(-60, Math.log(chain.transitions(a)[b]));
        }
      }
      int[][] tokens = new int[200][];
      MarkovBatches batches = MarkovBatches.of(chain, 200, 129, 5L);
      for (int row = 0; row < tokens.length; row++) {
        tokens[row] = batches.sequence(0, row);
      }
      KnownModel known = KnownCircuits.bigram(logs, 129);
      assertThat(known.model().loss(tokens)).isCloseTo(chain.entropyRate(), within(0.02));
    }
  }
}
