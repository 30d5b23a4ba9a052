package dev.circuitscope.core.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#names")
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
  @MethodSource("dev.circuitscope.core.reference.Golden#names")
  void logitsAndLossesAreTransformerLenss(String name) {
    Golden golden = Golden.read(name);
    ReferenceRun run = run(golden);
    TensorAssert.assertThat(run.logits().toArray())
        .isCloseTo(golden.get("logits"), Tolerance.DOUBLES);
    TensorAssert.assertThat(run.lossPerToken().toArray())
        .isCloseTo(golden.get("loss_per_token"), Tolerance.DOUBLES);
    assertThat(run.loss()).isCloseTo(golden.get("loss").getDouble(0), within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#names")
  void onlyWhatTransformerLensLeftOutIsNotCompared(String name) {
    Golden golden = Golden.read(name);
    assertThat(run(golden).activations().keySet())
        .filteredOn(point -> !golden.tensors().contains("act." + point))
        .allMatch(point -> point.site().path().endsWith("_input"));
  }

  private static ReferenceRun run(Golden golden) {
    return ReferenceTransformer.of(golden.config(), golden.group("weights.")).run(golden.tokens());
  }
}
