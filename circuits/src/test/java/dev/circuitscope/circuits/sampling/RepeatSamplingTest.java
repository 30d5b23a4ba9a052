package dev.circuitscope.circuits.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.RepeatedSequences;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepeatSamplingTest {

  private static TransformerConfig config(int vocab, int context) {
    return TransformerConfig.attentionOnly(1)
        .heads(1)
        .dModel(4)
        .vocab(vocab)
        .context(context)
        .build();
  }

  @Nested
  class Defaults {

    @ParameterizedTest
    @CsvSource({"1000, 256, 50", "1000, 101, 50", "1000, 100, 49", "30, 256, 30", "2, 5, 2"})
    void theBlockIsAsLongAsContextAndVocabularyAllowUpTo50(int vocab, int context, int period) {
      RepeatedSequences drawn = RepeatSampling.defaults(config(vocab, context), 1L).draw();
      assertThat(drawn.batch()).isEqualTo(32);
      assertThat(drawn.period()).containsOnly(period);
      assertThat(drawn.length()).isEqualTo(2 * period);
    }

    @Test
    void theTokensOfABlockAreAllDifferent() {
      for (int[] tokens : RepeatSampling.defaults(config(60, 256), 1L).draw().tokens()) {
        assertThat(Arrays.stream(tokens).distinct().count()).isEqualTo(50);
      }
    }

    @Test
    void theSameSeedDrawsTheSameTokensAndAnotherOneOthers() {
      RepeatSampling one = RepeatSampling.defaults(config(1000, 256), 1L);
      assertThat(one.draw().tokens()).isDeepEqualTo(one.draw().tokens());
      assertThat(RepeatSampling.defaults(config(1000, 256), 2L).draw().tokens()[0])
          .isNotEqualTo(one.draw().tokens()[0]);
    }

    @Test
    void prefixMatchingRepeats25TokensFourTimesInTenSequences() {
      RepeatedSequences drawn = RepeatSampling.prefixMatching(config(1000, 256), 1L).draw();
      assertThat(drawn.batch()).isEqualTo(10);
      assertThat(drawn.period()).containsOnly(25);
      assertThat(drawn.length()).isEqualTo(100);
    }
  }

  @Nested
  class StartToken {

    @ParameterizedTest
    @CsvSource({"0", "17", "59"})
    void itStandsFirstAndNowhereElse(int bos) {
      RepeatedSequences drawn = RepeatSampling.startingWith(bos, config(60, 101), 1L).draw();
      assertThat(drawn.length()).isEqualTo(101);
      for (int[] tokens : drawn.tokens()) {
        assertThat(tokens[0]).isEqualTo(bos);
        assertThat(Arrays.stream(tokens).skip(1)).doesNotContain(bos);
      }
    }

    @Test
    void itMustBeInTheVocabulary() {
      assertThatThrownBy(() -> RepeatSampling.startingWith(60, config(60, 101), 1L))
          .hasMessageContaining("start token 60 is outside the vocabulary of 60");
    }
  }

  @Nested
  class Refusals {

    @Test
    void aContextWithoutRoomForTwoBlocksIsTooShort() {
      assertThatThrownBy(() -> RepeatSampling.defaults(config(100, 4), 1L))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("context of 4 is too short")
          .hasMessageContaining("5 are needed");
      assertThatThrownBy(() -> RepeatSampling.prefixMatching(config(100, 8), 1L))
          .hasMessageContaining("9 are needed");
    }

    @Test
    void aVocabularyWithoutTwoTokensIsTooSmall() {
      assertThatThrownBy(() -> RepeatSampling.defaults(config(1, 64), 1L))
          .hasMessageContaining("vocabulary of 1 is too small");
      assertThatThrownBy(() -> RepeatSampling.startingWith(0, config(2, 64), 1L))
          .hasMessageContaining("too small");
      assertThatThrownBy(() -> RepeatSampling.startingWith(0, config(1, 64), 1L))
          .hasMessageContaining("nothing but the start token");
    }

    @Test
    void atLeastOneSequenceIsDrawn() {
      assertThatThrownBy(() -> RepeatSampling.defaults(config(9, 64), 1L).withSequences(0))
          .hasMessageContaining("at least 1 sequence");
    }
  }
}
