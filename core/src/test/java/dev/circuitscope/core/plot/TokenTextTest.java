package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TokenTextTest {

  @Test
  void spaces_at_the_ends_become_middle_dots_and_those_inside_stay() {
    assertThat(TokenText.display(" the")).isEqualTo("·the");
    assertThat(TokenText.display("  a b ")).isEqualTo("··a b·");
    assertThat(TokenText.display("   ")).isEqualTo("···");
  }

  @Test
  void line_feeds_and_tabs_become_visible() {
    assertThat(TokenText.display("\n\n")).isEqualTo("↵↵");
    assertThat(TokenText.display("\ta")).isEqualTo("⇥a");
  }

  @Test
  void control_and_invisible_characters_are_escaped() {
    assertThat(TokenText.display("\r")).isEqualTo("\\r");
    assertThat(TokenText.display("\u0000\u001b")).isEqualTo("\\x00\\x1b");
    assertThat(TokenText.display("\u200b\u202e")).isEqualTo("\\u200b\\u202e");
    assertThat(TokenText.display("\ud800")).isEqualTo("\\ud800");
    assertThat(TokenText.display("\uffff")).isEqualTo("\\uffff");
    assertThat(TokenText.display(new String(Character.toChars(0xE0001)))).isEqualTo("\\u{e0001}");
  }

  @Test
  void long_tokens_end_in_an_ellipsis() {
    assertThat(TokenText.display("abcdefghijkl")).isEqualTo("abcdefghijkl");
    assertThat(TokenText.display("abcdefghijklm")).isEqualTo("abcdefghijk…");
    assertThat(TokenText.display("abc", 1)).isEqualTo("…");
    assertThatIllegalArgumentException().isThrownBy(() -> TokenText.display("abc", 0));
  }

  @Test
  void characters_beyond_the_basic_plane_are_never_split() {
    assertThat(TokenText.display("😀😀😀", 2)).isEqualTo("😀…");
  }

  @Test
  void an_empty_token_is_visible_too() {
    assertThat(TokenText.display("")).isEqualTo("∅");
  }
}
