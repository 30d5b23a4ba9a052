package dev.circuitscope.examples.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.paths.HeadPath;
import dev.circuitscope.circuits.paths.ScorePart;
import dev.circuitscope.circuits.paths.ScoreTable;
import dev.circuitscope.circuits.paths.Source;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Shares of an induction head's attention scores")
class ScoreSharesTest {

  private static final Head FIRST = new Head(0, 0);
  private static final Head SECOND = new Head(0, 1);

  /** Token, position, first head from both sources, second head from both. */
  private static final List<ScorePart> PARTS =
      List.of(
          ScorePart.of(HeadPath.DIRECT, Source.TOKENS),
          ScorePart.of(HeadPath.DIRECT, Source.POSITIONS),
          ScorePart.of(HeadPath.of(FIRST), Source.TOKENS),
          ScorePart.of(HeadPath.of(FIRST), Source.POSITIONS),
          ScorePart.of(HeadPath.of(SECOND), Source.TOKENS),
          ScorePart.of(HeadPath.of(SECOND), Source.POSITIONS));

  static ScoreTable table(double[][] preferences) {
    double total = 0;
    for (double[] row : preferences) {
      for (double value : row) {
        total += value;
      }
    }
    return new ScoreTable(
        new Head(1, 0),
        PARTS,
        PARTS,
        preferences,
        preferences,
        preferences,
        1,
        total,
        Provenance.ofWeights(
            TransformerConfig.attentionOnly(2).heads(2).dModel(8).vocab(9).context(8).build()));
  }

  private final ScoreShares shares =
      ScoreShares.of(
          table(
              new double[][] {
                {0, 0.5, 1, 2, 3, 1},
                {0, 0, 0, 0, 0, 0.5},
                {0, 0, 1, 0, 0, 0},
                {0, 0, 0, 1, 0, 0},
                {0, 0, 0, 0, 0, 0},
                {0, 0, 0, 0, 0, 0}
              }));

  @Test
  void haveARowForEachDirectSourceAndEachHead() {
    assertThat(shares.parts()).containsExactly("token", "position", "L0H0", "L0H1");
    assertThat(shares.preferences())
        .isDeepEqualTo(new double[][] {{0, 0.5, 3, 4}, {0, 0, 0, 0.5}, {0, 0, 2, 0}, {0, 0, 0, 0}});
  }

  @Test
  void sumToTheWhole() {
    assertThat(shares.total()).isEqualTo(10);
  }

  @Test
  void ofKeyCompositionHaveTheTokenInTheQueryAndAHeadInTheKey() {
    assertThat(shares.keyComposition(SECOND)).isCloseTo(0.4, within(1e-12));
    assertThat(shares.keyComposition()).isCloseTo(0.7, within(1e-12));
  }

  @Test
  void sayWhatTheLargestOtherTermIs() {
    assertThat(shares.largestOther(SECOND)).isCloseTo(0.3, within(1e-12));
    assertThat(shares.largestOther(FIRST)).isCloseTo(0.4, within(1e-12));
  }
}
