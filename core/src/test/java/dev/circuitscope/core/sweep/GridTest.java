package dev.circuitscope.core.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class GridTest {

  private static final Axis<Integer> N = Axis.of("n", 2, 3, 5);
  private static final Axis<String> KIND = Axis.of("kind", "relu", "linear");
  private static final Axis<Double> P = Axis.of("p", 1.0, 0.1);

  enum Output {
    RELU,
    LINEAR
  }

  record Shape(int n, List<Float> importance) {}

  @Nested
  class A_product {

    @Test
    void has_every_combination_once_with_the_last_axis_fastest() {
      List<String> expected = new ArrayList<>();
      for (int n : N.values()) {
        for (String kind : KIND.values()) {
          for (double p : P.values()) {
            expected.add("n=" + n + ", kind=" + kind + ", p=" + p);
          }
        }
      }
      Grid grid = Grid.product(N, KIND, P);
      assertThat(grid.size()).isEqualTo(12);
      assertThat(grid.cells()).extracting(Cell::toString).containsExactlyElementsOf(expected);
      assertThat(grid.cells()).extracting(Cell::index).isSorted().doesNotHaveDuplicates();
      assertThat(grid.axes()).containsExactly(N, KIND, P);
    }

    @Test
    void gives_values_by_axis_with_their_type_and_by_name() {
      Cell cell = Grid.product(N, KIND, P).cells().get(7);
      int n = cell.get(N);
      String kind = cell.get(KIND);
      double p = cell.get(P);
      assertThat(n).isEqualTo(3);
      assertThat(kind).isEqualTo("linear");
      assertThat(p).isEqualTo(0.1);
      assertThat(cell.get("kind")).isEqualTo("linear");
      assertThat(cell.names()).containsExactly("n", "kind", "p");
    }

    @Test
    void of_no_axes_is_one_cell_and_of_an_empty_axis_is_none() {
      assertThat(Grid.product().size()).isEqualTo(1);
      assertThat(Grid.product(N, Axis.of("none")).size()).isZero();
    }

    @Test
    void of_records_is_an_explicit_list() {
      Shape small = new Shape(2, List.of(1f, 0.7f));
      Axis<Shape> shape = Axis.of("shape", small, new Shape(1, List.of(1f)));
      Cell cell = Grid.product(shape).cells().get(0);
      assertThat(cell.get(shape)).isSameAs(small);
      assertThat(cell.toJson()).hasToString("{\"shape\":{\"n\":2,\"importance\":[1.0,0.7]}}");
    }
  }

  @Test
  void a_part_of_a_grid_keeps_the_order_and_is_numbered_anew() {
    Grid part = Grid.product(N, P).where(cell -> cell.get(N) != 3 && cell.get(P) < 1);
    assertThat(part.cells()).extracting(Cell::toString).containsExactly("n=2, p=0.1", "n=5, p=0.1");
    assertThat(part.cells()).extracting(Cell::index).containsExactly(0, 1);
    assertThat(part.where(cell -> false).size()).isZero();
  }

  @Nested
  class A_seed {

    private final Grid grid = Grid.product(N, Axis.of("output", Output.values()));

    @Test
    void differs_between_cells_and_between_seeds_of_the_sweep() {
      assertThat(grid.cells()).extracting(cell -> cell.seed(1L)).doesNotHaveDuplicates();
      assertThat(grid.cells().get(0).seed(1L)).isNotEqualTo(grid.cells().get(0).seed(2L));
    }

    @Test
    void depends_on_the_values_and_not_on_the_place() {
      Cell alone = grid.where(cell -> cell.index() == 4).cells().get(0);
      assertThat(alone.index()).isZero();
      assertThat(alone.seed(7L)).isEqualTo(grid.cells().get(4).seed(7L));
    }

    @Test
    void is_the_beginning_of_the_sha_256_of_seed_and_values() {
      // printf '7 {"n":2,"output":"RELU"}' | sha256sum
      assertThat(grid.cells().get(0).seed(7L)).isEqualTo(0xef164e72888e0a3cL);
    }
  }

  @Nested
  class Refused {

    @Test
    void are_axes_of_one_name() {
      assertThatThrownBy(() -> Grid.product(N, P, Axis.of("n", 7)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'n'");
    }

    @Test
    void is_a_value_twice_or_a_name_that_is_blank() {
      assertThatThrownBy(() -> Axis.of("p", 0.1, 0.2, 0.1)).hasMessageContaining("0.1 twice");
      assertThatThrownBy(() -> Axis.of(" ", 1)).hasMessageContaining("name");
    }

    @Test
    void is_an_axis_that_the_grid_does_not_have() {
      Cell cell = Grid.product(N).cells().get(0);
      assertThatThrownBy(() -> cell.get(P)).hasMessageContaining("no axis 'p'; it has [n]");
      assertThatThrownBy(() -> cell.get(Axis.of("n", 7, 8)))
          .hasMessageContaining("cell {n=2} is not on this axis 'n' of [7, 8]");
    }
  }
}
