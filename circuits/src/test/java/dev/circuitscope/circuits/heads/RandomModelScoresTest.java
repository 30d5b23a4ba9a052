package dev.circuitscope.circuits.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.IntRange;
import dev.circuitscope.core.text.RandomRepeats;
import dev.circuitscope.core.text.RepeatedSequences;
import dev.circuitscope.core.text.TokenSampler;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Scores against sums written out over the whole patterns of random models. */
class RandomModelScoresTest {

  private static final int SEQUENCES = 7;

  private final TransformerConfig config =
      TransformerConfig.attentionOnly(2).heads(3).dModel(24).vocab(30).context(50).build();
  private final Transformer model = Transformer.create(config, 11L);

  /** Few different tokens, so that some repeat by chance, in blocks at random places. */
  private final RepeatSampling sampling =
      new RepeatSampling(
          RandomRepeats.atRandomPlaces(TokenSampler.uniform(3, 25), 40)
              .withPeriods(new IntRange(3, 12))
              .startingWith(0),
          SEQUENCES,
          2L);

  private final RepeatedSequences repeats = sampling.draw();

  /** How much of A[dest, src] counts. */
  private interface Mask {
    boolean counts(int[] tokens, int dest, int src);
  }

  private interface Destination {
    boolean counts(int sequence, int dest);
  }

  /** Mean over sequences of sum of A * mask over the number of destinations. */
  private double[] expected(Head head, Mask mask, Destination destination) {
    INDArray pattern =
        model.runWithCache(repeats.tokens()).cache().get(HookPoint.pattern(head.layer()));
    DescriptiveStatistics means = new DescriptiveStatistics();
    for (int b = 0; b < SEQUENCES; b++) {
      double sum = 0;
      int destinations = 0;
      for (int dest = 0; dest < repeats.length(); dest++) {
        if (destination.counts(b, dest)) {
          destinations++;
          for (int src = 0; src < repeats.length(); src++) {
            if (mask.counts(repeats.tokens()[b], dest, src)) {
              sum += pattern.getDouble(b, head.head(), dest, src);
            }
          }
        }
      }
      means.addValue(sum / destinations);
    }
    return new double[] {means.getMean(), means.getStandardDeviation() / Math.sqrt(SEQUENCES)};
  }

  private void assertScores(HeadScores scores, Mask mask, Destination destination) {
    assertThat(scores.samples()).isEqualTo(SEQUENCES);
    assertThat(scores.ranking()).hasSize(6);
    for (Head head : scores.ranking()) {
      double[] expected = expected(head, mask, destination);
      assertThat(scores.score(head)).as("%s", head).isCloseTo(expected[0], within(1e-6));
      assertThat(scores.standardError(head)).as("%s", head).isCloseTo(expected[1], within(1e-6));
    }
  }

  private boolean later(int sequence, int dest) {
    return dest >= repeats.offset()[sequence] + repeats.period()[sequence];
  }

  private static boolean occurredBefore(int[] tokens, int dest) {
    return IntStream.range(0, dest).anyMatch(src -> tokens[src] == tokens[dest]);
  }

  private static boolean follows(int[] tokens, int dest, int src) {
    return src > 0 && src <= dest && tokens[src - 1] == tokens[dest];
  }

  @Test
  void inductionIsTheDiagonalOnePeriodBackMinusOne() {
    for (Head head : InductionScores.of(model, sampling, RunSettings.plain()).ranking()) {
      INDArray pattern =
          model.runWithCache(repeats.tokens()).cache().get(HookPoint.pattern(head.layer()));
      double total = 0;
      for (int b = 0; b < SEQUENCES; b++) {
        double sum = 0;
        int count = 0;
        for (int src = repeats.offset()[b] + 1;
            src + repeats.period()[b] - 1 < repeats.length();
            src++) {
          sum += pattern.getDouble(b, head.head(), src + repeats.period()[b] - 1, src);
          count++;
        }
        total += sum / count / SEQUENCES;
      }
      assertThat(InductionScores.of(model, repeats, RunSettings.plain()).score(head))
          .isCloseTo(total, within(1e-6));
    }
  }

  @Test
  void prefixMatchingIsTheSumOverTokensAfterEarlierOccurrences() {
    assertScores(
        PrefixMatchingScores.of(model, sampling, RunSettings.plain()),
        RandomModelScoresTest::follows,
        this::later);
  }

