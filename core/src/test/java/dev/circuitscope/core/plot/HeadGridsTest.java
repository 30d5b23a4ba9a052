package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadGridsTest {

  private static final double[][] TWO_BY_THREE = {{0.11, 0.22, 0.33}, {0.44, 0.55, 0.66}};

  @Test
  void everyPanelShowsItsTitleAndValuesOverOneLegend() {
    String svg =
        new HeadGrids("Two scores")
            .panel("first score", TWO_BY_THREE)
            .panel("second score", new double[][] {{0.7, 0.8, 0.9}, {0, 1, 0.5}})
            .meaning("some attention")
            .figure()
            .toSvg();
    assertThat(svg)
        .contains("Two scores", "first score", "second score", "0.44", "0.90", "H2", "L1");
    assertThat(svg.split("some attention", -1)).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "2, 12", "40, 64"})
  void titlesAreWholeForAnyNumberOfHeads(int layers, int heads) {
    String svg =
        new HeadGrids("Heads")
            .panel("prefix matching (chance 0.05)", new double[layers][heads])
            .panel("OV copying (chance -0.84)", new double[layers][heads])
            .signed(1)
            .columns(2)
            .figure()
            .toSvg();
    assertThat(svg).contains("prefix matching (chance 0.05)", "OV copying (chance -0.84)");
  }

  @Test
  void aScoreThatIsNotFiniteIsGreyAndExplained() {
    String svg =
        new HeadGrids("Heads").panel("score", new double[][] {{Double.NaN, 1}}).figure().toSvg();
    assertThat(svg).contains("not finite");
  }

  @Test
  void panelsOfDifferentModelsAndNoneAtAllAreRefused() {
    HeadGrids grids = new HeadGrids("Heads");
    assertThatThrownBy(grids::figure).hasMessageContaining("no panels");
    grids.panel("first", TWO_BY_THREE);
    assertThatThrownBy(() -> grids.panel("second", new double[3][2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("second has 3 layers of 2 heads, the first panel 2 of 3");
    assertThatThrownBy(() -> grids.columns(0)).hasMessageContaining("0 columns");
  }
}
