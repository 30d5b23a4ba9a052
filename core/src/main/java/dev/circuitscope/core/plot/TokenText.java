package dev.circuitscope.core.plot;

import java.util.Locale;

/**
 * Shows tokens as labels, so that every one is visible and takes one line.
 *
 * <p>A line feed becomes {@code ↵}, a tab {@code ⇥}, spaces at the beginning and the end {@code ·};
 * other control and invisible characters are escaped ({@code \r}, {@code \x07}, <code>&#92;u200b
 * </code>); long tokens lose their end to {@code …}; an empty token is {@code ∅}.
 */
public final class TokenText {

  /** Characters of a label unless a call says otherwise. */
  public static final int DEFAULT_LENGTH = 12;

  private TokenText() {}

  /**
   * The label of a token, at most {@link #DEFAULT_LENGTH} characters long.
   *
   * @param token the token's text
   * @return its label
   */
  public static String display(String token) {
    return display(token, DEFAULT_LENGTH);
  }

  /**
   * The label of a token.
   *
   * @param token the token's text
   * @param longest most characters (code points) of the label, at least 1
   * @return its label
   * @throws IllegalArgumentException if {@code longest} is less than 1
   */
  public static String display(String token, int longest) {
    if (longest < 1) {
      throw new IllegalArgumentException(
          "TokenText.display: labels of at most " + longest + " characters; allow at least 1");
    }
    if (token.isEmpty()) {
      return "∅";
    }
    int[] codePoints = token.codePoints().toArray();
    int first = 0;
    while (first < codePoints.length && codePoints[first] == ' ') {
      first++;
    }
    int last = codePoints.length;
    while (last > first && codePoints[last - 1] == ' ') {
      last--;
    }
    StringBuilder label = new StringBuilder();
    for (int i = 0; i < codePoints.length; i++) {
      label.append(i < first || i >= last ? "·" : visible(codePoints[i]));
    }
    return shorten(label.toString(), longest);
  }

  private static String visible(int c) {
    return switch (c) {
      case '\n' -> "↵";
      case '\t' -> "⇥";
      case '\r' -> "\\r";
      case '\u00A0' -> "⍽";
      default -> hidden(c) ? escape(c) : Character.toString(c);
    };
  }

  private static boolean hidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  private static String escape(int c) {
    if (c < 0x100) {
      return String.format(Locale.ROOT, "\\x%02x", c);
    }
    return String.format(Locale.ROOT, c < 0x10000 ? "\\u%04x" : "\\u{%x}", c);
  }

  private static String shorten(String label, int longest) {
    if (label.codePointCount(0, label.length()) <= longest) {
      return label;
    }
    return label.substring(0, label.offsetByCodePoints(0, longest - 1)) + "…";
  }
}