  @Test
  void prefixMatchingOnTextAsksAtEveryTokenThatOccurredBefore() {
    assertScores(
        PrefixMatchingScores.ofTokens(model, repeats.tokens(), RunSettings.plain()),
        RandomModelScoresTest::follows,
        (b, dest) -> occurredBefore(repeats.tokens()[b], dest));
  }

  @Test
  void duplicateTokenIsTheSumOverEarlierOccurrences() {
    assertScores(
        DuplicateTokenScores.of(model, sampling, RunSettings.plain()),
        (tokens, dest, src) -> src < dest && tokens[src] == tokens[dest],
        this::later);
    assertScores(
        DuplicateTokenScores.ofTokens(model, repeats.tokens(), RunSettings.plain()),
        (tokens, dest, src) -> src < dest && tokens[src] == tokens[dest],
        (b, dest) -> occurredBefore(repeats.tokens()[b], dest));
  }

  @Test
  void previousTokenIsTheFirstSubdiagonal() {
    Mask previous = (tokens, dest, src) -> src == dest - 1;
    assertScores(
        PreviousTokenScores.of(model, sampling, RunSettings.plain()), previous, (b, d) -> d > 0);
    assertScores(
        PreviousTokenScores.ofTokens(model, repeats.tokens(), RunSettings.plain()),
        previous,
        (b, d) -> d > 0);
  }

  @Test
  void oneCallGivesWhatFourCallsGive() {
    RunSettings plain = RunSettings.plain();
    RepeatScores all = RepeatScores.of(model, sampling, plain);
    assertSame(all.induction(), InductionScores.of(model, sampling, plain));
    assertSame(all.prefixMatching(), PrefixMatchingScores.of(model, sampling, plain));
    assertSame(all.previousToken(), PreviousTokenScores.of(model, sampling, plain));
    assertSame(all.duplicateToken(), DuplicateTokenScores.of(model, sampling, plain));
    assertSame(all.induction(), RepeatScores.of(model, repeats, plain).induction());
  }

  @Test
  void theOneLinersMeasureTheDefaults() {
    RepeatSampling defaults = RepeatSampling.defaults(config, 5L);
    RunSettings plain = RunSettings.plain();
    assertSame(InductionScores.of(model, 5L), InductionScores.of(model, defaults, plain));
    assertSame(PreviousTokenScores.of(model, 5L), PreviousTokenScores.of(model, defaults, plain));
    assertSame(DuplicateTokenScores.of(model, 5L), DuplicateTokenScores.of(model, defaults, plain));
    assertSame(RepeatScores.of(model, 5L).induction(), InductionScores.of(model, 5L));
    assertSame(
        PrefixMatchingScores.of(model, 5L),
        PrefixMatchingScores.of(model, RepeatSampling.prefixMatching(config, 5L), plain));
    assertThat(InductionScores.of(model, 5L).provenance().seed()).hasValue(5L);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, SEQUENCES, 100})
  void theBatchSizeChangesNothing(int batch) {
    RepeatScores expected = RepeatScores.of(model, sampling, RunSettings.plain());
    RepeatScores scores = RepeatScores.of(model, sampling, RunSettings.plain().inBatchesOf(batch));
    for (int i = 0; i < 4; i++) {
      assertSame(scores.all().get(i), expected.all().get(i));
    }
  }

  @Test
  void anAblationUpstreamChangesScoresDownstreamOnly() {
    HeadScores plain = InductionScores.of(model, sampling, RunSettings.plain());
    HeadScores ablated =
        InductionScores.of(model, sampling, RunSettings.with(Hooks.zeroHead(new Head(0, 1))));
    assertThat(ablated.values()[0]).isEqualTo(plain.values()[0]);
    assertThat(ablated.values()[1]).isNotEqualTo(plain.values()[1]);
    assertThat(ablated.provenance().hooks()).isEqualTo("blocks.0.attn.hook_z");
  }

  private static void assertSame(HeadScores a, HeadScores b) {
    assertThat(a.values()).isDeepEqualTo(b.values());
    assertThat(a.standardErrors()).isDeepEqualTo(b.standardErrors());
    assertThat(a.chance()).isEqualTo(b.chance());
    assertThat(a.name()).isEqualTo(b.name());
  }
}
