package dev.circuitscope.circuits.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.algebra.FactoredMatrix;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.TestModels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TopKCopyingScoresTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 11})
  void countTheTokensAmongTheTopOfTheirOwnRows(int k) {
    TransformerConfig config = TestModels.config(2, Normalization.LN, Positions.STANDARD);
    Circuits circuits = Circuits.of(Transformer.of(config, TestModels.weights(config, 9L)));
    HeadScores scores = TopKCopyingScores.of(circuits, k);
    assertThat(scores.chance()).isEqualTo(k / 11.0);
    for (Head head : circuits.heads()) {
      INDArray dense = circuits.fullOv(head).product();
      int copied = 0;
      for (int token = 0; token < 11; token++) {
        double[] row = dense.getRow(token).dup().toDoubleVector();
        double own = row[token];
        copied += Arrays.stream(row).filter(x -> x > own).count() < k ? 1 : 0;
      }
      assertThat(scores.score(head)).isCloseTo(copied / 11.0, within(1e-12));
    }
  }

  @Test
  void ofTheIdentityAreOneAndOfItsNegativeZero() {
    INDArray identity = Nd4j.eye(300);
    assertThat(TopKCopyingScores.accuracy(new FactoredMatrix(identity, identity), 1)).isEqualTo(1);
    FactoredMatrix negative = new FactoredMatrix(identity, identity.neg());
    assertThat(TopKCopyingScores.accuracy(negative, 299)).isZero();
    assertThat(TopKCopyingScores.accuracy(negative, 300)).isEqualTo(1);
  }

  @Test
  void ofZerosAreChance() {
    FactoredMatrix zeros = new FactoredMatrix(Nd4j.zeros(40, 2), Nd4j.ones(2, 40));
    assertThat(TopKCopyingScores.accuracy(zeros, 10)).isEqualTo(0.25);
  }

  @Test
  void areRefusedForCircuitsToOtherTokensAndForNoTop() {
    FactoredMatrix wide = new FactoredMatrix(Nd4j.ones(3, 2), Nd4j.ones(2, 4));
    assertThatThrownBy(() -> TopKCopyingScores.accuracy(wide, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the circuit is [3, 4]");
    FactoredMatrix square = new FactoredMatrix(Nd4j.ones(3, 2), Nd4j.ones(2, 3));
    assertThatThrownBy(() -> TopKCopyingScores.accuracy(square, 4))
        .hasMessageContaining("k is from 1 to 3, was 4");
  }
}
