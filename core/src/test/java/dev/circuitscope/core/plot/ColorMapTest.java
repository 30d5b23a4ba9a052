package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import org.junit.jupiter.api.Test;

class ColorMapTest {

  /** Lightness L* of CIELAB, by its definition. */
  private static double lightness(Color color) {
    double[] linear = new double[3];
    int[] rgb = {color.getRed(), color.getGreen(), color.getBlue()};
    for (int i = 0; i < 3; i++) {
      double c = rgb[i] / 255.0;
      linear[i] = c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }
    double y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    return y > 216.0 / 24389 ? 116 * Math.cbrt(y) - 16 : y * 24389 / 27;
  }

  @Test
  void viridis_runs_from_violet_over_teal_to_yellow() {
    assertThat(ColorMap.VIRIDIS.at(0)).isEqualTo(new Color(68, 1, 84));
    assertThat(ColorMap.VIRIDIS.at(0.5)).isEqualTo(new Color(33, 145, 140));
    assertThat(ColorMap.VIRIDIS.at(1)).isEqualTo(new Color(253, 231, 37));
  }

  @Test
  void viridis_grows_lighter_in_nearly_equal_steps() {
    double first = lightness(ColorMap.VIRIDIS.at(0));
    double last = lightness(ColorMap.VIRIDIS.at(1));
    for (int i = 1; i <= 64; i++) {
      double t = i / 64.0;
      double here = lightness(ColorMap.VIRIDIS.at(t));
      assertThat(here).isGreaterThan(lightness(ColorMap.VIRIDIS.at(t - 1 / 64.0)));
      assertThat(here)
          .isCloseTo(first + t * (last - first), org.assertj.core.data.Offset.offset(2.5));
    }
  }

  @Test
  void the_diverging_map_is_blue_nearly_white_and_red() {
    Color zero = ColorMap.DIVERGING.at(0.5);
    assertThat(Math.min(zero.getRed(), Math.min(zero.getGreen(), zero.getBlue())))
        .isGreaterThan(240);
    assertThat(ColorMap.DIVERGING.at(0.2).getBlue())
        .isGreaterThan(ColorMap.DIVERGING.at(0.2).getRed() + 60);
    assertThat(ColorMap.DIVERGING.at(0.8).getRed())
        .isGreaterThan(ColorMap.DIVERGING.at(0.8).getBlue() + 60);
  }

  @Test
  void the_diverging_map_is_as_light_on_one_side_as_on_the_other_and_darkens_outwards() {
    for (int i = 1; i <= 32; i++) {
      double d = i / 64.0;
      double negative = lightness(ColorMap.DIVERGING.at(0.5 - d));
      double positive = lightness(ColorMap.DIVERGING.at(0.5 + d));
      assertThat(positive).isCloseTo(negative, org.assertj.core.data.Offset.offset(8.0));
      assertThat(negative).isLessThan(lightness(ColorMap.DIVERGING.at(0.5 - d + 1 / 64.0)));
      assertThat(positive).isLessThan(lightness(ColorMap.DIVERGING.at(0.5 + d - 1 / 64.0)));
    }
  }

  @Test
  void places_beyond_the_ends_get_the_end_and_nan_is_refused() {
    for (ColorMap map : ColorMap.values()) {
      assertThat(map.at(-3)).isEqualTo(map.at(0));
      assertThat(map.at(Double.POSITIVE_INFINITY)).isEqualTo(map.at(1));
      assertThatIllegalArgumentException().isThrownBy(() -> map.at(Double.NaN));
    }
  }

  @Test
  void a_scale_is_signed_exactly_when_a_value_is_negative() {
    assertThat(ColorScale.fitting(new double[] {0.5, Double.NaN, 2}))
        .isEqualTo(new ColorScale(ColorMap.VIRIDIS, 0, 2));
    assertThat(ColorScale.fitting(new double[] {-0.5, 2, Double.POSITIVE_INFINITY}))
        .isEqualTo(ColorScale.signed(2));
    assertThat(ColorScale.fitting(new double[] {0, 0})).isEqualTo(ColorScale.unit());
  }

  @Test
  void values_that_are_not_finite_are_grey() {
    ColorScale scale = ColorScale.unit();
    assertThat(scale.of(Double.NaN)).isEqualTo(Theme.MISSING);
    assertThat(scale.of(Double.NEGATIVE_INFINITY)).isEqualTo(Theme.MISSING);
    assertThat(scale.of(0)).isEqualTo(ColorMap.VIRIDIS.at(0));
  }

  @Test
  void an_empty_or_endless_range_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> ColorScale.signed(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ColorScale(ColorMap.VIRIDIS, 0, Double.POSITIVE_INFINITY));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ColorScale(ColorMap.VIRIDIS, Double.NaN, 1));
  }

  @Test
  void palette_keys_keep_their_colour_and_start_again_after_the_last() {
    assertThat(Palette.of(1)).isEqualTo(Palette.of(1 + Palette.size()));
    for (int i = 0; i < Palette.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertThat(Palette.of(i)).isNotEqualTo(Palette.of(j));
      }
    }
    assertThatIllegalArgumentException().isThrownBy(() -> Palette.of(-1));
  }

  @Test
  void text_on_a_cell_contrasts_with_it_by_the_accessibility_guidelines() {
    for (ColorMap map : ColorMap.values()) {
      for (int i = 0; i <= 100; i++) {
        Color cell = map.at(i / 100.0);
        double a = luminance(cell) + 0.05;
        double b = luminance(Theme.inkOn(cell)) + 0.05;
        assertThat(Math.max(a, b) / Math.min(a, b)).isGreaterThan(4.5);
      }
    }
  }

  private static double luminance(Color color) {
    double l = lightness(color);
    return l > 8 ? Math.pow((l + 16) / 116, 3) : l * 27 / 24389;
  }
}
