package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ComplexPlaneTest {

  @Nested
  class TheDistanceFromTheCentre {
    @Test
    void is_linear_unless_told_otherwise() {
      RadiusScale scale = RadiusScale.upTo(10, 0);
      assertThat(scale.of(0)).isZero();
      assertThat(scale.of(4)).isCloseTo(2 * scale.of(2), within(1e-12));
      assertThat(scale.of(10)).isBetween(0.85, 1.0);
    }

    @Test
    void grows_by_the_same_step_for_every_power_of_ten_if_logarithmic() {
      RadiusScale scale = RadiusScale.upTo(350, 4);
      assertThat(scale.edge()).isCloseTo(1000, within(1e-9));
      assertThat(scale.centre()).isCloseTo(0.1, within(1e-9));
      double step = scale.of(1);
      assertThat(scale.of(10)).isCloseTo(2 * step, within(1e-12));
      assertThat(scale.of(100)).isCloseTo(3 * step, within(1e-12));
      assertThat(scale.of(1000)).isCloseTo(4 * step, within(1e-12)).isBetween(0.85, 1.0);
      assertThat(scale.of(0.1)).isZero();
      assertThat(scale.of(1e-9)).isZero();
      assertThat(scale.of(0)).isZero();
    }

    @Test
    void has_rings_from_the_largest_number_down() {
      assertThat(RadiusScale.upTo(350, 4).rings()).containsExactly(1000, 100, 10, 1);
      assertThat(RadiusScale.upTo(1, 8).rings())
          .hasSize(4)
          .isSortedAccordingTo((a, b) -> Double.compare(b, a));
      assertThat(RadiusScale.upTo(10, 0).rings())
          .isNotEmpty()
          .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }
  }

  @Test
  void numbers_lie_where_they_belong_in_the_colour_of_their_sign() {
    double[] real = {0.5, -0.5};
    double[] imaginary = {0.5, -0.25};
    double side = 100;
    ComplexPanel panel = new ComplexPanel(real, imaginary, new RadiusScale(0, 0.9), side);
    BufferedImage image = new BufferedImage(100, 100, BufferedImage.TYPE_INT_RGB);
    var g = image.createGraphics();
    Theme.prepare(g);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, 100, 100);
    panel.paint(g, new java.awt.geom.Rectangle2D.Double(0, 0, side, side));
    assertThat(hue(image.getRGB(75, 25))).isCloseTo(hue(Palette.of(0).getRGB()), within(0.03f));
    assertThat(hue(image.getRGB(25, 62))).isCloseTo(hue(Palette.of(1).getRGB()), within(0.03f));
  }

  private static float hue(int rgb) {
    Color c = new Color(rgb);
    return Color.RGBtoHSB(c.getRed(), c.getGreen(), c.getBlue(), null)[0];
  }

  @Test
  void every_panel_shows_its_title_over_one_scale_and_one_legend() {
    Figure figure =
        new ComplexPlane("Eigenvalues")
            .panel("L0H0", new double[] {100, -3}, new double[] {0, 1})
            .panel("L0H1", new double[0], new double[0])
            .logRadius(3)
            .columns(2)
            .figure();
    assertThat(Svg.of(figure).texts())
        .contains("Eigenvalues", "L0H0", "L0H1", "imaginary part", "positive real part")
        .contains("100", "-100")
        .anyMatch(text -> text.contains("logarithmic, from 0.1"));
  }

  @Test
  void zeros_alone_and_an_empty_set_are_drawn() {
    assertThat(Svg.of(Charts.complexPlane(new double[1], new double[1], "Zero")).texts())
        .contains("Zero", "real part");
    new ComplexPlane("").panel("", new double[0], new double[0]).logRadius(1).figure().toSvg();
  }

  @Test
  void what_is_no_set_of_complex_numbers_is_refused() {
    ComplexPlane plane = new ComplexPlane("T");
    assertThatIllegalArgumentException()
        .isThrownBy(plane::figure)
        .withMessageContaining("no panels");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plane.panel("a", new double[2], new double[1]))
        .withMessageContaining("2 real parts but 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plane.panel("a", new double[] {Double.NaN}, new double[1]))
        .withMessageContaining("'a'");
    assertThatIllegalArgumentException().isThrownBy(() -> plane.logRadius(0));
    assertThatIllegalArgumentException().isThrownBy(() -> plane.columns(0));
  }
}
