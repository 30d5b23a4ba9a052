package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;
import org.w3c.dom.Element;

class InterferenceGraphPlotTest {

  /** A pair along the third dimension beside a pentagon in the first two, shuffled. */
  private static final int[] PENTAGON = {4, 0, 6, 2, 1};

  private static double[][] pentagonAndPair() {
    double[][] w = new double[3][7];
    for (int corner = 0; corner < 5; corner++) {
      w[0][PENTAGON[corner]] = Math.cos(2 * Math.PI * corner / 5);
      w[1][PENTAGON[corner]] = Math.sin(2 * Math.PI * corner / 5);
    }
    w[2][3] = 1;
    w[2][5] = -1;
    return w;
  }

  private static List<Integer> pentagon() {
    return IntStream.of(PENTAGON).sorted().boxed().toList();
  }

  @Nested
  class AGroup {
    @Test
    void stands_around_a_circle_in_the_order_of_its_corners() {
      FeatureGroup group = FeatureGroup.of(pentagonAndPair(), pentagon());
      for (int corner = 0; corner < 5; corner++) {
        int here = pentagon().indexOf(PENTAGON[corner]);
        int next = pentagon().indexOf(PENTAGON[(corner + 1) % 5]);
        double between =
            Math.hypot(group.x()[here] - group.x()[next], group.y()[here] - group.y()[next]);
        assertThat(between).isCloseTo(2 * Math.sin(Math.PI / 5), within(1e-12));
        assertThat(Math.hypot(group.x()[here], group.y()[here])).isCloseTo(1, within(1e-12));
      }
    }

    @Test
    void of_many_features_lies_where_its_principal_components_put_it() {
      // Twenty points of a plane: their own coordinates, up to a rotation and a scale.
      double[][] w = new double[3][20];
      for (int i = 0; i < 20; i++) {
        w[0][i] = 3 * Math.sin(0.9 * i);
        w[2][i] = Math.cos(2.3 * i);
      }
      FeatureGroup group = FeatureGroup.of(w, IntStream.range(0, 20).boxed().toList());
      double scale = distance(group, 0, 1) / inSpace(w, 0, 1);
      for (int i = 0; i < 20; i++) {
        for (int j = 0; j < i; j++) {
          assertThat(distance(group, i, j)).isCloseTo(scale * inSpace(w, i, j), within(1e-6));
        }
        assertThat(Math.hypot(group.x()[i], group.y()[i])).isLessThan(1 + 1e-12);
      }
    }

    private static double distance(FeatureGroup group, int i, int j) {
      return Math.hypot(group.x()[i] - group.x()[j], group.y()[i] - group.y()[j]);
    }

    private static double inSpace(double[][] w, int i, int j) {
      return Math.hypot(w[0][i] - w[0][j], w[2][i] - w[2][j]);
    }

    @Test
    void of_one_feature_or_of_zeros_stands_still() {
      FeatureGroup one = FeatureGroup.of(new double[][] {{2}}, List.of(0));
      assertThat(one.x()).containsExactly(0);
      assertThat(one.norm(0)).isEqualTo(2);
      FeatureGroup zeros =
          FeatureGroup.of(new double[1][13], IntStream.range(0, 13).boxed().toList());
      assertThat(Arrays.stream(zeros.x())).containsOnly(0.0);
    }
  }

  @Nested
  class ThePicture {
    @Test
    void has_a_dot_a_feature_and_a_line_for_all_that_interfere() {
      Svg svg =
          Svg.of(
              new InterferenceGraphPlot("Figures")
                  .panel("p = 0.1", pentagonAndPair(), List.of(pentagon(), List.of(3, 5)))
                  .figure());
      assertThat(svg.elements("circle")).hasSize(7);
      // All ten pairs of the pentagon and the one pair; colour bar ticks are other lines.
      assertThat(edges(svg)).hasSize(11);
      assertThat(svg.texts()).contains("Figures", "p = 0.1");
    }

    @Test
    void leaves_out_weak_lines_and_features_in_no_group() {
      InterferenceGraphPlot plot = new InterferenceGraphPlot("").weakest(0.5);
      Svg svg =
          Svg.of(plot.panel("", Nd4j.create(pentagonAndPair()), List.of(pentagon())).figure());
      // Neighbours of a pentagon have a dot product of 0.31, the others of -0.81.
      assertThat(edges(svg)).hasSize(5);
      assertThat(svg.elements("circle")).hasSize(5);
    }

    @Test
    void keeps_everything_in_its_frame_however_many_groups_there_are() {
      double[][] w = new double[1][200];
      List<List<Integer>> pairs =
          IntStream.range(0, 100).mapToObj(i -> List.of(2 * i, 2 * i + 1)).toList();
      Svg svg = Svg.of(new InterferenceGraphPlot("").panel("", w, pairs).figure());
      assertThat(svg.elements("circle")).hasSize(200);
      for (Element dot : svg.elements("circle")) {
        assertThat(Double.parseDouble(dot.getAttribute("cx"))).isBetween(0.0, 400.0);
        assertThat(Double.parseDouble(dot.getAttribute("cy"))).isBetween(0.0, 380.0);
      }
    }

    @Test
    void of_a_model_without_groups_is_an_empty_frame() {
      Svg svg = Svg.of(new InterferenceGraphPlot("").panel("none", w(), List.of()).figure());
      assertThat(svg.elements("circle")).isEmpty();
      assertThat(svg.texts()).contains("none");
    }

    private static double[][] w() {
      return new double[][] {{1, -1}};
    }

    private static List<Element> edges(Svg svg) {
      return svg.elements("line").stream()
          // The others are the ticks of the colour bar.
          .filter(line -> !line.getAttribute("stroke").equals("rgb(140,140,140)"))
          .toList();
    }
  }

  @Test
  void refuses_what_it_cannot_draw() {
    double[][] w = {{1, -1}};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InterferenceGraphPlot("").panel("p", w, List.of(List.of(0, 2))))
        .withMessageContaining("feature 2 of 2");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new InterferenceGraphPlot("").panel("p", w, List.of(List.of(0), List.of(0))))
        .withMessageContaining("feature 0 of 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InterferenceGraphPlot("").panel("p", w, List.of(List.of())))
        .withMessageContaining("without features");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new InterferenceGraphPlot("")
                    .panel("p", new double[][] {{Double.NaN}}, List.of(List.of(0))))
        .withMessageContaining("not finite");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InterferenceGraphPlot("").weakest(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> new InterferenceGraphPlot("").columns(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InterferenceGraphPlot("").figure())
        .withMessageContaining("no panels");
  }
}
