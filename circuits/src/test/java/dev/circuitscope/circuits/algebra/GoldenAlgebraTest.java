package dev.circuitscope.circuits.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.reference.Golden;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Against TransformerLens's FactoredMatrix and all_composition_scores. */
class GoldenAlgebraTest {

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#all")
  void singularValuesAreTransformerLenss(String name) {
    Golden golden = Golden.read(name);
    Transformer model = model(golden);
    Circuits circuits = Circuits.asStored(model);
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      for (int head = 0; head < model.config().nHeads(); head++) {
        HeadCircuit circuit = circuits.head(new Head(layer, head));
        TensorAssert.assertThat(circuit.ov().singularValues())
            .isCloseTo(
                row(golden.get("OV.singular_values"), layer, head), Tolerance.absolute(1e-9));
        TensorAssert.assertThat(circuit.qk().singularValues())
            .isCloseTo(
                row(golden.get("QK.singular_values"), layer, head), Tolerance.absolute(1e-9));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#all")
  void eigenvaluesOfOvCircuitsAreTransformerLenssInSomeOrder(String name) {
    Golden golden = Golden.read(name);
    Transformer model = model(golden);
    Circuits circuits = Circuits.asStored(model);
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      for (int head = 0; head < model.config().nHeads(); head++) {
        Eigenvalues actual = circuits.head(new Head(layer, head)).ov().eigenvalues();
        double[] real = row(golden.get("OV.eigenvalues_real"), layer, head);
        double[] imaginary = row(golden.get("OV.eigenvalues_imag"), layer, head);
        assertThat(actual.size()).isEqualTo(real.length);
        for (int i = 0; i < real.length; i++) {
          assertThat(distance(actual, real[i], imaginary[i])).as("lambda_%d", i).isLessThan(1e-8);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#all")
  void positivityOfFullOvCircuitsIsTransformerLenssCopyingScore(String name) {
    Golden golden = Golden.read(name);
    assumeThat(golden.tensors().contains("full_OV.copying_score")).isTrue();
    Transformer model = model(golden);
    Circuits circuits = Circuits.asStored(model);
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      for (int head = 0; head < model.config().nHeads(); head++) {
        assertThat(circuits.ovEigenvalues(new Head(layer, head)).positivity())
            .isCloseTo(golden.get("full_OV.copying_score").getDouble(layer, head), within(1e-8));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Composition.class)
  void compositionScoresAreTransformerLenss(Composition kind) {
    for (String name : Golden.all()) {
      Golden golden = Golden.read(name);
      if (golden.tensors().contains("composition." + kind)) {
        TensorAssert.assertThat(Nd4j.createFromArray(kind.scores(Circuits.asStored(model(golden)))))
            .as(name)
            .isCloseTo(golden.get("composition." + kind), Tolerance.absolute(1e-9));
      }
    }
  }

  private static double distance(Eigenvalues values, double real, double imaginary) {
    double nearest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < values.size(); i++) {
      nearest =
          Math.min(nearest, Math.hypot(values.real()[i] - real, values.imaginary()[i] - imaginary));
    }
    return nearest;
  }

  private static double[] row(INDArray array, int layer, int head) {
    return array.slice(layer).slice(head).dup().toDoubleVector();
  }

  private static Transformer model(Golden golden) {
    return Transformer.of(golden.config(), Weights.of(golden.config(), golden.group("weights.")));
  }
}
