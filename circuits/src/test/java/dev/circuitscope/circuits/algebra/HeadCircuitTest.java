package dev.circuitscope.circuits.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.TestModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HeadCircuitTest {

  private static Transformer model(int keyValueHeads, boolean tied) {
    TransformerConfig config =
        TransformerConfig.attentionOnly(2)
            .heads(6)
            .keyValueHeads(keyValueHeads)
            .dModel(10)
            .dHead(4)
            .vocab(13)
            .tiedUnembedding(tied)
            .context(9)
            .build();
    return Transformer.of(config, TestModels.weights(config, 3L));
  }

  @ParameterizedTest
  @CsvSource({"6, 5, 5", "3, 5, 2", "3, 0, 0", "2, 3, 1", "1, 5, 0"})
  void groupedQueryHeadsReadTheKeysAndValuesOfTheirGroup(int keyValueHeads, int head, int group) {
    Transformer model = model(keyValueHeads, false);
    HeadCircuit circuit = Circuits.asStored(model).head(new Head(1, head));
    INDArray wQ = weight(model, "W_Q", head);
    INDArray wK = weight(model, "W_K", group);
    INDArray wV = weight(model, "W_V", group);
    INDArray wO = weight(model, "W_O", head);
    TensorAssert.assertThat(circuit.qk().product())
        .isCloseTo(Matrices.of(Matrices.product(wQ, wK.transpose())), Tolerance.DOUBLES);
    TensorAssert.assertThat(circuit.ov().product())
        .isCloseTo(Matrices.of(Matrices.product(wV, wO)), Tolerance.DOUBLES);
  }

  @ParameterizedTest
  @EnumSource(Composition.class)
  void compositionIsTheNormOfTheDenseProductOverTheNormsOfItsFactors(Composition kind) {
    Circuits circuits = Circuits.of(model(3, false));
    double[][][][] scores = kind.scores(circuits);
    for (int first = 0; first < 6; first++) {
      for (int second = 0; second < 6; second++) {
        INDArray write = circuits.head(new Head(0, first)).ov().product();
        HeadCircuit later = circuits.head(new Head(1, second));
        INDArray read =
            switch (kind) {
              case Q -> later.qk().product();
              case K -> later.qk().product().transpose();
              case V -> later.ov().product();
            };
        double expected =
            Matrices.norm(Matrices.product(write, read))
                / Matrices.norm(write.toDoubleMatrix())
                / Matrices.norm(read.dup().toDoubleMatrix());
        assertThat(scores[0][first][1][second]).isCloseTo(expected, within(1e-12));
        assertThat(kind.score(circuits.head(new Head(0, first)), later))
            .isCloseTo(expected, within(1e-12));
        assertThat(scores[1][first][0][second]).isZero();
        assertThat(scores[0][first][0][second]).isZero();
      }
    }
  }

  @Test
  void headsThatWriteNothingDoNotCompose() {
    Transformer model = model(6, false);
    Transformer silent =
        Transformer.of(
            model.config(),
            model.weights().with("blocks.0.attn.W_O", Nd4j.zeros(DataType.FLOAT, 6, 4, 10)));
    assertThat(Composition.Q.scores(Circuits.of(silent))[0][2][1][3]).isZero();
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void fullOvCircuitsAreThoseOfTheDenseMatrixFromTokensToLogits(boolean tied) {
    Transformer model = model(2, tied);
    INDArray wE = model.weights().get("embed.W_E").castTo(DataType.DOUBLE);
    INDArray wU =
        tied ? wE.transpose() : model.weights().get("unembed.W_U").castTo(DataType.DOUBLE);
    Circuits circuits = Circuits.asStored(model);
    for (int head = 0; head < 6; head++) {
      FactoredMatrix ov = circuits.head(new Head(0, head)).ov();
      INDArray dense = wE.mmul(ov.product()).mmul(wU);
      TensorAssert.assertThat(circuits.fullOv(new Head(0, head)).product())
          .isCloseTo(dense, Tolerance.DOUBLES);
      Eigenvalues factored = circuits.ovEigenvalues(new Head(0, head));
      Eigenvalues expected = new FactoredMatrix(dense, Nd4j.eye(13)).eigenvalues();
      assertThat(factored.positivity()).isCloseTo(expected.positivity(), within(1e-6));
      for (int i = 0; i < 4; i++) {
        assertThat(factored.magnitude(i)).isCloseTo(expected.magnitude(i), within(1e-8));
      }
      assertThat(circuits.fullOv(new Head(0, head)).eigenvalues().positivity())
          .isCloseTo(factored.positivity(), within(1e-8));
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void theUnembeddingShowsTheWeights(boolean tied) {
    Transformer model = model(6, tied);
    Unembedding unembedding = Unembedding.of(model);
    INDArray wU =
        tied ? model.weights().get("embed.W_E").transpose() : model.weights().get("unembed.W_U");
    TensorAssert.assertThat(unembedding.direction(12))
        .isCloseTo(wU.getColumn(12).dup().toFloatVector(), Tolerance.EXACT);
    assertThat(unembedding.bias(5)).isEqualTo(model.weights().get("unembed.b_U").getFloat(5));
    TensorAssert.assertThat(unembedding.meanDirection())
        .isCloseTo(wU.castTo(DataType.DOUBLE).mean(1), Tolerance.DOUBLES);
    assertThat(unembedding.matrix().transposed()).isEqualTo(tied);
    assertThatThrownBy(() -> unembedding.direction(13))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tokens 0 to 12");
  }

  @Test
  void headsThatDoNotExistAreRefused() {
    Circuits circuits = Circuits.of(model(6, false));
    assertThatThrownBy(() -> circuits.head(new Head(0, 6)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no head L0H6: the model has 2 layers of 6 heads");
    assertThatThrownBy(() -> circuits.fullOv(new Head(2, 0))).hasMessageContaining("no head L2H0");
  }

  private static INDArray weight(Transformer model, String name, int head) {
    return model.weights().get("blocks.1.attn." + name).slice(head).dup();
  }
}
