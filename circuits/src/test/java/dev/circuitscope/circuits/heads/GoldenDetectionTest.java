package dev.circuitscope.circuits.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.reference.Golden;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Against TransformerLens's detect_head on example 1, whose {@code mul} measure divides by all
 * positions where the scores here divide by those that have a target. It rounds to three decimals.
 */
class GoldenDetectionTest {

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#all")
  void scoresAreTransformerLenssDetectionsPerDestination(String name) {
    Golden golden = Golden.read(name);
    Transformer model =
        Transformer.of(golden.config(), Weights.of(golden.config(), golden.group("weights.")));
    int[][] example = {golden.tokens()[1]};
    RunSettings plain = RunSettings.plain();
    int n = example[0].length;
    long repeated = IntStream.range(0, n).filter(d -> occurredBefore(example[0], d)).count();
    assertThat(repeated).isPositive();
    assertDetected(
        golden, "previous_token", PreviousTokenScores.ofTokens(model, example, plain), n - 1);
    assertDetected(
        golden, "duplicate_token", DuplicateTokenScores.ofTokens(model, example, plain), repeated);
    assertDetected(
        golden, "induction", PrefixMatchingScores.ofTokens(model, example, plain), repeated);
  }

  private static boolean occurredBefore(int[] tokens, int dest) {
    return Arrays.stream(tokens, 0, dest).anyMatch(t -> t == tokens[dest]);
  }

  private static void assertDetected(
      Golden golden, String detection, HeadScores scores, long destinations) {
    INDArray expected = golden.get("detect." + detection + "_head.mul");
    int n = golden.tokens()[1].length;
    for (Head head : scores.ranking()) {
      assertThat(scores.score(head) * destinations / n)
          .as("%s of %s in %s", detection, head, golden)
          .isCloseTo(expected.getDouble(head.layer(), head.head()), within(0.00051));
    }
  }
}
