package dev.circuitscope.core.model;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.reference.TestModels;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What comes after a position does not touch it in causal models: padding on the right is free. */
class EnginePaddingTest {

  static Stream<TransformerConfig> causalKinds() {
    return EngineArchitecturesTest.kinds().filter(config -> config.attention().causal());
  }

  @ParameterizedTest
  @MethodSource("causalKinds")
  void anExampleHasTheSameBitsAloneAndPaddedInABatch(TransformerConfig config) {
    Transformer model = Transformer.of(config, TestModels.weights(config, 31L));
    int longest = Math.min(config.nCtx(), 271);
    int[][] padded = TestModels.tokens(config, 2, longest, 32L);
    Run batch = model.runWithCache(padded, Capture.everything(), Hooks.none());
    for (int pos : new int[] {1, 2, 3, 7, 16, 17, 40, 63, 64, 65, 100, 128, 130, 200, 257}) {
      if (pos < longest) {
        int[][] alone = {Arrays.copyOf(padded[1], pos)};
        Run run = model.runWithCache(alone, Capture.everything(), Hooks.none());
        TensorAssert.assertThat(run.logits())
            .as("logits of %d positions", pos)
            .hasSameBitsAs(start(batch.logits(), pos, 1));
        for (HookPoint point : config.hookPoints()) {
          INDArray whole = batch.cache().get(point);
          boolean square = point.axes().contains("dest");
          TensorAssert.assertThat(run.cache().get(point))
              .as("%s of %d positions", point, pos)
              .hasSameBitsAs(square ? start(whole, pos, 2, 3) : start(whole, pos, 1));
        }
      }
    }
  }

  /** Example 1 up to a position, along the axes of positions. */
  private static INDArray start(INDArray batch, int pos, int... axes) {
    INDArrayIndex[] index = new INDArrayIndex[batch.rank()];
    Arrays.fill(index, NDArrayIndex.all());
    index[0] = NDArrayIndex.interval(1, 2);
    for (int axis : axes) {
      index[axis] = NDArrayIndex.interval(0, pos);
    }
    return batch.get(index).dup('c');
  }
}
