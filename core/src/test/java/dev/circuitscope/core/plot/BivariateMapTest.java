package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.util.List;
import org.junit.jupiter.api.Test;

class BivariateMapTest {

  private static BivariateMap map() {
    return new BivariateMap("Last feature")
        .logX("p", 1, 0.1)
        .logY("importance", 1, 10)
        .strength("norm", 2)
        .hue("superposition", 1);
  }

  @Test
  void shows_strength_from_white_and_hue_from_blue_to_vermilion() {
    BivariateScale scale = new BivariateScale("norm", 2, "superposition", 1);
    assertThat(scale.of(0, 1)).isEqualTo(Color.WHITE);
    assertThat(scale.of(2, 0)).isEqualTo(Palette.of(0));
    assertThat(scale.of(9, 9)).isEqualTo(Palette.of(1));
    assertThat(scale.of(1, 0)).isEqualTo(new Color(128, 185, 217));
  }

  @Test
  void draws_cells_names_and_the_ends_of_both_scales() {
    double[][] norms = {{2, 0}, {1, 2}};
    double[][] shared = {{1, 0}, {0.5, 0}};
    Svg svg = Svg.of(map().panel("trained", norms, shared).figure());
    assertThat(svg.boxes()).extracting(Svg.Box::fill).contains(Palette.of(0), Palette.of(1));
    List<String> texts = svg.texts();
    assertThat(texts).contains("Last feature", "trained", "p", "importance");
    assertThat(texts).contains("norm", "superposition", "0", "1", "2", "10", "0.1");
  }

  @Test
  void refuses_what_does_not_fit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> map().panel("a", new double[3][2], new double[2][2]))
        .withMessageContaining("strengths of 'a' must be 2 x 2, as the axes are; was 3 x 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> map().panel("a", new double[2][2], new double[][] {{0, -1}, {0, 0}}))
        .withMessageContaining("cell (0, 1)");
    assertThatIllegalArgumentException().isThrownBy(() -> map().strength("norm", 0));
    assertThatIllegalArgumentException().isThrownBy(() -> map().figure());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BivariateMap("").panel("", new double[1][1], new double[1][1]))
        .withMessageContaining("axes");
  }
}
