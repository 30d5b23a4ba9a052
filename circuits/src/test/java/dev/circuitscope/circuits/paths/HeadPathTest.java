package dev.circuitscope.circuits.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.TestModels;
import org.junit.jupiter.api.Test;

class HeadPathTest {

  private final Head early = new Head(0, 3);
  private final Head late = new Head(2, 1);

  @Test
  void printsItsHeadsInTheOrderOfInformation() {
    assertThat(HeadPath.DIRECT).hasToString("direct");
    assertThat(HeadPath.of(early)).hasToString("L0H3");
    assertThat(HeadPath.of(early, late)).hasToString("L0H3 -> L2H1");
  }

  @Test
  void growsAtBothEnds() {
    assertThat(HeadPath.DIRECT.then(early).then(late)).isEqualTo(HeadPath.of(early, late));
    assertThat(HeadPath.of(late).after(early)).isEqualTo(HeadPath.of(early, late));
    assertThat(HeadPath.of(early, late).order()).isEqualTo(2);
  }

  @Test
  void goesThroughLaterAndLaterLayers() {
    assertThatThrownBy(() -> HeadPath.of(late, early))
        .hasMessage("a path goes through later and later layers; L0H3 cannot follow L2H1");
    assertThatThrownBy(() -> HeadPath.of(early, new Head(0, 4)))
        .hasMessageContaining("L0H4 cannot follow L0H3");
  }

  @Test
  void layersAreNamedAsSets() {
    TransformerConfig model = TestModels.config(3, Normalization.NONE, Positions.NONE);
    assertThat(HeadSet.layers(model, 1, 2).name()).isEqualTo("layer 1");
    assertThat(HeadSet.layers(model, 1, 3).name()).isEqualTo("layers 1-2");
    assertThat(HeadSet.layers(model, 1, 3).heads()).hasSize(6);
    assertThat(HeadSet.growing(TestModels.config(0, Normalization.NONE, Positions.NONE))).isEmpty();
    assertThatThrownBy(() -> HeadSet.layers(model, 2, 4))
        .hasMessage("no layers 2 to before 4: the model has 3");
  }
}
