package dev.circuitscope.core.plot;

import dev.circuitscope.core.io.AtomicFiles;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;

/**
 * A finished picture, which every builder of this package returns: it has a size that suits its
 * content, and is saved, embedded or arranged with others.
 *
 * <pre>{@code
 * Figure heads = Charts.heads(scores, "Induction score");
 * heads.save(Path.of("induction.png"));             // twice the pixels, so that it is crisp
 * heads.sized(900, 300).save(Path.of("induction.svg"));
 * String html = "<figure>" + heads.toSvg() + "</figure>";
 * Figure.grid(2, heads, other).save(Path.of("both.png"));
 * }</pre>
 *
 * <p>A figure is immutable. Drawing it twice gives the same bytes on the same machine and JDK.
 */
public final class Figure {

  /** Pixels of a PNG per pixel of a figure, unless a call says otherwise. */
  public static final double DEFAULT_SCALE = 2;

  private static final int MOST_PIXELS_PER_SIDE = 32_000;

  /** A drawing of one's own. */
  @FunctionalInterface
  public interface Painter {
    /**
     * Draws into the rectangle from (0, 0) to ({@code width}, {@code height}), which is white and
     * antialiased.
     *
     * @param g what to draw with; need not be restored
     * @param width the width in pixels
     * @param height the height in pixels
     */
    void paint(Graphics2D g, double width, double height);
  }

  private final Drawing drawing;
  private final int width;
  private final int height;

