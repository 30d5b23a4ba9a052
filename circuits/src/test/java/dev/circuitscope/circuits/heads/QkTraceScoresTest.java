package dev.circuitscope.circuits.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.known.KnownCircuits;
import dev.circuitscope.circuits.known.KnownModel;
import dev.circuitscope.circuits.known.KnownSettings;
import dev.circuitscope.circuits.known.Role;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.processing.WeightProcessing;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.indexing.NDArrayIndex;

class QkTraceScoresTest {

  private static Transformer random(int layers, Normalization norm) {
    return random(layers, norm, 11);
  }

  private static Transformer random(int layers, Normalization norm, int vocab) {
    return Transformer.create(
        TransformerConfig.attentionOnly(layers)
            .heads(2)
            .dModel(12)
            .dHead(4)
            .vocab(vocab)
            .context(20)
            .positions(Positions.SHORTFORMER)
            .normalization(norm)
            .build(),
        5L);
  }

  @Nested
  class AgainstTheWholeMatrix {

    @ParameterizedTest
    @EnumSource(
        value = Normalization.class,
        names = {"NONE", "LN_PRE"})
    void theTraceIsThatOfTheVocabularyByVocabularyMatrix(Normalization norm) {
      Transformer model = random(3, norm);
      HeadScores previous = PreviousTokenScores.of(model, 3L);
      QkTraceScores scores = QkTraceScores.of(Circuits.of(model), previous);
      for (Head head : Circuits.of(model).heads()) {
        RealMatrix whole = whole(model, head, previous, norm == Normalization.LN_PRE);
        assertThat(scores.trace().score(head))
            .as("%s", head)
            .isCloseTo(whole.getTrace(), within(1e-12 + 1e-9 * Math.abs(whole.getTrace())));
      }
    }

    @Test
    void thePositivityIsThatOfItsEigenvalues() {
      // as many tokens as d_head: the second implementation needs a matrix of full rank
      Transformer model = random(2, Normalization.NONE, 4);
      HeadScores previous = PreviousTokenScores.of(model, 3L);
      QkTraceScores scores = QkTraceScores.of(Circuits.of(model), previous);
      Head head = new Head(1, 1);
      EigenDecomposition eigen = new EigenDecomposition(whole(model, head, previous, false));
      double sum = 0;
      double magnitudes = 0;
      for (int i = 0; i < 4; i++) {
        sum += eigen.getRealEigenvalue(i);
        magnitudes += Math.hypot(eigen.getRealEigenvalue(i), eigen.getImagEigenvalue(i));
      }
      assertThat(scores.positivity().score(head)).isCloseTo(sum / magnitudes, within(1e-9));
    }

    @Test
    void foldingTheNormalisationsWeightsBeforehandChangesNothing() {
      Transformer model =
          KnownCircuits.induction(
                  KnownSettings.of(9, 20).normalization(Normalization.LN).noise(0.02, 4L))
              .model();
      HeadScores previous = PreviousTokenScores.of(model, 3L);
      Transformer folded = WeightProcessing.foldLayerNorm(model);
      double[][] plain = QkTraceScores.of(Circuits.of(model), previous).trace().values();
      double[][] before =
          QkTraceScores.of(Circuits.of(folded), PreviousTokenScores.of(folded, 3L))
              .trace()
              .values();
      for (int layer = 0; layer < plain.length; layer++) {
        for (int h = 0; h < plain[layer].length; h++) {
          assertThat(before[layer][h])
              .isCloseTo(plain[layer][h], within(1e-6 + 1e-4 * Math.abs(plain[layer][h])));
        }
      }
    }

