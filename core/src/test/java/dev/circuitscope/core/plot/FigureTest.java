package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FigureTest {

  private static final double[] X = {1, 10, 100};

  private static Figure square(Color color) {
    return Figure.of(
        20,
        20,
        (g, w, h) -> {
          g.setColor(color);
          g.fill(new Rectangle2D.Double(0, 0, w, h));
        });
  }

  private static LinePlot plot(String name, double... y) {
    return new LinePlot(name).x("step").y(name).line(name, X, y);
  }

  /** One figure of every kind. */
  static Stream<Figure> everyFigure() {
    double[][] scores = {{0.1, 0.9}, {0.5, Double.NaN}};
    double[][] w = {{1, 0, -1}, {0, 1, 0}};
    double[][] pattern = {{1, 0}, {0.25, 0.75}};
    List<String> tokens = List.of("a", " b");
    Figure lines = plot("loss", 3, 2, 1).band("change", 5, 20).figure();
    return Stream.of(
        lines,
        plot("loss", 3, 2, 1).logX().logY().figure(),
        Figure.stack(lines, plot("score", 0, Double.NaN, 1).figure()).titled("Stack"),
        Charts.heatMap(scores, "Heat", "value"),
        Charts.heads(scores, "Heads"),
        Charts.attention(pattern, tokens, "L0H0"),
        new AttentionPlot(tokens).head(0, 0, pattern).head(0, 1, pattern).figure(),
        Charts.polygon(w, new double[] {1, 0.9, 0.8}, "Polygon"),
        Charts.gram(w, new double[] {0, 0, 0.1}, "Gram"),
        Charts.norms(new double[] {1, 1, 1}, new double[] {0.5, 0, 1}, "Norms"),
        Figure.grid(2, lines, Charts.heads(scores, "Heads"), lines));
  }

  @Nested
  class Saving {
    @TempDir Path folder;

    @Test
    void a_png_has_twice_the_pixels_of_the_figure() throws IOException {
      Path file = folder.resolve("new/deep/Red.PNG");
      square(Color.RED).save(file);
      BufferedImage image = ImageIO.read(file.toFile());
      assertThat(image.getWidth()).isEqualTo(40);
      assertThat(image.getHeight()).isEqualTo(40);
      assertThat(new Color(image.getRGB(39, 39))).isEqualTo(Color.RED);
    }

    @Test
    void a_png_can_have_any_other_scale() throws IOException {
      Path file = folder.resolve("red.png");
      square(Color.RED).savePng(file, 0.5);
      assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(10);
    }

    @Test
    void an_svg_is_saved_by_its_ending_and_replaces_what_was_there() throws IOException {
      Path file = folder.resolve("red.svg");
      Files.writeString(file, "old");
      square(Color.RED).save(file);
      assertThat(Files.readString(file)).isEqualTo(square(Color.RED).toSvg());
      try (Stream<Path> all = Files.list(folder)) {
        assertThat(all).containsExactly(file);
      }
    }

    @Test
    void an_unknown_ending_is_refused_with_the_known_ones() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> square(Color.RED).save(folder.resolve("red.jpg")))
          .withMessageContaining("red.jpg")
          .withMessageContaining(".png or .svg");
      assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_file_that_cannot_be_written_leaves_nothing_behind() throws IOException {
      Path taken = folder.resolve("taken.png");
      Files.createDirectories(taken.resolve("inside"));
      assertThatThrownBy(() -> square(Color.RED).save(taken))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("taken.png");
      try (Stream<Path> all = Files.list(folder)) {
        assertThat(all).containsExactly(taken);
      }
    }
  }

  @Nested
  class EveryFigure {
    @ParameterizedTest
    @MethodSource("dev.circuitscope.core.plot.FigureTest#everyFigure")
    void draws_the_same_bytes_twice(Figure figure) {
      assertThat(figure.toPng()).isEqualTo(figure.toPng());
      assertThat(figure.toSvg()).isEqualTo(figure.toSvg());
    }

    @ParameterizedTest
    @MethodSource("dev.circuitscope.core.plot.FigureTest#everyFigure")
    void is_an_image_of_its_size_and_an_svg_that_can_stand_in_html(Figure figure)
        throws IOException {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(figure.toPng(1)));
      assertThat(image.getWidth()).isEqualTo(figure.width());
      assertThat(image.getHeight()).isEqualTo(figure.height());
      assertThat(figure.toSvg()).startsWith("<svg ");
      Svg svg = Svg.of(figure);
      assertThat(svg.document().getDocumentElement().getAttribute("viewBox"))
          .isEqualTo("0 0 " + figure.width() + " " + figure.height());
    }

    @ParameterizedTest
    @MethodSource("dev.circuitscope.core.plot.FigureTest#everyFigure")
    void leaves_its_outermost_pixels_white_so_that_nothing_is_cut_off(Figure figure) {
      for (double shrink : new double[] {1, 0.7, 0.3}) {
        Figure sized =
            figure.sized((int) (figure.width() * shrink), (int) (figure.height() * shrink));
        BufferedImage image = sized.toImage(1);
        int right = image.getWidth() - 1;
        int bottom = image.getHeight() - 1;
        IntStream edges =
            IntStream.concat(
                IntStream.rangeClosed(0, right)
                    .flatMap(x -> IntStream.of(image.getRGB(x, 0), image.getRGB(x, bottom))),
                IntStream.rangeClosed(0, bottom)
                    .flatMap(y -> IntStream.of(image.getRGB(0, y), image.getRGB(right, y))));
        assertThat(edges.filter(rgb -> rgb != Color.WHITE.getRGB()).count()).isZero();
      }
    }
  }

  @Nested
  class Arranging {
    @Test
    void a_grid_places_figures_row_by_row() {
      Figure grid = Figure.grid(2, square(Color.RED), square(Color.GREEN), square(Color.BLUE));
      BufferedImage image = grid.toImage(1);
      assertThat(List.of(grid.width(), grid.height())).containsExactly(40, 40);
      assertThat(new Color(image.getRGB(10, 10))).isEqualTo(Color.RED);
      assertThat(new Color(image.getRGB(30, 10))).isEqualTo(Color.GREEN);
      assertThat(new Color(image.getRGB(10, 30))).isEqualTo(Color.BLUE);
      assertThat(new Color(image.getRGB(30, 30))).isEqualTo(Color.WHITE);
    }

    @Test
    void a_stack_labels_the_x_axis_once_and_every_y_axis() {
      Figure stack = Figure.stack(plot("loss", 3, 2, 1).figure(), plot("score", 0, 1, 1).figure());
      List<String> texts = Svg.of(stack.titled("Together")).texts();
      assertThat(texts.stream().filter("step"::equals)).hasSize(1);
      assertThat(texts).contains("Together", "loss", "score");
    }

    @Test
    void a_stack_spans_the_union_of_the_x_ranges() {
      Figure later =
          new LinePlot("b").line("b", new double[] {400, 500}, new double[] {0, 1}).figure();
      assertThat(Svg.of(Figure.stack(plot("a", 1, 2, 3).figure(), later)).texts())
          .contains("0", "500");
    }

    @Test
    void a_stack_takes_line_plots_of_one_kind_of_axis_only() {
      Figure line = plot("loss", 3, 2, 1).figure();
      Figure log = plot("loss", 3, 2, 1).logX().figure();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Figure.stack(line, square(Color.RED)))
          .withMessageContaining("figure 1 is not a line plot");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Figure.stack(line, log))
          .withMessageContaining("logarithmic");
      assertThatIllegalArgumentException().isThrownBy(Figure::stack);
      assertThatIllegalArgumentException().isThrownBy(() -> Figure.grid(0, line));
      assertThatIllegalArgumentException().isThrownBy(() -> Figure.grid(1));
    }

    @Test
    void identifiers_of_two_figures_in_one_page_differ() {
      Pattern id = Pattern.compile("(?<= id=\")clip[^\"]*");
      String one = plot("one", 1, 2, 3).figure().toSvg();
      String two = plot("two", 3, 2, 1).figure().toSvg();
      assertThat(id.matcher(one).results().map(r -> r.group()).collect(Collectors.toSet()))
          .isNotEmpty()
          .doesNotContainAnyElementsOf(
              id.matcher(two).results().map(r -> r.group()).collect(Collectors.toSet()));
    }
  }

  @Test
  void a_raw_chart_can_be_changed_and_drawn() {
    JFreeChart chart = plot("loss", 3, 2, 1).chart();
    chart.setTitle("Changed");
    assertThat(Svg.of(Figure.of(chart, 300, 200)).texts()).contains("Changed");
  }

  @Test
  void impossible_sizes_are_refused() {
    Figure figure = square(Color.RED);
    assertThatIllegalArgumentException().isThrownBy(() -> figure.sized(0, 10));
    assertThatIllegalArgumentException().isThrownBy(() -> figure.toPng(0));
    assertThatIllegalArgumentException().isThrownBy(() -> figure.toPng(Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> figure.toPng(1e6))
        .withMessageContaining("32000");
  }
}
