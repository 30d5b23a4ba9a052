package dev.circuitscope.circuits.paths;

import static dev.circuitscope.circuits.paths.FrozenRunTest.EXACT;
import static dev.circuitscope.circuits.paths.FrozenRunTest.MODELS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.attribution.LogitDirections;
import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PathExpansionTest {

  private static FrozenReference model(int layers) {
    return FrozenReference.of(TestModels.config(layers, Normalization.LN, Positions.STANDARD));
  }

  private static INDArray sum(PathExpansion paths) {
    INDArray sum = paths.remainderLogits();
    paths.terms().forEach(term -> sum.addi(paths.logits(term)));
    return sum;
  }

  private static double[] values(INDArray x) {
    return x.dup('c').data().asDouble();
  }

  @Nested
  class TermsAndRemainderSumToTheModelsLogits {

    @ParameterizedTest
    @MethodSource(MODELS)
    void ofAllOrders(TransformerConfig config) {
      FrozenReference reference = FrozenReference.of(config);
      int order = Math.min(2, config.nLayers());
      TensorAssert.assertThat(values(sum(PathExpansion.of(reference.frozen(), order))))
          .isCloseTo(reference.run.logits().values(), EXACT);
    }

    @ParameterizedTest
    @MethodSource(MODELS)
    void withEachSourceApart(TransformerConfig config) {
      FrozenReference reference = FrozenReference.of(config);
      PathExpansion paths = PathExpansion.of(reference.frozen(), PathOptions.upTo(1).bySource());
      TensorAssert.assertThat(values(sum(paths))).isCloseTo(reference.run.logits().values(), EXACT);
    }

    @Test
    void whateverOrderIsTheLastThatIsListed() {
      FrozenReference reference = model(3);
      for (int order = 0; order <= 4; order++) {
        PathExpansion paths = PathExpansion.of(reference.frozen(), order);
        TensorAssert.assertThat(values(sum(paths)))
            .isCloseTo(reference.run.logits().values(), EXACT);
        boolean complete = order >= 3;
        assertThat(paths.remainder().norm() == 0).isEqualTo(complete);
      }
    }
  }

  @Nested
  class ATerm {

    /** Inclusion and exclusion of the heads on a path, by core's plain forward pass. */
    @Test
    void isWhatIsLeftOfItsHeadsWhenThePathsThroughFewerOfThemAreTakenOff() {
      FrozenReference reference = model(3);
      Head a = new Head(0, 1);
      Head b = new Head(1, 2);
      Head c = new Head(2, 0);
      double[] expected = new double[6 * 11];
      for (int some = 0; some < 8; some++) {
        Set<Head> on =
            Map.of(a, 1, b, 2, c, 4).entrySet().stream()
                .filter(bit(some))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        double[] logits = reference.run(reference.tokens, on::contains).logits().values();
        int sign = (3 - on.size()) % 2 == 0 ? 1 : -1;
        for (int i = 0; i < logits.length; i++) {
          expected[i] += sign * logits[i];
        }
      }
      PathExpansion paths = PathExpansion.of(reference.frozen(), 3);
      PathTerm term = paths.term(HeadPath.of(a, b, c));
      TensorAssert.assertThat(values(paths.logits(term))).isCloseTo(expected, EXACT);
    }

    private Predicate<Map.Entry<Head, Integer>> bit(int some) {
      return entry -> (entry.getValue() & some) != 0;
    }

    @Test
    void hasTheNormShareAndEffectOfItsCentredLogits() {
      FrozenReference reference = model(2);
      FrozenRun run = reference.frozen();
      PathExpansion paths = PathExpansion.of(run, PathOptions.upTo(2).bySource());
      double[] all = centred(run.logits());
      paths
          .terms()
          .forEach(
              term -> {
                double[] x = centred(paths.logits(term));
                double effect = 0;
                for (int t = 0; t < 5; t++) {
                  effect += x[t * 11 + reference.tokens[t + 1]] / 5;
                }
                assertThat(term.size().norm()).isCloseTo(Math.sqrt(dot(x, x) / 6), within(1e-9));
                assertThat(term.size().share())
                    .isCloseTo(dot(x, all) / dot(all, all), within(1e-10));
                assertThat(term.size().effect()).isCloseTo(effect, within(1e-10));
              });
    }

    @Test
    void hasTheNormOfItsCentredLogitsWhateverTheVocabulary() {
      TransformerConfig config =
          TransformerConfig.attentionOnly(1).heads(2).dModel(6).dHead(3).vocab(9001).build();
      ReferenceTransformer model = ReferenceTransformer.of(config, TestModels.weights(config, 1));
      PathExpansion paths = PathExpansion.of(FrozenRun.of(model, new int[] {8, 9000}), 1);
      PathTerm term = paths.term(HeadPath.of(new Head(0, 1)));
      double squares = 0;
      double[] logits = values(paths.logits(term));
      for (int t = 0; t < 2; t++) {
        double sum = 0;
        for (int v = 0; v < 9001; v++) {
          sum += logits[t * 9001 + v];
          squares += logits[t * 9001 + v] * logits[t * 9001 + v];
        }
        squares -= sum * sum / 9001;
      }
      assertThat(term.size().norm()).isCloseTo(Math.sqrt(squares / 2), within(1e-8));
    }

    @Test
    void hasItsEffectOnTheLogitsAndThePositionThatAreAskedFor() {
      FrozenRun run = model(2).frozen();
      LogitDirections difference = LogitDirections.token(7).minus(LogitDirections.token(2));
      PathExpansion paths = PathExpansion.of(run, PathOptions.upTo(1).along(difference).at(4));
      paths
          .terms()
          .forEach(
              term -> {
                INDArray logits = paths.logits(term);
                assertThat(term.size().effect())
                    .isCloseTo(logits.getDouble(4, 7) - logits.getDouble(4, 2), within(1e-10));
              });
    }

    @Test
    void hasAnEffectThatIsTheMeanOverAllPositionsOfAGivenToken() {
      FrozenRun run = model(1).frozen();
      PathExpansion paths =
          PathExpansion.of(run, PathOptions.upTo(1).along(LogitDirections.token(3)));
      double[] all = centred(run.logits());
      double mean = 0;
      for (int t = 0; t < 6; t++) {
        mean += all[t * 11 + 3] / 6;
      }
      assertThat(paths.total().effect()).isCloseTo(mean, within(1e-10));
    }

    private double[] centred(INDArray logits) {
      double[] x = values(logits);
      for (int t = 0; t < 6; t++) {
        double mean = 0;
        for (int v = 0; v < 11; v++) {
          mean += x[t * 11 + v] / 11;
        }
        for (int v = 0; v < 11; v++) {
          x[t * 11 + v] -= mean;
        }
      }
      return x;
    }

    private double dot(double[] a, double[] b) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += a[i] * b[i];
      }
      return sum;
    }
  }

  @Nested
  class TheListOfTerms {

    @Test
    void hasEveryPathOnce() {
      for (int layers = 0; layers <= 3; layers++) {
        for (int order = 0; order <= 4; order++) {
          PathExpansion paths = PathExpansion.of(model(layers).frozen(), order);
          List<String> labels = paths.terms().map(PathTerm::label).toList();
          assertThat(labels).doesNotHaveDuplicates();
          assertThat(paths.count()).isEqualTo(BigInteger.valueOf(labels.size()));
        }
      }
      Map<Integer, Long> byOrder =
          PathExpansion.of(model(3).frozen(), 3)
              .terms()
              .collect(
                  Collectors.groupingBy(
                      t -> t.path().order(), TreeMap::new, Collectors.counting()));
      assertThat(byOrder).isEqualTo(Map.of(0, 1L, 1, 9L, 2, 27L, 3, 27L));
    }

    @Test
    void isDepthFirstAndComputedAsItIsAskedFor() {
      TransformerConfig deep =
          TransformerConfig.attentionOnly(30).heads(3).dModel(6).dHead(2).vocab(7).build();
      FrozenRun run =
          FrozenRun.of(
              ReferenceTransformer.of(deep, TestModels.weights(deep, 1)), new int[] {1, 2});
      PathExpansion paths = PathExpansion.of(run, 30);
      assertThat(paths.count()).isEqualTo(BigInteger.valueOf(4).pow(30));
      assertThat(paths.terms().limit(4).map(PathTerm::label))
          .containsExactly("direct", "L0H0", "L0H0 -> L1H0", "L0H0 -> L1H0 -> L2H0");
    }

    @Test
    void namesItsSources() {
      assertThat(
              PathExpansion.of(model(1).frozen(), PathOptions.upTo(1).bySource())
                  .terms()
                  .limit(4)
                  .map(PathTerm::label))
          .containsExactly("embed: direct", "pos_embed: direct", "biases: direct", "embed: L0H0");
    }
  }

  @Nested
  class ATable {

    @Test
    void saysWhatTheStrongestTermsLeave() {
      PathTable table = PathExpansion.of(model(3).frozen(), 2).table(4, PathRanking.SHARE);
      double shares = table.strongest().stream().mapToDouble(t -> t.size().share()).sum();
      assertThat(shares + table.otherShare() + table.remainder().share())
          .isCloseTo(1, within(1e-10));
      assertThat(table.total().share()).isCloseTo(1, within(1e-10));
      assertThat(table.toString())
          .startsWith("37 terms up to order 2")
          .contains("other terms", "paths of order > 2", "1 sequence of 6 tokens");
      assertThat(table.toJson().getAsJsonArray("strongest")).hasSize(4);
    }

    @Test
    void overManySequencesHasTheMeansOfEach() {
      FrozenReference reference = model(2);
      int[][] sequences = TestModels.tokens(reference.model.config(), 4, 6, 3);
      PathTable mean =
          PathTable.mean(
              FrozenRuns.of(reference.model, sequences),
              PathOptions.upTo(1),
              3,
              PathRanking.EFFECT);
      for (PathTerm term : mean.strongest()) {
        double effect = 0;
        for (int[] sequence : sequences) {
          PathExpansion paths = PathExpansion.of(FrozenRun.of(reference.model, sequence), 1);
          effect += paths.term(term.path()).size().effect() / 4;
        }
        assertThat(term.size().effect()).isCloseTo(effect, within(1e-10));
      }
    }
  }

  /**
   * One layer, one head that attends by position alone, two tokens: W_E = I, W_V W_O = 2 X with X
   * the exchange of both coordinates, W_U = I, no normalisation. Scores are 0, so position 1
   * attends to both positions alike.
   */
  @Test
  void aModelOfTwoTokensIsExpandedAsByHand() {
    TransformerConfig config =
        TransformerConfig.attentionOnly(1)
            .heads(1)
            .dModel(2)
            .dHead(2)
            .vocab(2)
            .context(2)
            .normalization(Normalization.NONE)
            .positions(Positions.NONE)
            .build();
    ReferenceTransformer model =
        ReferenceTransformer.of(config, TestModels.weights(config, 1))
            .with("embed.W_E", new double[] {1, 0, 0, 1})
            .with("unembed.W_U", new double[] {1, 0, 0, 1})
            .with("unembed.b_U", new double[] {0, 0})
            .with("blocks.0.attn.W_Q", new double[4])
            .with("blocks.0.attn.b_Q", new double[2])
            .with("blocks.0.attn.W_V", new double[] {0, 1, 1, 0})
            .with("blocks.0.attn.b_V", new double[2])
            .with("blocks.0.attn.W_O", new double[] {2, 0, 0, 2})
            .with("blocks.0.attn.b_O", new double[2]);
    PathExpansion paths = PathExpansion.of(FrozenRun.of(model, new int[] {0, 1}), 1);
    TensorAssert.assertThat(paths.logits(paths.term(HeadPath.DIRECT)))
        .isCloseTo(matrix(1, 0, 0, 1), Tolerance.DOUBLES);
    PathTerm head = paths.term(HeadPath.of(new Head(0, 0)));
    TensorAssert.assertThat(paths.logits(head)).isCloseTo(matrix(0, 2, 1, 1), Tolerance.DOUBLES);
    // centred: (-1, 1) and (0, 0); of all logits (1, 2), (1, 2): (-1/2, 1/2) twice
    assertThat(head.size().norm()).isCloseTo(1, within(1e-12));
    assertThat(head.size().share()).isCloseTo(1, within(1e-12));
    assertThat(head.size().effect()).isCloseTo(1, within(1e-12));
    PathTerm direct = paths.term(HeadPath.DIRECT);
    assertThat(direct.size().share()).isCloseTo(0, within(1e-12));
    assertThat(direct.size().effect()).isCloseTo(-0.5, within(1e-12));
  }

  private static INDArray matrix(double... x) {
    return Nd4j.createFromArray(x).castTo(DataType.DOUBLE).reshape('c', 2, 2);
  }

  @Test
  void refusesTokensAndPositionsThatThereAreNot() {
    FrozenRun run = model(1).frozen();
    assertThatThrownBy(
            () -> PathExpansion.of(run, PathOptions.upTo(1).along(LogitDirections.token(11))))
        .hasMessage("no logit of token 11: the model predicts tokens 0 to 10");
    assertThatThrownBy(() -> PathExpansion.of(run, PathOptions.upTo(1).at(6)))
        .hasMessage("effects are asked for at position 6 of a run of 6 positions");
    assertThatThrownBy(() -> PathExpansion.of(run, -1)).hasMessageContaining("was -1");
  }
}
