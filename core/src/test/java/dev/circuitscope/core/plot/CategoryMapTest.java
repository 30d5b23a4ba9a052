package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.util.List;
import org.junit.jupiter.api.Test;

class CategoryMapTest {

  private static final Color NONE = new Color(200, 200, 200);
  private static final Color SOME = new Color(200, 30, 30);

  private static CategoryMap map() {
    return new CategoryMap("Phases")
        .category("none", NONE)
        .category("some", SOME)
        .logX("p", 1, 0.1, 0.01)
        .logY("importance", 0.1, 10);
  }

  @Test
  void draws_the_first_row_at_the_bottom_and_the_first_column_on_the_left() {
    List<Svg.Box> red =
        Svg.of(map().panel("a", new int[][] {{1, 0, 0}, {0, 0, 1}}).figure()).boxes().stream()
            .filter(box -> box.fill().equals(SOME))
            .toList();
    assertThat(red).hasSize(2);
    Svg.Box lower = red.get(0);
    Svg.Box upper = red.get(1);
    assertThat(lower.area().getX() + 2 * lower.area().getWidth()).isEqualTo(upper.area().getX());
    assertThat(upper.area().getMaxY()).isEqualTo(lower.area().getY());
  }

  @Test
  void names_axes_panels_categories_and_marks() {
    boolean[][] marked = {{true, false, false}, {false, false, false}};
    Figure figure =
        map()
            .panel("theory", new int[2][3])
            .panel("trained", new int[2][3])
            .mark("differs", marked)
            .figure();
    List<String> texts = Svg.of(figure).texts();
    assertThat(texts).contains("Phases", "theory", "trained", "none", "some", "differs");
    assertThat(texts).contains("p", "importance", "0.01", "0.1", "1", "10");
    assertThat(texts.stream().filter("differs"::equals)).hasSize(1);
  }

  @Test
  void labels_round_numbers_where_they_lie_between_cells() {
    GridAxis axis = GridAxis.of("axis", new double[] {1, 0.1, 0.01}, true);
    assertThat(axis.ticks(3)).containsExactly(0.01, 0.1, 1.0);
    assertThat(axis.place(1)).isEqualTo(0.5);
    assertThat(axis.place(0.01)).isEqualTo(2.5);
    assertThat(axis.place(Math.sqrt(0.1))).isBetween(0.999999, 1.000001);
    GridAxis steps = GridAxis.of("axis", new double[] {0, 5, 10}, false);
    assertThat(steps.ticks(3)).containsExactly(0.0, 5.0, 10.0);
    assertThat(steps.place(2.5)).isEqualTo(1);
  }

  @Test
  void a_single_cell_has_the_label_of_its_value() {
    Figure figure =
        new CategoryMap("")
            .category("only", Color.BLUE)
            .x("x", 3)
            .y("y", 7)
            .panel("", new int[1][1])
            .figure();
    assertThat(Svg.of(figure).texts()).contains("3", "7", "only");
  }

  @Test
  void refuses_what_does_not_fit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> map().panel("p", new int[3][3]))
        .withMessageContaining("'p' must be 2 rows of 3 cells")
        .withMessageContaining("was 3 rows");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> map().panel("p", new int[][] {{0, 0, 2}, {0, 0, 0}}))
        .withMessageContaining("category 2; there are 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> map().logX("p", 1, 0.5, 0.1))
        .withMessageContaining("value 1, 0.5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> map().logY("r", 0, 1))
        .withMessageContaining("positive");
    assertThatIllegalArgumentException().isThrownBy(() -> map().x("x"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> map().mark("m", new boolean[2][3]))
        .withMessageContaining("no panel");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CategoryMap("").panel("p", new int[1][1]))
        .withMessageContaining("axes");
    assertThatIllegalArgumentException().isThrownBy(() -> map().figure());
  }
}
