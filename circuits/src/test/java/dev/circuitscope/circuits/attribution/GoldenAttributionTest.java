package dev.circuitscope.circuits.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.reference.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Against the stacks of TransformerLens's ActivationCache, at layer -1. */
class GoldenAttributionTest {

  static Stream<Golden> files() {
    return Golden.all().stream()
        .map(Golden::read)
        .filter(golden -> golden.tensors().contains("decompose_resid"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void accumulatedStreamsAreTransformerLenss(Golden golden) {
    TensorAssert.assertThat(stream(golden).accumulated().values())
        .isCloseTo(golden.get("accumulated_resid"), Tolerance.ACTIVATIONS);
  }

  /** TransformerLens lists the positions of shortformers too, which never enter the stream. */
  @ParameterizedTest
  @MethodSource("files")
  void layersAreTransformerLenss(Golden golden) {
    ComponentStack layers = stream(golden).byLayer();
    boolean shortformer = golden.config().positions() == Positions.SHORTFORMER;
    List<String> labels = new ArrayList<>(layers.labels());
    if (shortformer) {
      labels.add(1, "not in the stream");
    }
    INDArray expected = golden.get("decompose_resid");
    assertThat(labels).hasSize((int) expected.size(0));
    for (int i = 0; i < labels.size(); i++) {
      if (layers.labels().contains(labels.get(i))) {
        TensorAssert.assertThat(layers.get(labels.get(i)))
            .as(labels.get(i))
            .isCloseTo(expected.slice(i), Tolerance.ACTIVATIONS);
      }
    }
    if (shortformer) {
      assertThat(HookPoint.POS_EMBED).isIn(golden.config().hookPoints());
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void resultsOfHeadsAreTransformerLenss(Golden golden) {
    TensorAssert.assertThat(stream(golden).heads().values())
        .isCloseTo(golden.get("stack_head_results"), Tolerance.ACTIVATIONS);
  }

  private static ResidualStream stream(Golden golden) {
    Transformer model =
        Transformer.of(golden.config(), Weights.of(golden.config(), golden.group("weights.")));
    return ResidualStream.of(model, model.runWithCache(golden.tokens()));
  }
}
