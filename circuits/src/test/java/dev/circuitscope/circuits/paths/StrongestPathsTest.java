package dev.circuitscope.circuits.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.attribution.LogitDirections;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StrongestPathsTest {

  private static FrozenReference model(int layers) {
    return FrozenReference.of(TestModels.config(layers, Normalization.LN, Positions.STANDARD));
  }

  @ParameterizedTest
  @EnumSource(PathRanking.class)
  void areThoseOfTheWholeList(PathRanking by) {
    for (int k : new int[] {1, 5, 20, 1000}) {
      for (PathOptions options :
          List.of(PathOptions.upTo(3), PathOptions.upTo(2).bySource(), PathOptions.upTo(0))) {
        PathExpansion paths = PathExpansion.of(model(3).frozen(), options);
        List<String> expected =
            paths
                .terms()
                .sorted(Comparator.comparingDouble(t -> -by.magnitude(t)))
                .limit(k)
                .map(PathTerm::label)
                .toList();
        assertThat(paths.top(k, by).stream().map(PathTerm::label))
            .containsExactlyElementsOf(expected);
      }
    }
  }

  /**
   * The stream is [token, moved, written]. The first head moves a token's one number, the second
   * writes what was moved ten times as large, and reads nothing else; logits read the last number.
   */
  @Test
  void areFoundWhenNoneOfTheirHeadsDoesAnythingAlone() {
    TransformerConfig config =
        TransformerConfig.attentionOnly(2)
            .heads(1)
            .dModel(3)
            .dHead(1)
            .vocab(2)
            .context(2)
            .normalization(Normalization.NONE)
            .positions(Positions.NONE)
            .build();
    ReferenceTransformer model = ReferenceTransformer.of(config, TestModels.weights(config, 1));
    for (int layer = 0; layer < 2; layer++) {
      String attn = "blocks." + layer + ".attn.";
      model = model.with(attn + "b_V", new double[1]).with(attn + "b_O", new double[3]);
    }
    model =
        model
            .with("embed.W_E", new double[] {1, 0, 0, 1, 0, 0})
            .with("blocks.0.attn.W_V", new double[] {1, 0, 0})
            .with("blocks.0.attn.W_O", new double[] {0, 1, 0})
            .with("blocks.1.attn.W_V", new double[] {0, 1, 0})
            .with("blocks.1.attn.W_O", new double[] {0, 0, 10})
            .with("unembed.W_U", new double[] {0.1, 0, 0, 0, 1, 0})
            .with("unembed.b_U", new double[2]);
    PathExpansion paths =
        PathExpansion.of(
            FrozenRun.of(model, new int[] {1, 0}),
            PathOptions.upTo(2).along(LogitDirections.token(0)));
    PathTerm strongest = paths.top(1, PathRanking.EFFECT).get(0);
    assertThat(strongest.label()).isEqualTo("L0H0 -> L1H0");
    // half of 10, for the other token has none of it
    assertThat(strongest.size().effect()).isCloseTo(5, within(1e-12));
  }

  @Test
  void areFoundWithoutComputingBranchesThatCannotHoldThem() {
    LinearRun run = model(4).frozen().linear();
    StrongestPaths search =
        new StrongestPaths(run, Origin.of(run, false), LogitFunctional.share(run), 4, 3);
    assertThat(search.find()).hasSize(3);
    assertThat(search.visited()).isLessThan(256);
  }

  @Test
  void areAtLeastOne() {
    PathExpansion paths = PathExpansion.of(model(1).frozen(), 1);
    assertThatThrownBy(() -> paths.top(0, PathRanking.EFFECT))
        .hasMessage("ask for at least 1 term, was 0");
  }
}
