package dev.circuitscope.core.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.HookPoint;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class ReferenceGoldenTest {

  /** The activations in the files are rounded to float32; logits and losses are float64. */
  private static final Tolerance ROUNDED = new Tolerance(1e-7, 1e-6);

  /** TransformerLens computes the sines and cosines of rotary positions in float32. */
  private static final Tolerance ROUNDED_ROTATIONS = Tolerance.absolute(1e-6);

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#all")
  void everyActivationIsTransformerLenss(String name) {
    Golden golden = Golden.read(name);
    ReferenceRun run = run(golden);
    Map<String, INDArray> activations = golden.group("act.");
    assertThat(activations).hasSizeGreaterThan(10);
    activations.forEach(
        (hook, expected) ->
            TensorAssert.assertThat(run.get(HookPoint.parse(hook)).toArray())
                .as(hook)
                .isCloseTo(expected, ROUNDED));
  }

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#all")
  void logitsAreTransformerLenss(String name) {
    Golden golden = Golden.read(name);
    TensorAssert.assertThat(run(golden).logits().toArray())
        .isCloseTo(golden.get("logits"), precision(golden));
  }

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#withLoss")
  void lossesAreTransformerLenss(String name) {
    Golden golden = Golden.read(name);
    ReferenceRun run = run(golden);
    TensorAssert.assertThat(run.lossPerToken().toArray())
        .isCloseTo(golden.get("loss_per_token"), precision(golden));
    TensorAssert.assertThat(new double[] {run.loss()})
        .isCloseTo(golden.get("loss").toDoubleVector(), precision(golden));
  }

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#all")
  void onlyWhatTransformerLensLeftOutIsNotCompared(String name) {
    Golden golden = Golden.read(name);
    assertThat(run(golden).activations().keySet())
        .filteredOn(point -> !golden.tensors().contains("act." + point))
        .allMatch(point -> point.site().path().endsWith("_input"));
  }

  private static Tolerance precision(Golden golden) {
    boolean rotary = golden.config().attention().rotary().isPresent();
    return rotary ? ROUNDED_ROTATIONS : Tolerance.DOUBLES;
  }

  private static ReferenceRun run(Golden golden) {
    return ReferenceTransformer.of(golden.config(), golden.group("weights.")).run(golden.tokens());
  }
}
