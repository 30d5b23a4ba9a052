package dev.circuitscope.circuits.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.Smeared;
import dev.circuitscope.circuits.known.KnownModel;
import dev.circuitscope.circuits.known.Role;
import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.DoubleTensor;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SmearedQkTest {

  private static final Head HEAD = new Head(0, 1);

  private static TransformerConfig plain() {
    return TestModels.config(1, Normalization.NONE, Positions.NONE);
  }

  @Nested
  class TheTermsOfBothKeys {

    @Test
    void sumToTheScoresOfTheReference() {
      Transformer model = Smeared.random(Smeared.smeared(plain()));
      int[][] tokens = TestModels.tokens(model.config(), 1, 7, 3L);
      DoubleTensor scores =
          ReferenceTransformer.of(model.config(), model.weights())
              .run(tokens)
              .get(HookPoint.attnScores(0));
      for (int h = 0; h < 3; h++) {
        QkTerms all = Circuits.of(model).qkTerms(new Head(0, h)).scaled();
        QkTerms own = all.of(KeyPart.OWN);
        QkTerms before = all.of(KeyPart.PREVIOUS);
        for (int dest = 1; dest < 7; dest++) {
          for (int src = 1; src <= dest; src++) {
            double sum =
                score(own, tokens[0][dest], tokens[0][src])
                    + score(before, tokens[0][dest], tokens[0][src - 1]);
            assertThat(sum).isCloseTo(scores.at(0, h, dest, src), within(1e-10));
          }
        }
      }
    }

    private double score(QkTerms terms, int dest, int src) {
      return terms.tokenToToken().entry(dest, src)
          + terms.sourceTokenBias()[src]
          + terms.destinationTokenBias()[dest]
          + terms.constant();
    }

    @Test
    void haveTheirSharesOfEveryTermWithPositionsToo() {
      TransformerConfig config =
          Smeared.smeared(TestModels.config(1, Normalization.LN, Positions.STANDARD));
      Circuits circuits = Circuits.of(Smeared.random(config));
      QkTerms all = circuits.qkTerms(HEAD).scaled();
      for (KeyPart key : KeyPart.values()) {
        double share = circuits.keyShare(HEAD, key);
        QkTerms part = all.of(key);
        assertThat(part.keyPart()).contains(key);
        assertThat(part.scale()).isEqualTo(all.scale());
        for (List<FactoredMatrix> pair :
            List.of(
                List.of(part.tokenToToken(), all.tokenToToken()),
                List.of(part.tokenToPosition(), all.tokenToPosition()),
                List.of(part.positionToToken(), all.positionToToken()),
                List.of(part.positionToPosition(), all.positionToPosition()))) {
          TensorAssert.assertThat(pair.get(0).product())
              .isCloseTo(pair.get(1).product().mul(share), Tolerance.absolute(1e-12));
        }
        assertThat(part.sourcePositionBias()[2])
            .isCloseTo(share * all.sourcePositionBias()[2], within(1e-14));
        assertThat(part.of(KeyPart.OWN).constant())
            .isCloseTo(circuits.keyShare(HEAD, KeyPart.OWN) * all.constant(), within(1e-14));
      }
      assertThat(all.keyPart()).isEmpty();
      assertThat(all.of(KeyPart.PREVIOUS).toString())
          .startsWith("QkTerms of L0H1, key before by 0.");
    }
  }

  @Nested
  class Shares {

    @ParameterizedTest
    @MethodSource("dev.circuitscope.circuits.Smeared#oneLayer")
    void areTheSigmoidOfTheAlphaOfTheHeadsGroup(TransformerConfig config) {
      Transformer model = Smeared.random(config);
      float[] alpha = model.weights().get("blocks.0.attn.smear").toFloatVector();
      Circuits circuits = Circuits.of(model);
      for (Head head : circuits.heads()) {
        double a = alpha[head.head() * alpha.length / config.nHeads()];
        assertThat(circuits.keyShare(head, KeyPart.OWN))
            .isCloseTo(0.5 + 0.5 * Math.tanh(a / 2), within(1e-15));
        assertThat(circuits.keyShare(head, KeyPart.PREVIOUS))
            .isCloseTo(0.5 - 0.5 * Math.tanh(a / 2), within(1e-15));
      }
    }

    @ParameterizedTest
    @CsvSource({"100, OWN, PREVIOUS", "-100, PREVIOUS, OWN"})
    void goToOneOfTheKeysWhenAlphaIsExtreme(float alpha, KeyPart all, KeyPart nothing) {
      Circuits circuits =
          Circuits.of(Smeared.withAlpha(Smeared.random(Smeared.smeared(plain())), 0, alpha));
      TensorAssert.assertThat(circuits.fullQk(HEAD, all).product())
          .isCloseTo(circuits.fullQk(HEAD).product(), Tolerance.absolute(1e-12));
      assertThat(circuits.fullQk(HEAD, nothing).norm()).isLessThan(1e-12);
    }

    @Test
    void ofKeysThatAreNotSmearedAreOneAndNone() {
      Circuits circuits = Circuits.of(Smeared.random(plain()));
      assertThat(circuits.keyShare(HEAD, KeyPart.OWN)).isOne();
      assertThat(circuits.keyShare(HEAD, KeyPart.PREVIOUS)).isZero();
      assertThat(circuits.qkEigenvalues(HEAD, KeyPart.PREVIOUS).positivity()).isZero();
      assertThat(circuits.qkEigenvalues(HEAD, KeyPart.OWN).positivity())
          .isEqualTo(circuits.qkEigenvalues(HEAD).positivity());
    }
  }

  @Nested
  class OfTheSmearedInductionHead {

    private final KnownModel known = Smeared.induction();
    private final Head head = known.head(Role.INDUCTION);
    private final Circuits circuits = Circuits.of(known.model());

    @Test
    void everyEigenvalueOfTheKeyBeforeIsPositiveAndTheOwnKeyHasNone() {
      Eigenvalues before = circuits.qkEigenvalues(head, KeyPart.PREVIOUS);
      assertThat(before.positivity()).isCloseTo(1, within(1e-9));
      assertThat(before.magnitude(0)).isGreaterThan(1);
      Eigenvalues own = circuits.qkEigenvalues(head, KeyPart.OWN);
      assertThat(own.magnitude(0)).isLessThan(1e-12);
    }

    @Test
    void eachTokenLooksForItselfInTheKeyBefore() {
      FactoredMatrix before = circuits.fullQk(head, KeyPart.PREVIOUS);
      for (int token = 1; token < before.rows(); token++) {
        assertThat(before.topOfRow(token, 1, TopOrder.LARGEST).get(0).column()).isEqualTo(token);
      }
      assertThat(circuits.fullQk(head, KeyPart.OWN).top(1, TopOrder.MAGNITUDE).get(0).value())
          .isCloseTo(0, within(1e-12));
    }
  }
}
