package dev.circuitscope.circuits.ngrams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Initialization;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.text.BatchSource;
import dev.circuitscope.core.text.CharTokenizer;
import dev.circuitscope.core.text.Phrase;
import dev.circuitscope.core.text.PhraseBatches;
import dev.circuitscope.core.text.TokenSampler;
import dev.circuitscope.core.train.AdamWConfig;
import dev.circuitscope.core.train.ProgressDisplay;
import dev.circuitscope.core.train.Schedule;
import dev.circuitscope.core.train.Trainer;
import dev.circuitscope.core.train.TrainingConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SkipTrigramBugTest {

  private static final int KEEP = 3;
  private static final int IN = 4;
  private static final int AT = 5;
  private static final int MIND = 6;
  private static final int BAY = 7;
  private static final int VOCAB = 8;
  private static final Phrase IN_MIND = new Phrase(KEEP, IN, MIND);
  private static final Phrase AT_BAY = new Phrase(KEEP, AT, BAY);
  private static final BatchSource TEXT =
      PhraseBatches.of(List.of(IN_MIND, AT_BAY), TokenSampler.uniform(0, 3), VOCAB, 8, 1L);

  /**
   * One layer written by hand. A token is a unit vector; a head's query and key are one number
   * each, and it writes to the second half of the stream, which alone is unembedded.
   *
   * @param destinations for each head, which tokens attend to "keep"
   * @param outs for each head, what that raises
   */
  private static Transformer byHand(int[][] destinations, int[][] outs) {
    TransformerConfig config =
        TransformerConfig.attentionOnly(1)
            .heads(destinations.length)
            .dModel(2 * VOCAB)
            .dHead(1)
            .vocab(VOCAB)
            .context(8)
            .normalization(Normalization.NONE)
            .positions(Positions.NONE)
            .build();
    INDArray wE = Nd4j.zeros(VOCAB, 2 * VOCAB);
    INDArray wU = Nd4j.zeros(2 * VOCAB, VOCAB);
    for (int t = 0; t < VOCAB; t++) {
      wE.putScalar(t, t, 1);
      wU.putScalar(VOCAB + t, t, 1);
    }
    INDArray reads = Nd4j.zeros(destinations.length, 2 * VOCAB, 1);
    INDArray keys = reads.dup();
    INDArray writes = Nd4j.zeros(destinations.length, 1, 2 * VOCAB);
    for (int head = 0; head < destinations.length; head++) {
      for (int b : destinations[head]) {
        reads.putScalar(head, b, 0, 12);
      }
      keys.putScalar(head, KEEP, 0, 1);
      for (int c : outs[head]) {
        writes.putScalar(head, 0, VOCAB + c, 15);
      }
    }
    Weights weights =
        Weights.zeros(config)
            .with("embed.W_E", wE)
            .with("unembed.W_U", wU)
            .with("blocks.0.attn.W_Q", reads)
            .with("blocks.0.attn.W_K", keys)
            .with("blocks.0.attn.W_V", keys)
            .with("blocks.0.attn.W_O", writes);
    return Transformer.of(config, weights);
  }

  private static Transformer oneHead() {
    return byHand(new int[][] {{IN, AT}}, new int[][] {{MIND, BAY}});
  }

  private static Transformer twoHeads() {
    return byHand(new int[][] {{IN}, {AT}}, new int[][] {{MIND}, {BAY}});
  }

  /** The mean loss of the last token of each sequence. */
  private static double lossOfOuts(Transformer model, int[][] text) {
    INDArray losses = model.lossPerToken(text);
    return losses.getColumn(losses.size(1) - 1).meanNumber().doubleValue();
  }

  @Nested
  class One_head {

    @Test
    void makes_two_more_skip_trigrams_of_two_and_pays_the_choice_between_them() {
      Transformer model = oneHead();
      SkipTrigramBug bug =
          SkipTrigramBug.of(
              TrigramCircuit.of(model, new Head(0, 0)), IN_MIND, AT_BAY, TrigramStrength.PRODUCT);
      // score 12, of which the mean over 8 sources is 12 / 8; effect 15 less 2 * 15 / 8
      double strength = 10.5 * 11.25;
      assertThat(bug.triples())
          .allSatisfy(t -> assertThat(t.strength()).isCloseTo(strength, within(1e-9)));
      assertThat(bug.firstCross().phrase()).isEqualTo(new Phrase(KEEP, IN, BAY));
      assertThat(bug.secondCross().phrase()).isEqualTo(new Phrase(KEEP, AT, MIND));
      assertThat(bug.clearness()).isCloseTo(strength, within(1e-9));
      assertThat(lossOfOuts(model, TEXT.batch(0))).isCloseTo(Math.log(2), within(0.01));
    }

    @Test
    void shows_its_bug_to_a_search_by_weights_and_to_one_beside_a_text() {
      SkipTrigramSearch search =
          SkipTrigramSearch.of(oneHead()).named(CharTokenizer.ofAlphabet("abcdef"));
      SkipTrigramBug byWeights = search.clearestBug().orElseThrow();
      assertThat(byWeights.triples())
          .extracting(SkipTrigram::phrase)
          .containsExactlyInAnyOrder(
              IN_MIND, AT_BAY, new Phrase(KEEP, IN, BAY), new Phrase(KEEP, AT, MIND));
      SkipTrigramBug beside = search.clearestBug(TEXT.batch(0)).orElseThrow();
      assertThat(List.of(beside.first().phrase(), beside.second().phrase()))
          .containsExactlyInAnyOrder(IN_MIND, AT_BAY);
      assertThat(beside.counts().get(0) + beside.counts().get(1)).isEqualTo(64);
      assertThat(beside.counts().subList(2, 4)).containsExactly(0L, 0L);
      assertThat(beside.toString()).contains("0 times in the text").contains("'b' ... 'c'");
      assertThat(beside.toJson().getAsJsonArray("counts")).hasSize(4);
    }

    @Test
    void has_no_bug_beside_a_text_in_which_all_four_occur() {
      int[][] text = {{KEEP, 0, IN, MIND, AT, BAY}, {KEEP, IN, BAY, 1, AT, MIND}};
      assertThat(SkipTrigramSearch.of(oneHead()).clearestBug(text)).isEmpty();
      assertThat(SkipTrigramSearch.of(oneHead()).clearestBug(new int[0][])).isEmpty();
    }
  }

  @Nested
  class Two_heads {

    @Test
    void can_keep_the_skip_trigrams_apart() {
      assertThat(lossOfOuts(twoHeads(), TEXT.batch(0))).isLessThan(0.001);
      assertThat(SkipTrigramSearch.of(twoHeads()).clearestBug()).isEmpty();
      assertThat(SkipTrigramSearch.of(twoHeads()).clearestBug(TEXT.batch(0))).isEmpty();
    }
  }

  @Nested
  class In_any_head {

    @Test
    void the_strengths_of_both_pairs_have_the_same_product() {
      TrigramCircuit circuit = DenseTrigrams.random(new Head(0, 0), 30, 30, 6, 2L);
      SkipTrigramBug bug = SkipTrigramSearch.of(List.of(circuit)).clearestBug().orElseThrow();
      assertThat(bug.firstCross().strength() * bug.secondCross().strength())
          .isCloseTo(bug.first().strength() * bug.second().strength(), within(1e-8));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void the_clearest_is_that_of_all_quadruples(long seed) {
      TrigramCircuit circuit = DenseTrigrams.random(new Head(0, 0), 13, 13, 3, seed);
      double[][] p = circuit.preferences().product().toDoubleMatrix();
      double[][] e = circuit.effects().product().toDoubleMatrix();
      double best = 0;
      for (int a = 0; a < 13; a++) {
        for (int b = 0; b < 13; b++) {
          for (int b2 = 0; b2 < b; b2++) {
            for (int c = 0; c < 13; c++) {
              for (int c2 = 0; c2 < c; c2++) {
                double weakest =
                    TrigramStrength.PRODUCT.of(
                        Math.min(p[b][a], p[b2][a]), Math.min(e[a][c], e[a][c2]));
                best = Math.max(best, weakest);
              }
            }
          }
        }
      }
      SkipTrigramBug bug = SkipTrigramSearch.of(List.of(circuit)).clearestBug().orElseThrow();
      assertThat(bug.clearness()).isCloseTo(best, within(1e-12));
    }

    @Test
    void phrases_that_do_not_cross_are_refused() {
      TrigramCircuit circuit = TrigramCircuit.of(oneHead(), new Head(0, 0));
      for (Phrase other :
          List.of(new Phrase(0, AT, BAY), new Phrase(KEEP, IN, BAY), new Phrase(KEEP, AT, MIND))) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> SkipTrigramBug.of(circuit, IN_MIND, other, TrigramStrength.PRODUCT))
            .withMessageContaining("one source, two destinations and two outs");
      }
      SkipTrigram some = circuit.trigram(KEEP, IN, MIND, TrigramStrength.PRODUCT);
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> new SkipTrigramBug(some, some, some, some, List.of(1L), TokenNames.ids()));
    }
  }

  /**
   * Five outs, and a source for each ordered pair (x, y) of them: "source ... in x", "source ... at
   * y". In and at are followed by all outs alike, so only skip-trigrams predict them, and every
   * source has a reversed one.
   */
  @Nested
  class Trained {

    private static final int OUTS = 5;
    private static final int SOURCES = OUTS * (OUTS - 1);
    private static final int FIRST_OUT = SOURCES + 2;
    private static final int FILLER = FIRST_OUT + OUTS;
    private static final int TRAINED_VOCAB = FILLER + 20;

    private static List<Phrase> phrases() {
      List<Phrase> phrases = new ArrayList<>();
      int source = 0;
      for (int x = 0; x < OUTS; x++) {
        for (int y = 0; y < OUTS; y++) {
          if (x != y) {
            phrases.add(new Phrase(source, SOURCES, FIRST_OUT + x));
            phrases.add(new Phrase(source, SOURCES + 1, FIRST_OUT + y));
            source++;
          }
        }
      }
      return phrases;
    }

    private static PhraseBatches text(long seed) {
      TokenSampler filler = TokenSampler.uniform(FILLER, TRAINED_VOCAB);
      return PhraseBatches.of(phrases(), filler, TRAINED_VOCAB, 5, seed);
    }

    private static Transformer trained(int heads, long seed) {
      TransformerConfig config =
          TransformerConfig.attentionOnly(1)
              .heads(heads)
              .dModel(64)
              .dHead(16)
              .vocab(TRAINED_VOCAB)
              .context(5)
              .normalization(Normalization.NONE)
              .positions(Positions.NONE)
              .initialization(new Initialization(1, 0.7, 0.7, 0.7))
              .build();
      return Trainer.of(
              config,
              text(1L),
              TrainingConfig.steps(600)
                  .seed(seed)
                  .optimizer(AdamWConfig.of(3e-3))
                  .schedule(Schedule.cosine(0.05))
                  .progress(ProgressDisplay.OFF)
                  .build())
          .train()
          .model();
    }

    @Test
    void one_head_loses_to_two_and_has_bugs_that_are_found() {
      int[][] fresh = text(2L).inBatchesOf(1_000).batch(0);
      TrigramFilter phraseWords =
          TrigramFilter.any()
              .sources(t -> t < SOURCES)
              .withDestinations(SOURCES, SOURCES + 1)
              .outs(t -> t >= FIRST_OUT && t < FILLER);
      double one = 0;
      double two = 0;
      for (long seed = 1; seed <= 3; seed++) {
        Transformer model = trained(1, seed);
        one += lossOfOuts(model, fresh) / 3;
        two += lossOfOuts(trained(2, seed), fresh) / 3;
        SkipTrigramBug bug =
            SkipTrigramSearch.of(model).filter(phraseWords).clearestBug(fresh).orElseThrow();
        assertThat(bug.clearness()).isPositive();
        assertThat(phrases())
            .contains(bug.first().phrase(), bug.second().phrase())
            .doesNotContain(bug.firstCross().phrase(), bug.secondCross().phrase());
      }
      assertThat(two).isLessThan(0.15);
      assertThat(one).isGreaterThan(two + 0.2);
    }
  }
}
