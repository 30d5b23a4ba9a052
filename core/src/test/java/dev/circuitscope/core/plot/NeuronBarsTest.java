package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

@DisplayName("Bars of neurons")
class NeuronBarsTest {

  private record Segment(double x, double y, double height, Color fill) {}

  /**
   * The segments in the colour of a kind, full or lighter, from left to right and top to bottom.
   */
  private static List<Segment> segments(Figure figure, int kind) {
    Color full = Palette.of(kind);
    Color half =
        new Color(
            (int) Math.round((full.getRed() + 255) / 2.0),
            (int) Math.round((full.getGreen() + 255) / 2.0),
            (int) Math.round((full.getBlue() + 255) / 2.0));
    return Svg.of(figure).elements("rect").stream()
        .map(NeuronBarsTest::segment)
        .filter(s -> full.equals(s.fill()) || half.equals(s.fill()))
        .sorted(Comparator.comparingDouble(Segment::x).thenComparingDouble(Segment::y))
        .toList();
  }

  private static Segment segment(Element e) {
    return new Segment(number(e, "x"), number(e, "y"), number(e, "height"), Svg.fill(e));
  }

  private static double number(Element e, String attribute) {
    return e.hasAttribute(attribute) ? Double.parseDouble(e.getAttribute(attribute)) : 0;
  }

  @Test
  void stackWeightsOfEachSignTheLargestNextToTheAxis() {
    Figure figure = new NeuronBars("Bars").panel("p = 1", new double[][] {{1, -2, 3}}).figure();
    List<Segment> segments = segments(figure, 0);
    double unit = segments.get(0).height();
    assertThat(segments).hasSize(3);
    assertThat(segments.get(1).height() / unit).isCloseTo(3, within(0.01));
    assertThat(segments.get(2).height() / unit).isCloseTo(2, within(0.01));
    assertThat(segments.get(1).y()).isCloseTo(segments.get(0).y() + unit, within(0.01));
    assertThat(segments.get(2).y()).isCloseTo(segments.get(1).y() + 3 * unit, within(0.01));
    assertThat(segments.get(0).fill()).isNotEqualTo(segments.get(1).fill());
    assertThat(segments.get(1).fill()).isEqualTo(segments.get(2).fill()).isEqualTo(Palette.of(0));
  }

  @Test
  void haveTheColourOfTheirNeuronsKindAndSayWhatItMeans() {
    Figure figure =
        new NeuronBars("Bars")
            .kinds("one feature", "several")
            .y("|W|")
            .panel("p = 1", new double[][] {{1, 0}, {1, 1}}, new int[] {0, 1})
            .figure();
    assertThat(segments(figure, 0)).hasSize(1);
    assertThat(segments(figure, 1)).hasSize(2);
    assertThat(Svg.of(figure).texts())
        .contains("Bars", "one feature", "several", "|W|", "neuron", "p = 1");
  }

  @Test
  void shareOneScaleAndBearNumbersWhereThereIsRoom() {
    Figure figure =
        new NeuronBars("")
            .panel("a", new double[][] {{0, 0, 0, 0, 0, 0, 0, 4}})
            .panel("b", new double[][] {{0, 0, 0, 0, 0, 0, 0, 2, 0.01}})
            .figure();
    List<Segment> segments = segments(figure, 0);
    assertThat(segments.get(0).height()).isCloseTo(2 * segments.get(2).height(), within(0.01));
    assertThat(Svg.of(figure).texts().stream().filter("7"::equals)).hasSize(2);
    assertThat(Svg.of(figure).texts()).doesNotContain("8");
  }

  @Test
  void ofManyNeuronsAndOfNoWeightsAreDrawn() {
    double[][] many = new double[40][100];
    for (double[] row : many) {
      java.util.Arrays.fill(row, 0.01);
    }
    assertThat(segments(new NeuronBars("").panel("", many).figure(), 0)).hasSize(4000);
    many[0][0] = 10;
    assertThat(segments(new NeuronBars("").panel("", many).figure(), 0)).hasSize(2 + 39);
    assertThat(segments(new NeuronBars("").panel("", new double[1][1]).figure(), 0)).isEmpty();
    assertThat(segments(new NeuronBars("").panel("", new double[][] {{-1}}).figure(), 0))
        .hasSize(1);
  }

  @Test
  void refuseWhatIsMissing() {
    NeuronBars bars = new NeuronBars("");
    assertThatIllegalArgumentException()
        .isThrownBy(bars::figure)
        .withMessageContaining("no panels");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bars.panel("p", new double[2][3], new int[1]))
        .withMessageContaining("1 kinds for 2 neurons");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bars.panel("p", new double[1][1], new int[] {-1}))
        .withMessageContaining("kind -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bars.panel("p", new double[][] {{Double.NaN}}))
        .withMessageContaining("not finite");
    assertThatIllegalArgumentException().isThrownBy(() -> bars.panel("p", new double[0][]));
    assertThatIllegalArgumentException().isThrownBy(() -> bars.columns(0));
  }
}
