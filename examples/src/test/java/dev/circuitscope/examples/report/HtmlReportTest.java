package dev.circuitscope.examples.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.plot.Charts;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

@DisplayName("The page")
class HtmlReportTest {

  private static final Claim HOLDING =
      new Claim("a", "P & Q (2022)", "It <rises>", Expectation.above(0.4), 0.83, 1, "");
  private static final Claim FAILING =
      new Claim("b", "P & Q (2022)", "It \"falls\"", Expectation.below(0.1), 0.2, 1, "n");
  private static final Claim UNMEASURED =
      new Claim("c", "P & Q (2022)", "They agree", Expectation.above(0), Double.NaN, 1, "none");

  private static final ReportFigure FIGURE =
      new ReportFigure(
          "a-figure",
          Charts.line("Loss", "step", "loss", new double[] {3, 2, 1}),
          "A caption with <angle> & ampersand",
          "A line that falls from 3 to 1 & \"stops\"");

  private static HtmlReport report() {
    return new HtmlReport(
        "A title",
        "A lead.",
        List.of("Found <one>", "Found two"),
        List.of(
            new Section("First", List.of(new Prose("1 < 2 & 3"), FIGURE)),
            new Section("Claims", List.of(ClaimsTable.of(List.of(HOLDING, FAILING, UNMEASURED))))));
  }

  @Nested
  class IsWellFormed {

    private final Document page = Pages.parse(report().toHtml());

    @Test
    void andHasItsFindingsFirst() {
      NodeList items = page.getElementsByTagName("li");
      assertThat(items.item(0).getTextContent()).isEqualTo("Found <one>");
      assertThat(items.item(1).getTextContent()).isEqualTo("Found two");
    }

    @Test
    void andNumbersItsSections() {
      NodeList headings = page.getElementsByTagName("h2");
      assertThat(headings.item(1).getTextContent()).isEqualTo("1. First");
      assertThat(headings.item(2).getTextContent()).isEqualTo("2. Claims");
    }

    @Test
    void andEscapesText() {
      assertThat(page.getElementsByTagName("p").item(1).getTextContent()).isEqualTo("1 < 2 & 3");
    }

    @Test
    void andSaysWhatEachFigureShows() {
      Element figure = (Element) page.getElementsByTagName("figure").item(0);
      Element picture = (Element) figure.getElementsByTagName("div").item(0);
      assertThat(picture.getAttribute("role")).isEqualTo("img");
      assertThat(picture.getAttribute("aria-label")).isEqualTo(FIGURE.alternative());
      assertThat(figure.getElementsByTagName("svg").getLength()).isEqualTo(1);
      assertThat(figure.getElementsByTagName("figcaption").item(0).getTextContent())
          .isEqualTo(FIGURE.caption());
    }

    @Test
    void andShowsEveryClaimTheFailingOnesAsFailing() {
      NodeList rows = page.getElementsByTagName("tr");
      assertThat(rows.getLength()).isEqualTo(4);
      assertThat(text(rows, 1)).contains("It <rises>", "above 0.4", "0.83", ClaimsTable.HOLDS);
      assertThat(text(rows, 2)).contains("It \"falls\"", "below 0.1", "0.2", ClaimsTable.FAILS);
      assertThat(text(rows, 3)).contains("nothing to measure", ClaimsTable.FAILS);
      assertThat(((Element) rows.item(1)).getAttribute("class")).isEmpty();
      assertThat(((Element) rows.item(2)).getAttribute("class")).isEqualTo("fails");
      assertThat(((Element) rows.item(3)).getAttribute("class")).isEqualTo("fails");
    }

    private String text(NodeList rows, int row) {
      return rows.item(row).getTextContent();
    }
  }

  @Test
  void needsNothingFromElsewhere() {
    String html = report().toHtml();
    assertThat(html).doesNotContain("<script").doesNotContain("<link").doesNotContain("url(http");
    assertThat(html).doesNotContain("src=\"").doesNotContain("@import");
    assertThat(html).doesNotContain("href=\"http");
  }

  @Test
  void showsControlCharactersAsReplacements() {
    String html = new HtmlReport("t", "l", List.of("a\u0000b\u001Bc"), List.of()).toHtml();
    assertThat(html).contains("a\uFFFDb\uFFFDc");
    Pages.parse(html);
  }

  @Nested
  class Refuses {

    @Test
    void aRowOfAnotherLength() {
      assertThatThrownBy(
              () -> new Table("T", List.of("a", "b"), List.of(List.of("1", "2"), List.of("3"))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2 columns, but a row of 1 cells: [3]");
    }

    @Test
    void aFigureWhoseNameIsNoFileName() {
      assertThatThrownBy(() -> new ReportFigure("../x", FIGURE.figure(), "c", "a"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'../x'");
    }

    @Test
    void aFigureWithoutAnAlternativeText() {
      assertThatThrownBy(() -> new ReportFigure("x", FIGURE.figure(), "c", " "))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("alternative text");
    }
  }
}