    /** W_E W_Q W_K^T (sum prev W_V W_O)^T W_E^T, every product written out. */
    private RealMatrix whole(Transformer model, Head head, HeadScores previous, boolean centres) {
      RealMatrix embed = matrix(model.weights().get("embed.W_E").toDoubleMatrix());
      int d = embed.getColumnDimension();
      RealMatrix centre = matrix(new double[d][d]);
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
          centre.setEntry(i, j, (i == j ? 1 : 0) - (centres ? 1.0 / d : 0));
        }
      }
      RealMatrix moved = matrix(new double[d][d]);
      for (int layer = 0; layer < head.layer(); layer++) {
        for (int e = 0; e < 2; e++) {
          RealMatrix ov = slice(model, layer, "W_V", e).multiply(slice(model, layer, "W_O", e));
          moved = moved.add(ov.scalarMultiply(previous.score(layer, e)));
        }
      }
      RealMatrix queries = centre.multiply(slice(model, head.layer(), "W_Q", head.head()));
      RealMatrix keys = centre.multiply(slice(model, head.layer(), "W_K", head.head()));
      RealMatrix source = embed.multiply(centre).multiply(moved).multiply(keys);
      return embed.multiply(queries).multiply(source.transpose());
    }

    private RealMatrix slice(Transformer model, int layer, String name, int head) {
      return matrix(
          model
              .weights()
              .get("blocks." + layer + ".attn." + name)
              .get(NDArrayIndex.point(head), NDArrayIndex.all(), NDArrayIndex.all())
              .dup('c')
              .toDoubleMatrix());
    }

    private RealMatrix matrix(double[][] values) {
      return new Array2DRowRealMatrix(values);
    }
  }

  @Nested
  class OfHeadsThatAreKnown {

    @Test
    void theInductionHeadIsHighestAndAllItsEigenvaluesArePositive() {
      KnownModel known =
          KnownCircuits.induction(
              KnownSettings.of(40, 60)
                  .heads(4)
                  .layers(3)
                  .place(Role.PREVIOUS_TOKEN, 1, 2)
                  .place(Role.INDUCTION, 2, 3)
                  .noise(0.01, 21L));
      QkTraceScores scores = QkTraceScores.of(known.model(), 7L);
      Head induction = known.head(Role.INDUCTION);
      assertThat(scores.trace().best()).isEqualTo(induction);
      assertThat(scores.positivity().score(induction)).isGreaterThan(0.95);
      double second = scores.trace().score(scores.trace().ranking().get(1));
      assertThat(scores.trace().score(induction)).isGreaterThan(20 * Math.abs(second));
    }

    @Test
    void headsOfTheFirstLayerAndZeroHeadsScoreZero() {
      KnownModel known = KnownCircuits.zero(KnownSettings.of(9, 20).layers(2).heads(2));
      QkTraceScores scores = QkTraceScores.of(known.model(), 7L);
      assertThat(scores.trace().values()).isDeepEqualTo(new double[2][2]);
      assertThat(scores.positivity().values()).isDeepEqualTo(new double[2][2]);
      QkTraceScores induction =
          QkTraceScores.of(KnownCircuits.induction(KnownSettings.of(9, 20)).model(), 7L);
      assertThat(induction.trace().values()[0]).containsOnly(0);
    }
  }

  @Nested
  class Errors {

    @Test
    void followFromThoseOfThePreviousTokenScores() {
      Transformer model = random(2, Normalization.NONE);
      HeadScores previous = PreviousTokenScores.of(model, 3L);
      HeadScores trace = QkTraceScores.of(Circuits.of(model), previous).trace();
      assertThat(trace.samples()).isEqualTo(previous.samples());
      assertThat(trace.provenance()).isEqualTo(previous.provenance());
      assertThat(trace.standardError(new Head(1, 0))).isPositive().isLessThan(1);
      int[][] one = {{1, 2, 3, 4, 5}};
      HeadScores single = QkTraceScores.ofTokens(model, one, RunSettings.plain()).trace();
      assertThat(single.standardError(new Head(1, 0))).isNaN();
    }

    @Test
    void scoresOfAnotherShapeAreRefused() {
      HeadScores other = PreviousTokenScores.of(random(3, Normalization.NONE), 3L);
      Circuits circuits = Circuits.of(random(2, Normalization.NONE));
      assertThatThrownBy(() -> QkTraceScores.of(circuits, other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("QK-trace")
          .hasMessageContaining("same model");
    }
  }
}
