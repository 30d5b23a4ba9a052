package dev.circuitscope.circuits.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.reference.TestModels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class VirtualHeadsTest {

  private static FrozenReference model(int layers) {
    return FrozenReference.of(TestModels.config(layers, Normalization.LN, Positions.STANDARD));
  }

  private static VirtualHeads of(FrozenReference reference) {
    return VirtualHeads.of(FrozenRuns.of(reference.model, new int[][] {reference.tokens}));
  }

  @Test
  void thereIsOneForEveryPairOfHeadsInDifferentLayers() {
    assertThat(of(model(3)).heads()).hasSize(27);
    assertThat(of(model(1)).heads()).isEmpty();
    assertThat(of(model(0)).heads()).isEmpty();
  }

  @Test
  void eachIsWorthWhatItsTermTakesOffTheLoss() {
    FrozenReference reference = model(3);
    FrozenRun run = reference.frozen();
    PathExpansion paths = PathExpansion.of(run, 1);
    INDArray single = run.logits().mul(0);
    paths.terms().forEach(term -> single.addi(paths.logits(term)));
    for (VirtualHead head : of(reference).heads()) {
      INDArray term = paths.logits(paths.term(head.path()));
      assertThat(head.added().mean())
          .isCloseTo(run.loss(single) - run.loss(single.add(term)), within(1e-10));
      assertThat(head.removed().mean())
          .isCloseTo(run.loss(run.logits().sub(term)) - reference.run.loss(), within(1e-10));
    }
  }

  @Test
  void togetherTheyAreWorthWhatTheSecondOrderIs() {
    FrozenReference reference = model(2);
    TermImportance importance =
        TermImportance.of(
            FrozenRuns.of(reference.model, new int[][] {reference.tokens}), List.of());
    assertThat(of(reference).together().mean())
        .isCloseTo(importance.reduction(2).mean(), within(1e-10));
  }

  @Test
  void theyAreRankedByWhatTheyAreWorthWhenAdded() {
    VirtualHeads virtual = of(model(3));
    assertThat(virtual.ranking().stream().map(h -> h.added().mean()).toList())
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertThat(virtual.toString().lines().count()).isEqualTo(16);
    assertThat(virtual.toString()).contains("and 15 others", "all together");
    assertThat(virtual.toJson().getAsJsonArray("virtual_heads")).hasSize(27);
  }

  @Test
  void theyAreFoundByTheirPath() {
    VirtualHeads virtual = of(model(2));
    HeadPath path = HeadPath.of(new Head(0, 2), new Head(1, 1));
    assertThat(virtual.get(path).path()).hasToString("L0H2 -> L1H1");
    assertThatThrownBy(() -> virtual.get(HeadPath.DIRECT))
        .hasMessage("direct is not a virtual head of two heads of this model");
  }
}
