package dev.circuitscope.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RandomRepeatsTest {
  private static final TokenSampler TOKENS = TokenSampler.uniform(100, 200);

  @Nested
  class Blocks {
    @Test
    void stand_one_after_another_behind_the_start_token() {
      RepeatedSequences sequences =
          RandomRepeats.ofBlocks(TOKENS, 5, 3).startingWith(7).generate(4, 1);
      assertThat(sequences.tokens()).hasDimensions(4, 16);
      for (int[] row : sequences.tokens()) {
        int[] block = Arrays.copyOfRange(row, 1, 6);
        assertThat(row[0]).isEqualTo(7);
        assertThat(Arrays.stream(block)).allMatch(token -> token >= 100 && token < 200);
        assertThat(Arrays.copyOfRange(row, 6, 11)).isEqualTo(block);
        assertThat(Arrays.copyOfRange(row, 11, 16)).isEqualTo(block);
      }
      assertThat(sequences.period()).containsOnly(5);
      assertThat(sequences.offset()).containsOnly(1);
    }

    @Test
    void know_where_an_induction_head_attends() {
      RepeatedSequences sequences =
          RandomRepeats.ofBlocks(TOKENS, 5, 2).startingWith(7).generate(1, 1);
      assertThat(sequences.firstRepeat(0)).isEqualTo(6);
      assertThat(sequences.isRepeat(0, 5)).isFalse();
      assertThat(sequences.inductionTarget(0, 6)).isEqualTo(2);
      int[] row = sequences.tokens()[0];
      for (int pos = 6; pos < 10; pos++) {
        assertThat(row[sequences.inductionTarget(0, pos)]).isEqualTo(row[pos + 1]);
      }
      assertThatIllegalArgumentException().isThrownBy(() -> sequences.inductionTarget(0, 5));
      assertThatIllegalArgumentException().isThrownBy(() -> sequences.inductionTarget(0, 11));
    }

    @Test
    void depend_on_seed_and_row_only() {
      RandomRepeats options = RandomRepeats.ofBlocks(TOKENS, 5, 2);
      int[][] eight = options.generate(8, 3).tokens();
      assertThat(options.generate(2, 3).tokens()).isDeepEqualTo(Arrays.copyOf(eight, 2));
      assertThat(options.generate(1, 4).tokens()[0]).isNotEqualTo(eight[0]);
      assertThat(eight[1]).isNotEqualTo(eight[0]);
    }

    @Test
    void have_different_tokens_when_asked_to() {
      RandomRepeats options = RandomRepeats.ofBlocks(TOKENS, 100, 2).withDistinctTokens();
      for (int[] row : options.generate(3, 1).tokens()) {
        assertThat(Arrays.copyOf(row, 100)).doesNotHaveDuplicates();
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> RandomRepeats.ofBlocks(TOKENS, 101, 2).withDistinctTokens())
          .withMessageContaining("100 different tokens");
    }

    @Test
    void of_one_token_and_of_no_sequence_exist() {
      int[] row = RandomRepeats.ofBlocks(TOKENS, 1, 2).generate(1, 0).tokens()[0];
      assertThat(row).hasSize(2);
      assertThat(row[0]).isEqualTo(row[1]);
      assertThat(RandomRepeats.ofBlocks(TOKENS, 1, 2).generate(0, 0).batch()).isZero();
      assertThatIllegalArgumentException().isThrownBy(() -> RandomRepeats.ofBlocks(TOKENS, 0, 2));
      assertThatIllegalArgumentException().isThrownBy(() -> RandomRepeats.ofBlocks(TOKENS, 5, 1));
    }
  }

  @Nested
  class Random_places {
    @Test
    void vary_and_are_recorded() {
      RandomRepeats options = RandomRepeats.atRandomPlaces(TOKENS, 48).startingWith(0);
      RepeatedSequences sequences = options.generate(500, 1);
      Set<Integer> periods = new HashSet<>();
      Set<Integer> offsets = new HashSet<>();
      for (int b = 0; b < 500; b++) {
        periods.add(sequences.period()[b]);
        offsets.add(sequences.offset()[b]);
        for (int pos = sequences.firstRepeat(b); pos < sequences.length(); pos++) {
          assertThat(sequences.tokens()[b][pos])
              .isEqualTo(sequences.tokens()[b][pos - sequences.period()[b]]);
        }
        assertThat(sequences.firstRepeat(b) + sequences.period()[b]).isLessThanOrEqualTo(49);
      }
      assertThat(periods).hasSize(16 - 6 + 1);
      assertThat(offsets).hasSize(17).allMatch(offset -> offset >= 1 && offset <= 17);
    }

    @Test
    void leave_room_for_a_whole_repetition() {
      RandomRepeats options = RandomRepeats.atRandomPlaces(TOKENS, 3);
      assertThat(options.generate(10, 1).length()).isEqualTo(3);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> options.withPrefixes(IntRange.of(2)))
          .withMessageContaining("do not fit into 3");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> RandomRepeats.atRandomPlaces(TOKENS, 1));
    }
  }

  @Nested
  class Sequences_made_by_hand {
    @Test
    void must_repeat_as_they_say() {
      int[][] tokens = {{9, 1, 2, 1, 2}};
      assertThat(new RepeatedSequences(tokens, new int[] {2}, new int[] {1}).length()).isEqualTo(5);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new RepeatedSequences(tokens, new int[] {2}, new int[] {0}))
          .withMessageContaining("does not repeat at position 2");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new RepeatedSequences(tokens, new int[0], new int[] {0}));
    }
  }

  @Nested
  class A_sampler {
    private final TokenFrequencies frequencies =
        TokenFrequencies.ofCounts(new long[] {0, 10, 30, 60, 0});

    @Test
    void follows_the_frequencies() {
      TokenSampler sampler = TokenSampler.byFrequency(frequencies);
      int[] drawn = new int[5];
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < 100_000; i++) {
        drawn[sampler.draw(random)]++;
      }
      assertThat(drawn[0] + drawn[4]).isZero();
      assertThat(drawn[1]).isCloseTo(10_000, within(500)); // over 5 standard deviations
      assertThat(drawn[2]).isCloseTo(30_000, within(800));
    }

    @Test
    void draws_different_tokens_as_one_by_one_without_putting_back() {
      TokenSampler sampler = TokenSampler.byFrequency(frequencies);
      SplittableRandom random = new SplittableRandom(2);
      int threeThenTwo = 0;
      for (int i = 0; i < 50_000; i++) {
        int[] pair = sampler.drawDistinct(2, random);
        assertThat(pair[0]).isNotEqualTo(pair[1]);
        threeThenTwo += pair[0] == 3 && pair[1] == 2 ? 1 : 0;
      }
      // 0.6, and then 0.3 of the 0.4 that are left
      assertThat(threeThenTwo / 50_000.0).isCloseTo(0.6 * 0.3 / 0.4, within(0.012));
      assertThat(sampler.drawDistinct(0, random)).isEmpty();
      assertThat(sampler.drawDistinct(3, random)).containsExactlyInAnyOrder(1, 2, 3);
      assertThatIllegalArgumentException().isThrownBy(() -> sampler.drawDistinct(4, random));
    }

    @Test
    void leaves_out_the_extremes() {
      TokenSampler sampler = TokenSampler.byFrequency(frequencies);
      assertThat(sampler.withoutExtremes(0.34, 0.34).ids()).containsExactly(2);
      assertThat(sampler.withoutExtremes(0.34, 0).uniform().ids()).containsExactly(2, 1);
      assertThatIllegalArgumentException().isThrownBy(() -> sampler.withoutExtremes(0.5, 0.5));
      assertThatIllegalArgumentException().isThrownBy(() -> sampler.withoutExtremes(-0.1, 0));
    }

    @Test
    void needs_a_token() {
      assertThatIllegalArgumentException().isThrownBy(() -> TokenSampler.uniform(3, 3));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TokenSampler.byFrequency(TokenFrequencies.ofCounts(new long[5])));
    }
  }
}
