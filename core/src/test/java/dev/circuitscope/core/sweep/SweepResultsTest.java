package dev.circuitscope.core.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SweepResultsTest {

  private static final Axis<Integer> A = Axis.of("a", 1, 2);
  private static final Axis<Integer> B = Axis.of("b", 10, 20, 30);
  private static final Axis<Integer> SEED = Axis.of("seed", 0, 1);

  record Row(double value) {}

  private static SweepResults<Row> results(Grid grid) throws IOException {
    return Sweeps.quiet(Sweep.of("sums", grid, Row.class, SweepResultsTest::sum))
        .setting("steps", 5)
        .run();
  }

  private static Row sum(Cell cell) {
    if (cell.get(B) == 20 && cell.get(A) == 2) {
      throw new ArithmeticException("diverged");
    }
    return new Row(
        cell.get(A) + cell.get(B) + (cell.names().contains("seed") ? cell.get(SEED) : 0));
  }

  /** NaN equals NaN. */
  private static void assertMatrix(double[][] actual, double[][] expected) {
    assertThat(Arrays.deepToString(actual)).isEqualTo(Arrays.deepToString(expected));
  }

  @Test
  void are_a_matrix_over_two_axes_with_nan_for_failed_and_missing_cells() throws IOException {
    Grid grid = Grid.product(A, B).where(cell -> cell.index() != 0);
    double nan = Double.NaN;
    assertMatrix(
        results(grid).matrix(A, B, Row::value), new double[][] {{nan, 21, 31}, {12, nan, 32}});
    assertMatrix(
        results(grid).matrix(B, A, Row::value), new double[][] {{nan, 12}, {21, nan}, {31, 32}});
  }

  @Test
  void are_means_over_the_axes_that_a_matrix_leaves_out() throws IOException {
    assertMatrix(
        results(Grid.product(SEED, A, B)).matrix(A, B, Row::value),
        new double[][] {{11.5, 21.5, 31.5}, {12.5, Double.NaN, 32.5}});
  }

  @Test
  void refuse_an_axis_that_is_not_theirs() throws IOException {
    SweepResults<Row> results = results(Grid.product(A, B));
    assertThatThrownBy(() -> results.matrix(A, SEED, Row::value)).hasMessageContaining("'seed'");
  }

  @Test
  void print_themselves_as_a_table() throws IOException {
    assertThat(results(Grid.product(A, B).where(cell -> cell.get(A) == 2)).toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("sums: 3 cells, 1 failed, {\"steps\":5}, version "),
            line -> assertThat(line).isEqualTo("  a=2, b=10  Row[value=12.0]"),
            line ->
                assertThat(line).startsWith("  a=2, b=20  failed: java.lang.ArithmeticException"),
            line -> assertThat(line).isEqualTo("  a=2, b=30  Row[value=32.0]"));
    Axis<Integer> many = new Axis<>("i", java.util.stream.IntStream.range(0, 50).boxed().toList());
    assertThat(
            Sweeps.quiet(Sweep.of("many", Grid.product(many), Integer.class, c -> 1))
                .run()
                .toString())
        .endsWith("  and 30 more" + System.lineSeparator());
  }

  @Test
  void go_to_json_with_provenance() throws IOException {
    JsonObject json = results(Grid.product(A, B)).toJson();
    assertThat(json.get("sweep").getAsString()).isEqualTo("sums");
    assertThat(json.get("settings")).hasToString("{\"steps\":5}");
    assertThat(json.getAsJsonArray("cells")).hasSize(6);
    assertThat(json.getAsJsonArray("cells").get(0))
        .hasToString("{\"cell\":0,\"values\":{\"a\":1,\"b\":10},\"row\":{\"value\":11.0}}");
    assertThat(json.getAsJsonArray("cells").get(4).getAsJsonObject().get("failure").toString())
        .contains("java.lang.ArithmeticException", "diverged");
  }

  @Test
  void are_of_every_cell() {
    assertThatThrownBy(
            () -> new SweepResults<>("x", "1", new JsonObject(), Grid.product(A), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 cells");
  }
}