  private Figure(Drawing drawing, int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "Figure: size " + width + " x " + height + " px; both must be at least 1");
    }
    this.drawing = drawing;
    this.width = width;
    this.height = height;
  }

  static Figure of(Drawing drawing) {
    return new Figure(drawing, (int) Math.ceil(drawing.width()), (int) Math.ceil(drawing.height()));
  }

  /**
   * A figure of one's own drawing, to be saved and arranged like any other.
   *
   * @param width its natural width in pixels
   * @param height its natural height in pixels
   * @param painter draws it; called once per output
   * @return the figure
   * @throws IllegalArgumentException if a side is less than 1
   */
  public static Figure of(int width, int height, Painter painter) {
    Objects.requireNonNull(painter, "painter");
    return new Figure(new Painted(width, height, painter), width, height);
  }

  /**
   * A figure of any JFreeChart chart.
   *
   * @param chart the chart; drawn as it is at the time of each output
   * @param width its natural width in pixels
   * @param height its natural height in pixels
   * @return the figure
   * @throws IllegalArgumentException if a side is less than 1
   */
  public static Figure of(JFreeChart chart, int width, int height) {
    Objects.requireNonNull(chart, "chart");
    return of(width, height, (g, w, h) -> chart.draw(g, new Rectangle2D.Double(0, 0, w, h)));
  }

  /**
   * Figures side by side, row by row.
   *
   * @param columns how many stand in a row
   * @param figures the figures, at least one; each column is as wide as its widest
   * @return one figure of all
   * @throws IllegalArgumentException if there is no figure or {@code columns} is less than 1
   */
  public static Figure grid(int columns, Figure... figures) {
    return of(new GridDrawing(columns, List.of(figures)));
  }

  /**
   * Line plots above each other over one common x axis, which only the lowest one labels.
   *
   * @param plots figures of {@link LinePlot}, at least one, all linear or all logarithmic in x
   * @return one figure of all, over the union of their x ranges
   * @throws IllegalArgumentException if there is none, one is not a line plot, or axes differ
   */
  public static Figure stack(Figure... plots) {
    return of(StackDrawing.of(List.of(plots)));
  }

  /**
   * This figure under a common title, for grids and stacks.
   *
   * @param title the title; wraps when it is long
   * @return a figure that is taller by the title
   */
  public Figure titled(String title) {
    return of(new TitledDrawing(title, this));
  }

  /**
   * The same figure, laid out anew in another size.
   *
   * @param newWidth the width in pixels
   * @param newHeight the height in pixels
   * @return the resized figure
   * @throws IllegalArgumentException if a side is less than 1
   */
  public Figure sized(int newWidth, int newHeight) {
    return new Figure(drawing, newWidth, newHeight);
  }

  /**
   * The width.
   *
   * @return pixels at scale 1
   */
  public int width() {
    return width;
  }

  /**
   * The height.
   *
   * @return pixels at scale 1
   */
  public int height() {
    return height;
  }

  /**
   * Draws this figure on a white rectangle of any graphics context.
   *
   * @param g what to draw with; left as it was
   * @param area where to draw
   */
  public void draw(Graphics2D g, Rectangle2D area) {
    Graphics2D own = (Graphics2D) g.create();
    try {
      Theme.prepare(own);
      own.translate(area.getX(), area.getY());
      own.setColor(Theme.PAPER);
      own.fill(new Rectangle2D.Double(0, 0, area.getWidth(), area.getHeight()));
      double shrink =
          Math.min(
              1,
              Math.min(
                  area.getWidth() / drawing.leastWidth(),
                  area.getHeight() / drawing.leastHeight()));
      own.scale(shrink, shrink);
      own.setColor(Theme.INK);
      drawing.paint(own, area.getWidth() / shrink, area.getHeight() / shrink);
    } finally {
      own.dispose();
    }
  }

  /**
   * Writes this figure to a file, as PNG (at {@link #DEFAULT_SCALE}) or SVG by the file's ending.
   * Missing folders are made. The file is either written whole or not touched.
   *
   * @param file a path ending in {@code .png} or {@code .svg}
   * @throws IllegalArgumentException if the path ends in anything else
   * @throws UncheckedIOException if the file cannot be written
   */
  public void save(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".png")) {
      write(file, toPng());
    } else if (name.endsWith(".svg")) {
      write(file, toSvg().getBytes(StandardCharsets.UTF_8));
    } else {
      throw new IllegalArgumentException(
          "Figure.save: cannot tell the format of '" + file + "'; end it in .png or .svg");
    }
  }

  /**
   * Writes this figure to a PNG file of a chosen resolution.
   *
   * @param file any path
   * @param scale pixels of the file per pixel of the figure
   * @throws IllegalArgumentException if the scale is not positive or the image would be too large
   * @throws UncheckedIOException if the file cannot be written
   */
  public void savePng(Path file, double scale) {
    write(file, toPng(scale));
  }

  /**
   * This figure as SVG.
   *
   * @return an {@code <svg>} element, which is a whole SVG file in UTF-8 and can stand inside HTML
   */
  public String toSvg() {
    return SvgCanvas.render(
        width, height, g -> draw(g, new Rectangle2D.Double(0, 0, width, height)));
  }

  /**
   * This figure as PNG at {@link #DEFAULT_SCALE}.
   *
   * @return the bytes of a PNG file
   */
  public byte[] toPng() {
    return toPng(DEFAULT_SCALE);
  }

  /**
   * This figure as PNG.
   *
   * @param scale pixels of the image per pixel of the figure
   * @return the bytes of a PNG file
   * @throws IllegalArgumentException if the scale is not positive or the image would be too large
   */
  public byte[] toPng(double scale) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(toImage(scale), "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing PNG to memory failed", e);
    }
    return out.toByteArray();
  }

  /**
   * This figure as an image.
   *
   * @param scale pixels of the image per pixel of the figure
   * @return an opaque RGB image
   * @throws IllegalArgumentException if the scale is not positive or the image would be too large
   */
  public BufferedImage toImage(double scale) {
    double w = Math.rint(width * scale);
    double h = Math.rint(height * scale);
    if (!(w >= 1 && h >= 1 && w <= MOST_PIXELS_PER_SIDE && h <= MOST_PIXELS_PER_SIDE)) {
      throw new IllegalArgumentException(
          "Figure %d x %d px at scale %s: each side of the image must have 1 to %d pixels"
              .formatted(width, height, scale, MOST_PIXELS_PER_SIDE));
    }
    BufferedImage image = new BufferedImage((int) w, (int) h, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    try {
      g.scale(w / width, h / height);
      draw(g, new Rectangle2D.Double(0, 0, width, height));
    } finally {
      g.dispose();
    }
    return image;
  }

  private static void write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      AtomicFiles.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the figure to '" + file + "'", e);
    }
  }

  Drawing drawing() {
    return drawing;
  }

  private record Painted(double width, double height, Painter painter) implements Drawing {
    @Override
    public void paint(Graphics2D g, double w, double h) {
      painter.paint(g, w, h);
    }
  }
}
