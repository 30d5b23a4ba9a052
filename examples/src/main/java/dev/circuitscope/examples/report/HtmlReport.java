package dev.circuitscope.examples.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A page that carries everything it shows: figures as SVG, styles, no scripts, no addresses. It can
 * be read on a phone, printed, and read aloud.
 *
 * @param title the page's heading
 * @param lead what this is, in a sentence or two
 * @param findings what was found, in plain words, the most important first
 * @param sections in order; they are numbered here
 */
public record HtmlReport(String title, String lead, List<String> findings, List<Section> sections) {

  /**
   * Copies the lists.
   *
   * @param title the page's heading
   * @param lead what this is, in a sentence or two
   * @param findings what was found, in plain words, the most important first
   * @param sections in order; they are numbered here
   */
  public HtmlReport {
    findings = List.copyOf(findings);
    sections = List.copyOf(sections);
  }

  /**
   * The page.
   *
   * @return HTML, which is also well-formed XML
   */
  public String toHtml() {
    StringBuilder html = new StringBuilder();
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    html.append(Html.element("title", title)).append("\n<style>\n").append(style());
    html.append("</style>\n</head>\n<body>\n<header>\n");
    html.append(Html.element("h1", title)).append('\n').append(Html.element("p", lead));
    html.append("\n</header>\n<main>\n");
    findings(html);
    contents(html);
    for (int i = 0; i < sections.size(); i++) {
      section(html, i + 1, sections.get(i));
    }
    return html.append("</main>\n</body>\n</html>\n").toString();
  }

  private void findings(StringBuilder html) {
    html.append("<section class=\"findings\" aria-labelledby=\"found\">\n");
    html.append("<h2 id=\"found\">What was found</h2>\n<ul>\n");
    findings.forEach(f -> html.append(Html.element("li", f)).append('\n'));
    html.append("</ul>\n</section>\n");
  }

  private void contents(StringBuilder html) {
    html.append("<nav aria-label=\"Sections\">\n<ol>\n");
    for (int i = 0; i < sections.size(); i++) {
      html.append("<li><a href=\"#s%d\">".formatted(i + 1));
      html.append(Html.escape(sections.get(i).title())).append("</a></li>\n");
    }
    html.append("</ol>\n</nav>\n");
  }

  private static void section(StringBuilder html, int number, Section section) {
    html.append("<section aria-labelledby=\"s%d\">\n<h2 id=\"s%d\">".formatted(number, number));
    html.append(number).append(". ").append(Html.escape(section.title())).append("</h2>\n");
    for (Block block : section.blocks()) {
      if (block instanceof Prose prose) {
        html.append(Html.element("p", prose.text())).append('\n');
      } else if (block instanceof ReportFigure figure) {
        figure(html, figure);
      } else if (block instanceof Table table) {
        table(html, table);
      }
    }
    html.append("</section>\n");
  }

  private static void figure(StringBuilder html, ReportFigure figure) {
    html.append(
        "<figure id=\"%s\">\n<div class=\"picture\" role=\"img\" tabindex=\"0\" aria-label=\"%s\">\n"
            .formatted(figure.name(), Html.escape(figure.alternative())));
    html.append(figure.figure().toSvg().strip()).append("\n</div>\n<figcaption>");
    html.append(Html.escape(figure.caption())).append("</figcaption>\n</figure>\n");
  }

  private static void table(StringBuilder html, Table table) {
    html.append(
        "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n<table>\n"
            .formatted(Html.escape(table.caption())));
    html.append(Html.element("caption", table.caption())).append("\n<thead><tr>");
    table.header().forEach(h -> html.append("<th scope=\"col\">" + Html.escape(h) + "</th>"));
    html.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : table.rows()) {
      html.append(row.contains(ClaimsTable.FAILS) ? "<tr class=\"fails\">" : "<tr>");
      for (int i = 0; i < row.size(); i++) {
        String cell = Html.escape(row.get(i));
        html.append(i == 0 ? "<th scope=\"row\">" + cell + "</th>" : "<td>" + cell + "</td>");
      }
      html.append("</tr>\n");
    }
    html.append("</tbody>\n</table>\n</div>\n");
  }

  private static String style() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new IllegalStateException("resource report.css is missing; build the module again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
