package dev.circuitscope.core.plot;

import java.awt.Graphics2D;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Labels of equally spaced rows or columns: every one where there is room, otherwise every second,
 * third and so on (numbers: second, fifth, tenth).
 */
record Labels(List<String> texts, boolean numbers) {

  private static final double LONGEST = 150;

  static Labels named(List<String> texts) {
    boolean numbers = texts.stream().allMatch(text -> text.matches("-?\\d+"));
    return new Labels(
        texts.stream().map(text -> Text.fit(text, Theme.LABEL, LONGEST)).toList(), numbers);
  }

  /** 0, 1, 2 and so on. */
  static Labels counting(int count) {
    return new Labels(IntStream.range(0, count).mapToObj(Integer::toString).toList(), true);
  }

  /** A prefix and 0, 1, 2 and so on. */
  static Labels counting(String prefix, int count) {
    return new Labels(IntStream.range(0, count).mapToObj(i -> prefix + i).toList(), true);
  }

  double widest() {
    return Text.widest(texts, Theme.LABEL);
  }

  /** Whether labels of columns {@code pitch} apart must read upwards to fit. */
  boolean upright(double pitch) {
    return !numbers && widest() + Theme.GAP > pitch;
  }

  /** How many places one label takes when it needs {@code need} pixels. */
  int stride(double pitch, double need) {
    int least = (int) Math.max(1, Math.ceil(need / pitch));
    return numbers && least > 1 ? (int) Math.max(1, Ticks.step(least)) : least;
  }

  /** Draws the labels of rows, ending at {@code x}, the first row beginning at {@code y}. */
  void paintRows(Graphics2D g, double x, double y, double pitch) {
    g.setColor(Theme.SOFT_INK);
    int stride = stride(pitch, Text.height(Theme.LABEL) - 1);
    for (int i = 0; i < texts.size(); i += stride) {
      Text.right(g, texts.get(i), Theme.LABEL, x, y + (i + 0.5) * pitch);
    }
  }

  /** Draws the labels of columns under {@code y}, the first column beginning at {@code x}. */
  void paintColumns(Graphics2D g, double x, double y, double pitch, boolean upright) {
    g.setColor(Theme.SOFT_INK);
    double line = Text.height(Theme.LABEL);
    int stride = stride(pitch, upright ? line - 1 : widest() + Theme.GAP);
    for (int i = 0; i < texts.size(); i += stride) {
      double centre = x + (i + 0.5) * pitch;
      if (upright) {
        Text.upEnding(g, texts.get(i), Theme.LABEL, centre, y);
      } else {
        Text.centre(g, texts.get(i), Theme.LABEL, centre, y + line / 2);
      }
    }
  }
}
