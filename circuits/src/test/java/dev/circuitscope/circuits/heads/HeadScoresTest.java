package dev.circuitscope.circuits.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.RepeatedSequences;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HeadScoresTest {

  private static final double NAN = Double.NaN;

  private static TransformerConfig config(int layers) {
    return TransformerConfig.attentionOnly(layers).heads(3).dModel(6).vocab(20).context(32).build();
  }

  private static HeadScores scores(double[][] values) {
    Provenance provenance =
        Provenance.of(
            config(2), new int[][] {{1, 2}}, "two tokens", OptionalLong.of(4), RunSettings.plain());
    double[][] errors = {{0.1, 0.1, 0.1}, {0.1, NAN, 0.1}};
    return new HeadScores("test", "a score", values, errors, 0.25, 1, provenance);
  }

  private final HeadScores scores = scores(new double[][] {{0.5, 0.1, 0.9}, {0.9, 0.2, 0.3}});

  @Nested
  class Reading {

    @Test
    void theBestHeadIsTheFirstOfTheHighest() {
      assertThat(scores.best()).hasToString("L0H2");
      assertThat(scores.ranking())
          .map(Head::toString)
          .containsExactly("L0H2", "L1H0", "L0H0", "L1H2", "L1H1", "L0H1");
    }

    @Test
    void headsAreAddressedByLayerAndNumber() {
      assertThat(scores.score(0, 1)).isEqualTo(0.1);
      assertThat(scores.score(new Head(1, 2))).isEqualTo(0.3);
      assertThat(scores.standardError(new Head(0, 0))).isEqualTo(0.1);
    }

    @Test
    void aHeadThatTheModelLacksIsRefused() {
      assertThatThrownBy(() -> scores.score(2, 0))
          .hasMessage("no test score of L2H0: the model has 2 layers of 3 heads");
      assertThatThrownBy(() -> scores.score(0, 3)).hasMessageContaining("L0H3");
      assertThatThrownBy(() -> scores.score(-1, 0)).hasMessageContaining("counted from 0");
    }

    @Test
    void itPrintsATableWithTheBestHeadAndWhereItComesFrom() {
      String[] lines = scores.toString().lines().toArray(String[]::new);
      assertThat(lines)
          .startsWith(
              "test: a score",
              "          H0      H1      H2",
              "L0     0.500   0.100   0.900",
              "L1     0.900   0.200   0.300",
              "best L0H2 0.900 +- 0.100; chance 0.250");
      assertThat(lines[5]).startsWith("1 sequence of 2 tokens: two tokens, seed 4, SHA-256 ");
    }

    @Test
    void itIsStrictJsonWithNullForAMissingError() throws Exception {
      JsonObject json = Json.parse(Json.toString(scores.toJson()), "scores").getAsJsonObject();
      assertThat(json.getAsJsonArray("values").toString())
          .isEqualTo("[[0.5,0.1,0.9],[0.9,0.2,0.3]]");
      assertThat(json.getAsJsonArray("standard_errors").toString())
          .isEqualTo("[[0.1,0.1,0.1],[0.1,null,0.1]]");
      assertThat(json.get("chance").getAsDouble()).isEqualTo(0.25);
      assertThat(json.getAsJsonObject("provenance").get("seed").getAsLong()).isEqualTo(4);
    }
  }

  @Nested
  class Immutability {

    @Test
    void changingAnArrayThatWentInOrCameOutChangesNothing() {
      double[][] values = {{0, 0, 0}, {0, 0, 0}};
      HeadScores zero = scores(values);
      values[1][1] = 7;
      zero.values()[0][0] = 7;
      zero.standardErrors()[0][0] = 7;
      assertThat(zero.values()).isDeepEqualTo(new double[2][3]);
      assertThat(zero.standardErrors()[0][0]).isEqualTo(0.1);
    }
  }

  @Nested
  class Refusals {

    @Test
    void aGridThatDoesNotFitTheModelIsRefused() {
      assertThatThrownBy(() -> scores(new double[][] {{1, 2, 3}, {1, 2}}))
          .hasMessage("values of the test score must be [2 layers][3 heads], were [3, 2]");
    }

    @Test
    void aScoreThatIsNotANumberIsRefused() {
      assertThatThrownBy(() -> scores(new double[][] {{1, 2, 3}, {1, NAN, 3}}))
          .hasMessageContaining("test score of L1H1 is NaN");
    }

    @Test
    void sequencesInWhichNothingRepeatsGiveNoScore() {
      Transformer model = Transformer.create(config(1), 1L);
      int[][] different = {{1, 2, 3, 4}};
      assertThatThrownBy(() -> DuplicateTokenScores.ofTokens(model, different, RunSettings.plain()))
          .hasMessageContaining("duplicate token score has nothing to average")
          .hasMessageContaining("1 sequences");
      assertThatThrownBy(
              () -> PreviousTokenScores.ofTokens(model, new int[][] {{1}}, RunSettings.plain()))
          .hasMessageContaining("nothing to average");
    }

    @Test
    void sequencesWithoutRepeatsAreLeftOutBesideOthers() {
      Transformer model = Transformer.create(config(1), 1L);
      int[][] repeating = {{5, 2, 5, 2}};
      int[][] both = {{1, 2, 3, 4}, {5, 2, 5, 2}};
      HeadScores one = DuplicateTokenScores.ofTokens(model, repeating, RunSettings.plain());
      HeadScores two = DuplicateTokenScores.ofTokens(model, both, RunSettings.plain());
      assertThat(two.values()).isDeepEqualTo(one.values());
      assertThat(two.samples()).isEqualTo(1);
      assertThat(two.chance()).isEqualTo(one.chance());
    }

    @Test
    void blocksOfOneTokenHaveNoInduction() {
      Transformer model = Transformer.create(config(1), 1L);
      RepeatedSequences same =
          new RepeatedSequences(new int[][] {{4, 4, 4}}, new int[] {1}, new int[] {0});
      assertThatThrownBy(() -> InductionScores.of(model, same, RunSettings.plain()))
          .hasMessageContaining("blocks of at least 2 tokens");
    }

    @Test
    void targetsAfterTheDestinationAndTargetsOfOtherLengthsAreRefused() {
      Transformer model = Transformer.create(config(1), 1L);
      int[][] tokens = {{1, 2}};
      HeadDetector ahead =
          new HeadDetector("ahead", "attention ahead", (b, t) -> new int[][] {{1}, {}});
      assertThatThrownBy(() -> ahead.scores(model, tokens, RunSettings.plain()))
          .hasMessageContaining("position 0 of sequence 0 cannot attend to 1");
      HeadDetector few = new HeadDetector("few", "too few", (b, t) -> new int[][] {{0}});
      assertThatThrownBy(() -> few.scores(model, tokens, RunSettings.plain()))
          .hasMessageContaining("sequence 0 has 2 tokens, targets were given for 1");
    }

    @Test
    void sequencesLongerThanTheContextAreRefusedByTheModel() {
      RepeatSampling longer =
          RepeatSampling.defaults(config(1).toBuilder().context(64).build(), 1L);
      Transformer model = Transformer.create(config(1), 1L);
      assertThatThrownBy(() -> InductionScores.of(model, longer, RunSettings.plain()))
          .hasMessageContaining("exceeds the model's context of 32");
    }
  }

  @Nested
  class ModelsWithoutLayers {

    private final HeadScores none = InductionScores.of(Transformer.create(config(0), 1L), 1L);

    @Test
    void haveNoHeadsAndNoBestOne() {
      assertThat(none.values()).isEmpty();
      assertThat(none.ranking()).isEmpty();
      assertThat(none.toString()).startsWith("induction: ");
      assertThatThrownBy(none::best).hasMessageContaining("no best head");
    }
  }
}
