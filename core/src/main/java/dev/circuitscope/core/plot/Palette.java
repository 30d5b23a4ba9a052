package dev.circuitscope.core.plot;

import java.awt.Color;

/**
 * Colours for names: eight that people with any of the common colour-vision deficiencies can tell
 * apart, in a fixed order.
 *
 * <p>The colours are those of Okabe and Ito, "Color Universal Design" (2008), with their yellow
 * darkened because thin yellow lines vanish on white. Give a quantity a key once and use that key
 * in every figure, and it has the same colour everywhere:
 *
 * <pre>{@code
 * static final int INDUCTION = 1;
 * Series.of("induction score", steps, scores).withColor(INDUCTION)
 * }</pre>
 */
public final class Palette {

  private static final Color[] COLORS = {
    new Color(0x00, 0x72, 0xB2),
    new Color(0xD5, 0x5E, 0x00),
    new Color(0x00, 0x9E, 0x73),
    new Color(0xCC, 0x79, 0xA7),
    new Color(0xE6, 0x9F, 0x00),
    new Color(0x56, 0xB4, 0xE9),
    new Color(0x33, 0x33, 0x33),
    new Color(0x9A, 0x8F, 0x00),
  };

  private Palette() {}

  /**
   * The colour of a key: blue, vermilion, green, purple, orange, sky, black, olive, and then from
   * the start again.
   *
   * @param key which colour, at least 0
   * @return the colour of {@code key}
   * @throws IllegalArgumentException if {@code key} is negative
   */
  public static Color of(int key) {
    if (key < 0) {
      throw new IllegalArgumentException("Palette.of: key " + key + " is negative; use 0 or more");
    }
    return COLORS[key % COLORS.length];
  }

  /**
   * How many keys have a colour of their own.
   *
   * @return the number of distinct colours
   */
  public static int size() {
    return COLORS.length;
  }
}
