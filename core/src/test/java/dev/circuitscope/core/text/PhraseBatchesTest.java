package dev.circuitscope.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PhraseBatchesTest {

  private static final List<Phrase> PHRASES =
      List.of(new Phrase(0, 1, 2), new Phrase(0, 3, 4), new Phrase(5, 1, 4));
  private static final PhraseBatches BATCHES =
      PhraseBatches.of(PHRASES, TokenSampler.uniform(6, 9), 9, 7, 2L);

  @Test
  void everySequenceEndsInAPhraseWhoseSourceStandsSomewhereBefore() {
    Set<Phrase> seen = new HashSet<>();
    Set<Integer> places = new HashSet<>();
    for (int[] s : BATCHES.inBatchesOf(500).batch(0)) {
      int[] before = Arrays.stream(s, 0, 5).filter(token -> token < 6).toArray();
      assertThat(before).hasSize(1);
      Phrase phrase = new Phrase(before[0], s[5], s[6]);
      assertThat(PHRASES).contains(phrase);
      seen.add(phrase);
      for (int t = 0; t < 5; t++) {
        if (s[t] == before[0]) {
          places.add(t);
        }
      }
    }
    assertThat(seen).hasSize(3);
    assertThat(places).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
  }

  @Test
  void aSequenceDependsOnItsSeedStepAndRowAlone() {
    assertThat(BATCHES.batch(9)[63]).isEqualTo(BATCHES.sequence(9, 63));
    assertThat(BATCHES.inBatchesOf(1).batch(9)[0]).isEqualTo(BATCHES.sequence(9, 0));
    assertThat(BATCHES.batch(1)).isNotEqualTo(BATCHES.batch(2));
  }

  @Test
  void theShortestSequenceIsAPhrase() {
    PhraseBatches bare =
        PhraseBatches.of(PHRASES.subList(0, 1), TokenSampler.uniform(6, 9), 9, 3, 0L);
    assertThat(bare.sequence(0, 0)).containsExactly(0, 1, 2);
  }

  @Test
  void impossiblePhrasesAreRefused() {
    TokenSampler filler = TokenSampler.uniform(6, 9);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhraseBatches.of(List.of(), filler, 9, 7, 0L));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhraseBatches.of(PHRASES, filler, 9, 2, 0L));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhraseBatches.of(PHRASES, filler, 8, 7, 0L))
        .withMessageContaining("filler");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhraseBatches.of(List.of(new Phrase(0, 9, 1)), filler, 9, 7, 0L))
        .withMessageContaining("token 9");
  }
}
