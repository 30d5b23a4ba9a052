package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicksTest {

  @Test
  void ticks_are_round_within_the_interval_and_not_too_many() {
    assertThat(Ticks.linear(0, 1, 6)).containsExactly(0, 0.2, 0.4, 0.6, 0.8, 1);
    assertThat(Ticks.linear(-1.78, 1.78, 6)).containsExactly(-1, 0, 1);
    assertThat(Ticks.linear(0, 1.05, 4)).containsExactly(0, 0.5, 1);
    for (double high = 1e-6; high < 1e6; high *= 1.7) {
      assertThat(Ticks.linear(-high / 3, high, 6)).hasSizeBetween(2, 6).contains(0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "0.25, 0.25",
    "0.3, 0.3",
    "-0.5, -0.5",
    "999, 999",
    "1000, 1k",
    "12500, 12.5k",
    "2500000, 2.5M",
    "1e9, 1B",
    "1e-4, 1e-4",
    "-2.5e-7, -2.5e-7",
    "0.001, 0.001",
    "1e12, 1T"
  })
  void axis_numbers_are_short(double value, String text) {
    assertThat(Ticks.format(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.00",
    "-0.001, 0.00",
    "0.984, 0.98",
    "-1, -1.00",
    "9.999, 10.0",
    "12.34, 12.3",
    "99.99, 100",
    "123.4, 123",
    "-45678, -45.7k",
    "NaN, NaN",
    "-Infinity, -∞",
    "Infinity, ∞"
  })
  void cell_values_have_about_three_digits_and_no_negative_zero(double value, String text) {
    assertThat(Ticks.cell(value)).isEqualTo(text);
  }

  @Test
  void labels_thin_out_when_they_do_not_fit() {
    Labels words = Labels.named(List.of("one", "two", "three"));
    assertThat(words.stride(20, 11)).isEqualTo(1);
    assertThat(words.stride(4, 11)).isEqualTo(3);
    assertThat(Labels.counting(100).stride(4, 11)).isEqualTo(5);
    assertThat(Labels.counting(1000).stride(0.5, 11)).isEqualTo(50);
  }

  @Test
  void only_words_that_are_wider_than_their_column_read_upwards() {
    assertThat(Labels.named(List.of("pos_embed", "mlp")).upright(30)).isTrue();
    assertThat(Labels.named(List.of("pos_embed", "mlp")).upright(300)).isFalse();
    assertThat(Labels.counting(2000).upright(3)).isFalse();
  }

  @Test
  void text_is_shortened_and_wrapped_to_its_room() {
    double room = 100;
    assertThat(Text.fit("short", Theme.LABEL, room)).isEqualTo("short");
    String fitted = Text.fit("a very long text that does not fit", Theme.LABEL, room);
    assertThat(fitted).startsWith("a very").endsWith("…");
    assertThat(Text.width(fitted, Theme.LABEL)).isLessThanOrEqualTo(room);
    assertThat(Text.fit("W", Theme.LABEL, 0.5)).isEmpty();
    List<String> lines = Text.wrap("some words that need\nmore than one line", Theme.LABEL, room);
    assertThat(String.join(" ", lines)).isEqualTo("some words that need more than one line");
    assertThat(lines).allMatch(line -> Text.width(line, Theme.LABEL) <= room).hasSizeGreaterThan(2);
    assertThat(Text.wrap("", Theme.LABEL, room)).isEmpty();
  }
}
