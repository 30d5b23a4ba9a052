package dev.circuitscope.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BatchesTest {
  /** 0, 1, 2, ... so that a window shows where it was taken. */
  private static final TokenizedCorpus COUNTING = counting(1000);

  private static TokenizedCorpus counting(int size) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size; i++) {
      text.appendCodePoint(0x4000 + i);
    }
    return TokenizedCorpus.of(
        Corpus.ofTexts("counting", text.toString()), CharTokenizer.ofAlphabet(text.toString()));
  }

  static Stream<BatchSource> sources() {
    BatchSource text = TextBatches.of(COUNTING, 4, 32, 5);
    BatchSource repeats = RepeatedTextBatches.of(COUNTING, 4, 32, 5);
    return Stream.of(
        text,
        repeats,
        MixtureBatches.of(text, repeats, 0.5, 5),
        RandomRepeatBatches.of(
            RandomRepeats.atRandomPlaces(TokenSampler.uniform(2, 1000), 31).startingWith(0),
            1002,
            4,
            5));
  }

  @Nested
  class Every_source {
    static Stream<BatchSource> sources() {
      return BatchesTest.sources();
    }

    @ParameterizedTest
    @MethodSource("sources")
    void gives_the_same_batch_for_a_step_whatever_was_asked_before(BatchSource source) {
      int[][] later = source.batch(1_000_000_007);
      int[][] first = source.batch(0);
      assertThat(source.batch(1_000_000_007)).isDeepEqualTo(later);
      assertThat(source.batch(0)).isDeepEqualTo(first);
      assertThat(Arrays.deepEquals(first, later)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("sources")
    void gives_different_sequences_for_different_steps_and_rows(BatchSource source) {
      Set<String> seen = new HashSet<>();
      for (int step = 0; step < 20; step++) {
        for (int[] sequence : source.batch(step)) {
          seen.add(Arrays.toString(sequence));
        }
      }
      assertThat(seen).hasSizeGreaterThan(70);
    }

    @ParameterizedTest
    @MethodSource("sources")
    void has_the_shape_and_vocabulary_it_says(BatchSource source) {
      for (int step = 0; step < 50; step++) {
        int[][] batch = source.batch(step);
        assertThat(batch).hasDimensions(source.batchSize(), source.sequenceLength());
        for (int[] sequence : batch) {
          assertThat(sequence[0]).as("start token").isZero();
          assertThat(Arrays.stream(sequence)).allMatch(t -> t >= 0 && t < source.vocabSize());
        }
      }
      assertThat(source.describe()).contains("4 x 32 tokens", "seed 5");
    }
  }

  @Nested
  class Text {
    @Test
    void windows_are_successive_tokens_behind_the_start_token() {
      for (int[] window : TextBatches.of(COUNTING, 200, 10, 1).batch(7)) {
        for (int i = 2; i < 10; i++) {
          assertThat(window[i]).isEqualTo(window[i - 1] + 1);
        }
      }
    }

    @Test
    void windows_keep_their_first_token_when_asked_to() {
      TextBatches with = TextBatches.of(COUNTING, 50, 10, 1);
      int[][] plain = with.withoutBos().batch(3);
      int[][] started = with.batch(3);
      for (int b = 0; b < 50; b++) {
        assertThat(Arrays.copyOfRange(started[b], 1, 10))
            .isEqualTo(Arrays.copyOfRange(plain[b], 1, 10));
        assertThat(plain[b][1] - plain[b][0]).isIn(1, 2); // 2 between start token and first
      }
    }

    @Test
    void windows_start_at_every_place_equally_often() {
      TokenizedCorpus small = counting(12); // 13 tokens, so 4 places for 10 of them
      int[] starts = new int[4];
      for (int[] window : TextBatches.of(small, 40_000, 10, 9).batch(0)) {
        starts[window[1] - 2]++;
      }
      for (int count : starts) {
        assertThat(count).isCloseTo(10_000, within(400)); // 4.6 standard deviations
      }
    }

    @Test
    void of_the_length_of_the_corpus_has_one_window() {
      TokenizedCorpus small = counting(5);
      assertThat(TextBatches.of(small, 1, 6, 0).batch(1)[0]).containsExactly(0, 2, 3, 4, 5, 6);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TextBatches.of(small, 1, 7, 0))
          .withMessageContainingAll("7 tokens", "6 tokens");
      assertThatIllegalArgumentException().isThrownBy(() -> TextBatches.of(small, 0, 3, 0));
      assertThatIllegalArgumentException().isThrownBy(() -> TextBatches.of(small, 1, 0, 0));
    }
  }

  @Nested
  class Repeated_text {
    @Test
    void is_a_successive_block_that_repeats_with_periods_of_the_whole_range() {
      Set<Integer> periods = new HashSet<>();
      for (int[] window : RepeatedTextBatches.of(COUNTING, 2000, 32, 1).withoutBos().batch(0)) {
        int period = 1;
        while (!hasPeriod(window, period)) {
          period++;
        }
        periods.add(period);
        int breaks = 0; // each pass is successive, so it breaks only where a pass begins anew
        for (int i = 1; i < 32; i++) {
          breaks +=
              window[i] == Math.max(2, window[i - 1] + 1) ? 0 : 1; // 2 follows the start token
        }
        assertThat(breaks).isLessThanOrEqualTo(32 / period + 1);
      }
      assertThat(periods).contains(8, 9, 15, 16).allMatch(p -> p >= 8 && p <= 16);
    }

    @Test
    void scattered_is_a_repeated_block_of_tokens_from_anywhere() {
      Set<Integer> differences = new HashSet<>();
      for (int[] window :
          RepeatedTextBatches.of(COUNTING, 500, 32, 1)
              .withPeriods(IntRange.of(8))
              .scattered()
              .withoutBos()
              .batch(0)) {
        assertThat(hasPeriod(window, 8)).isTrue();
        differences.add(window[1] - window[0]);
      }
      assertThat(differences).hasSizeGreaterThan(300); // passages of a count differ by 1
    }

    @Test
    void begins_at_random_offsets_within_the_block() {
      TokenizedCorpus ten = counting(9);
      Set<Integer> firsts = new HashSet<>();
      BatchSource source =
          RepeatedTextBatches.of(ten, 500, 32, 1).withPeriods(IntRange.of(10)).withoutBos();
      for (int[] window : source.batch(0)) {
        firsts.add(window[0]);
      }
      assertThat(firsts).hasSize(10); // one place, ten offsets
    }

    @Test
    void fits_short_sequences_and_refuses_impossible_periods() {
      assertThat(RepeatedTextBatches.of(COUNTING, 1, 1, 0).batch(0)[0]).containsExactly(0);
      assertThat(RepeatedTextBatches.of(COUNTING, 1, 6, 0).batch(0)).hasDimensions(1, 6);
      RepeatedTextBatches source = RepeatedTextBatches.of(COUNTING, 1, 32, 0);
      assertThatIllegalArgumentException().isThrownBy(() -> source.withPeriods(IntRange.of(0)));
      assertThatIllegalArgumentException().isThrownBy(() -> source.withPeriods(IntRange.of(2000)));
      assertThatIllegalArgumentException().isThrownBy(() -> new IntRange(3, 2));
    }

    private static boolean hasPeriod(int[] window, int period) {
      for (int i = period; i < window.length; i++) {
        if (window[i] != window[i - period]) {
          return false;
        }
      }
      return true;
    }
  }

  @Nested
  class A_mixture {
    private final BatchSource text = TextBatches.of(COUNTING, 100, 32, 1);
    private final BatchSource repeats = RepeatedTextBatches.of(COUNTING, 100, 32, 1);

    @Test
    void takes_each_sequence_unchanged_from_one_of_the_sources() {
      MixtureBatches mixture = MixtureBatches.of(text, repeats, 0.3, 2);
      for (int step = 0; step < 20; step++) {
        int[][] batch = mixture.batch(step);
        int fromRepeats = 0;
        for (int row = 0; row < 100; row++) {
          boolean second = mixture.isFromSecond(step, row);
          fromRepeats += second ? 1 : 0;
          assertThat(batch[row]).isEqualTo((second ? repeats : text).sequence(step, row));
        }
        assertThat(fromRepeats).isBetween(10, 50); // 30 and 4.4 standard deviations
      }
    }

    @Test
    void of_share_zero_or_one_is_one_of_them() {
      assertThat(MixtureBatches.of(text, repeats, 0, 2).batch(3)).isDeepEqualTo(text.batch(3));
      assertThat(MixtureBatches.of(text, repeats, 1, 2).batch(3)).isDeepEqualTo(repeats.batch(3));
    }

    @Test
    void refuses_sources_that_do_not_fit() {
      BatchSource shorter = TextBatches.of(COUNTING, 100, 31, 1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> MixtureBatches.of(text, shorter, 0.5, 2))
          .withMessageContainingAll("sequence length", "32", "31");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> MixtureBatches.of(text, repeats, 1.5, 2))
          .withMessageContaining("1.5");
    }
  }
}
