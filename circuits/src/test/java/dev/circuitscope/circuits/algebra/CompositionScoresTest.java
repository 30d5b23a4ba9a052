package dev.circuitscope.circuits.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.TestModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class CompositionScoresTest {

  private static final HeadPair PLANTED = new HeadPair(new Head(0, 2), new Head(2, 1));

  private static Transformer random() {
    TransformerConfig config =
        TransformerConfig.attentionOnly(3)
            .heads(4)
            .dModel(32)
            .dHead(8)
            .vocab(11)
            .context(9)
            .normalization(Normalization.NONE)
            .positions(Positions.STANDARD)
            .build();
    return Transformer.of(config, TestModels.weights(config, 2L));
  }

  /** L2H1 reads, on one side, exactly what L0H2 writes. */
  private static Transformer planted(Composition kind) {
    Transformer model = random();
    INDArray written = model.weights().get("blocks.0.attn.W_O").slice(2).transpose();
    String name = "blocks.2.attn.W_" + (kind == Composition.V ? "V" : kind.name());
    INDArray reading = model.weights().get(name);
    reading.slice(1).assign(written);
    return Transformer.of(model.config(), model.weights().with(name, reading));
  }

  @ParameterizedTest
  @EnumSource(Composition.class)
  void findTheHeadsThatWereMadeToCompose(Composition kind) {
    CompositionScores scores = CompositionScores.of(Circuits.of(planted(kind)), kind, 99, 5L);
    assertThat(scores.best()).isEqualTo(PLANTED);
    assertThat(scores.ranking()).hasSize(3 * 16).startsWith(PLANTED).doesNotHaveDuplicates();
    assertThat(scores.baseline().isBeyond(scores.raw(PLANTED), 0.01)).isTrue();
    assertThat(scores.baseline().zScore(scores.raw(PLANTED))).isGreaterThan(5);
    assertThat(scores.adjusted(PLANTED))
        .isEqualTo(scores.raw(PLANTED) - scores.baseline().mean())
        .isEqualTo(scores.adjusted()[0][2][2][1]);
    assertThat(scores.raw()[0][2][2][1]).isEqualTo(scores.raw(PLANTED));
    assertThat(scores.adjusted()[2][1][0][2]).isZero();
  }

  @Test
  void ofARandomModelAreWithinTheSpreadOfRandomHeads() {
    CompositionScores scores = CompositionScores.of(Circuits.of(random()), Composition.K, 7L);
    assertThat(scores.baseline().samples()).isEqualTo(100);
    for (HeadPair pair : scores.ranking()) {
      assertThat(Math.abs(scores.baseline().zScore(scores.raw(pair)))).isLessThan(4);
    }
  }

  /**
   * The paper's erratum: ||A B C D|| was computed on the small side, as ||D A B C||. That is
   * another number, also relative to what random heads have.
   */
  @ParameterizedTest
  @EnumSource(Composition.class)
  void areThoseOfDenseNormsAndNotOfTheCyclicTrick(Composition kind) {
    Circuits circuits = Circuits.of(planted(kind));
    HeadCircuit earlier = circuits.head(PLANTED.earlier());
    HeadCircuit later = circuits.head(PLANTED.later());
    FactoredMatrix write = earlier.ov();
    FactoredMatrix read =
        switch (kind) {
          case Q -> later.qk();
          case K -> later.qk().transpose();
          case V -> later.ov();
        };
    double dense =
        Matrices.norm(Matrices.product(write.product(), read.product()))
            / norm(write.product())
            / norm(read.product());
    INDArray inner = write.b().mmul(read.a());
    double cyclic =
        norm(read.b().mmul(write.a()).mmul(inner))
            / norm(write.b().mmul(write.a()))
            / norm(read.b().mmul(read.a()));
    assertThat(kind.score(earlier, later)).isCloseTo(dense, within(1e-12));
    assertThat(CompositionScores.of(circuits, kind, 2, 1L).raw(PLANTED))
        .isCloseTo(dense, within(1e-12));
    assertThat(Math.abs(cyclic - dense)).isGreaterThan(0.2 * dense);
  }

  @Test
  void printThemselvesAndGoToJson() {
    CompositionScores scores =
        CompositionScores.of(Circuits.of(planted(Composition.K)), Composition.K, 99, 5L);
    assertThat(scores.toString().lines()).element(0).isEqualTo("K-composition");
    assertThat(scores.toString())
        .containsPattern("(?m)^L0H2 -> L2H1 +0\\.\\d{3} +0\\.\\d{3} +\\d+\\.\\d$")
        .contains("99 samples of composition of random heads, seed 5")
        .endsWith("the weights after fold_value_biases");
    JsonObject json = scores.toJson();
    assertThat(json.get("raw").getAsJsonArray().get(0).getAsJsonArray()).hasSize(4);
    assertThat(json.get("best").getAsJsonArray()).hasSize(10);
    assertThat(json.get("baseline").getAsJsonObject().get("mean").getAsDouble())
        .isEqualTo(scores.baseline().mean());
  }

  @Test
  void ofModelsWithoutLaterHeadsAreEmpty() {
    for (int layers = 0; layers < 2; layers++) {
      TransformerConfig config = TestModels.config(layers, Normalization.LN, Positions.SHORTFORMER);
      CompositionScores scores =
          CompositionScores.of(
              Circuits.of(Transformer.of(config, TestModels.weights(config, 1L))),
              Composition.V,
              1L);
      assertThat(scores.ranking()).isEmpty();
      assertThat(scores.toString()).startsWith("V-composition");
      assertThatThrownBy(scores::best)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a model of %d layers".formatted(layers));
    }
  }

  @Test
  void ofHeadsInTheWrongOrderOrOfNoHeadsAreRefused() {
    assertThatThrownBy(() -> new HeadPair(new Head(1, 0), new Head(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("L1H2 cannot read what L1H0 writes");
    CompositionScores scores = CompositionScores.of(Circuits.of(random()), Composition.Q, 2, 1L);
    assertThatThrownBy(() -> scores.raw(new HeadPair(new Head(0, 0), new Head(1, 4))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no composition of L0H0 -> L1H4: the model has 3 layers of 4 heads");
    assertThatThrownBy(
            () ->
                new CompositionScores(
                    Composition.Q,
                    new double[3][4][3][2],
                    scores.baseline(),
                    Provenance.ofWeights(random().config())))
        .hasMessageContaining("[3][4][3][4]");
  }

  private static double norm(INDArray m) {
    return Matrices.norm(m.castTo(DataType.DOUBLE).dup('c').toDoubleMatrix());
  }
}
