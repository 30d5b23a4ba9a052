package dev.circuitscope.circuits.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.Smeared;
import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.algebra.KeyPart;
import dev.circuitscope.circuits.known.KnownModel;
import dev.circuitscope.circuits.known.Role;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.DoubleTensor;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmearedMatchingTest {

  private static final TransformerConfig PLAIN =
      TestModels.config(1, Normalization.NONE, Positions.NONE);
  private static final TransformerConfig SMEARED = Smeared.smeared(PLAIN);

  @Nested
  class Preferences {

    /**
     * Scores of every pair of tokens, as runs of the unsmeared model at positions 1 and 0 give
     * them.
     */
    private static double brute(Transformer model, int head) {
      Transformer bare = Smeared.withoutSmear(model);
      ReferenceTransformer reference = ReferenceTransformer.of(bare.config(), bare.weights());
      double same = 0;
      double all = 0;
      for (int dest = 0; dest < 11; dest++) {
        double row = 0;
        double own = 0;
        for (int src = 0; src < 11; src++) {
          DoubleTensor scores =
              reference.run(new int[][] {{src, dest}}).get(HookPoint.attnScores(0));
          row += scores.at(0, head, 1, 0) / 11;
          own += src == dest ? scores.at(0, head, 1, 0) : 0;
        }
        same += own / 11;
        all += row / 11;
      }
      return same - all;
    }

    @ParameterizedTest
    @ValueSource(floats = {-100, -1, 0, 2, 100})
    void areThoseOfAllPairsOfTokensByTheShareOfTheKey(float alpha) {
      Transformer model = Smeared.withAlpha(Smeared.random(SMEARED), 0, alpha);
      SmearedMatching matching = SmearedMatching.of(model);
      double own = 1 / (1 + Math.exp(-alpha));
      for (int h = 0; h < 3; h++) {
        double expected = brute(model, h);
        assertThat(matching.own().score(0, h)).isCloseTo(own * expected, within(1e-10));
        assertThat(matching.previous().score(0, h)).isCloseTo((1 - own) * expected, within(1e-10));
      }
    }

    @Test
    void ofPlainKeysAreAllOfTheOwnKey() {
      SmearedMatching matching = SmearedMatching.of(Smeared.random(PLAIN));
      assertThat(matching.previous().values()[0]).containsOnly(0.0, 0.0, 0.0);
      assertThat(matching.own().score(0, 1)).isNotZero();
    }

    @Test
    void printThemselvesAndGoToJson() {
      SmearedMatching matching = SmearedMatching.of(Smeared.random(SMEARED));
      assertThat(matching.toString())
          .startsWith("matching of the own key: ")
          .contains("matching of the key before: ");
      assertThat(matching.toJson().keySet()).containsExactly("own", "previous");
      for (KeyPart key : KeyPart.values()) {
        assertThat(matching.of(key).name()).isEqualTo("matching of the " + key.label());
      }
    }
  }

  @Nested
  class OfTheSmearedInductionHead {

    private final KnownModel known = Smeared.induction();
    private final Head head = known.head(Role.INDUCTION);
    private final Circuits circuits = Circuits.of(known.model());

    @Test
    void theKeyBeforeMatchesPerfectlyAndTheOwnKeyDoesNothing() {
      EigenvalueScores before = EigenvalueScores.qkMatching(circuits, KeyPart.PREVIOUS, 99, 7L);
      assertThat(before.scores().score(head)).isCloseTo(1, within(1e-9));
      assertThat(before.beyondChance(head, 0.01)).isTrue();
      // as small as 1 / (1 + e^40) of the key before's: no eigenvalue that could count
      SmearedMatching matching = SmearedMatching.of(circuits);
      assertThat(matching.own().score(head)).isCloseTo(0, within(1e-12));
      assertThat(matching.previous().score(head)).isGreaterThan(10);
    }

    @Test
    void itsKeysAreThoseBeforeThem() {
      KeyShares shares = KeyShares.of(known.model());
      assertThat(shares.previous().score(head)).isCloseTo(1, within(1e-15));
      assertThat(shares.own().score(head)).isCloseTo(0, within(1e-15));
    }

    @Test
    void theTraceIsThatOfTheKeyBefore() {
      HeadScores previous =
          PreviousTokenScores.of(known.model(), known.repeats(3L), RunSettings.plain());
      assertThat(QkTraceScores.of(circuits, previous).trace().score(head)).isZero();
      QkTraceScores smeared = QkTraceScores.ofSmeared(circuits, previous);
      assertThat(smeared.trace().score(head))
          .isCloseTo(circuits.fullQk(head, KeyPart.PREVIOUS).trace(), within(1e-6));
      assertThat(smeared.positivity().score(head)).isCloseTo(1, within(1e-9));
      assertThat(smeared.trace().definition()).contains("smeared keys");
    }
  }

  @Nested
  class Shares {

    @Test
    void ofNewModelsAreHalves() {
      KeyShares shares = KeyShares.of(Transformer.create(SMEARED, 1L));
      assertThat(shares.own().values()[0]).containsOnly(0.5);
      assertThat(shares.previous().values()[0]).containsOnly(0.5);
      assertThat(shares.own().chance()).isEqualTo(0.5);
    }

    @Test
    void ofGroupsAreThoseOfTheirKeys() {
      TransformerConfig grouped =
          TransformerConfig.attentionOnly(2)
              .heads(4)
              .keyValueHeads(2)
              .dModel(6)
              .dHead(5)
              .vocab(11)
              .context(9)
              .smearedKeys(true)
              .build();
      Transformer model = Smeared.random(grouped);
      KeyShares shares = KeyShares.of(model);
      float[] alpha = model.weights().get("blocks.1.attn.smear").toFloatVector();
      for (int h = 0; h < 4; h++) {
        assertThat(shares.own().score(1, h))
            .isCloseTo(1 / (1 + Math.exp(-alpha[h / 2])), within(1e-15));
      }
    }

    @Test
    void ofPlainKeysAreOneAndNoneAndPrintAsATable() {
      KeyShares shares = KeyShares.of(Smeared.random(PLAIN));
      assertThat(shares.own().values()[0]).containsOnly(1.0);
      assertThat(shares.previous().values()[0]).containsOnly(0.0);
      assertThat(shares.toString())
          .startsWith("share of the own key: sigmoid(alpha)")
          .contains("L0     1.000   1.000   1.000");
      assertThat(shares.toJson().keySet()).containsExactly("own", "previous");
      assertThat(shares.of(KeyPart.PREVIOUS)).isEqualTo(shares.previous());
    }
  }

  @Nested
  class Traces {

    /** tr W_E W_Q W_K^T ((1 - s) I + s moved)^T W_E^T by the factored matrices of its terms. */
    @ParameterizedTest
    @EnumSource(
        value = Normalization.class,
        names = {"NONE", "LN"})
    void ofSmearedModelsAreThoseOfBothWaysByTheirShares(Normalization norm) {
      TransformerConfig config = Smeared.smeared(TestModels.config(2, norm, Positions.SHORTFORMER));
      Transformer model = Smeared.random(config);
      Circuits circuits = Circuits.of(model);
      HeadScores previous = PreviousTokenScores.of(model, 3L);
      QkTraceScores plain = QkTraceScores.of(circuits, previous);
      QkTraceScores smeared = QkTraceScores.ofSmeared(circuits, previous);
      for (Head head : circuits.heads()) {
        double expected =
            circuits.fullQk(head, KeyPart.PREVIOUS).trace()
                + circuits.keyShare(head, KeyPart.OWN) * plain.trace().score(head);
        assertThat(smeared.trace().score(head)).isCloseTo(expected, within(1e-10));
        assertThat(smeared.trace().standardError(head))
            .isCloseTo(
                circuits.keyShare(head, KeyPart.OWN) * plain.trace().standardError(head),
                within(1e-12));
      }
    }

    @Test
    void ofPlainModelsAreThePapers() {
      Transformer model =
          Smeared.random(TestModels.config(2, Normalization.LN, Positions.SHORTFORMER));
      HeadScores previous = PreviousTokenScores.of(model, 3L);
      Circuits circuits = Circuits.of(model);
      assertThat(QkTraceScores.ofSmeared(circuits, previous).trace().values())
          .isDeepEqualTo(QkTraceScores.of(circuits, previous).trace().values());
    }
  }
}
