package dev.circuitscope.examples.reproduction;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.AtomicFiles;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.ClaimsJson;
import dev.circuitscope.examples.report.Block;
import dev.circuitscope.examples.report.ClaimsTable;
import dev.circuitscope.examples.report.HtmlReport;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a run leaves everything: {@code index.html}, {@code claims.json}, {@code results.json}, the
 * {@code figures} as PNG and SVG, and the {@code models}. Each file is written whole or not at all,
 * the page last.
 */
public final class ReportDirectory {

  private static final String LEAD =
      "Everything below was trained and measured by one run of this program; "
          + "another seed gives other numbers. A claim that does not hold is shown like the others.";

  private final Path directory;

  /**
   * A directory to write to.
   *
   * @param directory made if absent
   */
  public ReportDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes the directory, so that a run fails before its work if it could not be written.
   *
   * @throws IOException if it cannot be made
   */
  public void prepare() throws IOException {
    Files.createDirectories(directory.resolve("figures"));
    Files.createDirectories(directory.resolve("models"));
  }

  /**
   * Writes everything.
   *
   * @param outcomes in the order of the report
   * @param seed of the run
   * @return the page
   * @throws IOException if a file cannot be written
   */
  public Path write(List<Outcome> outcomes, long seed) throws IOException {
    prepare();
    List<Claim> claims = outcomes.stream().flatMap(o -> o.claims().stream()).toList();
    for (Outcome outcome : outcomes) {
      for (Section section : outcome.sections()) {
        for (ReportFigure figure : section.figures()) {
          figure.figure().save(directory.resolve("figures").resolve(figure.name() + ".png"));
          figure.figure().save(directory.resolve("figures").resolve(figure.name() + ".svg"));
        }
      }
      outcome.models().write(directory.resolve("models"));
    }
    Json.write(directory.resolve("claims.json"), ClaimsJson.of(claims));
    Json.write(directory.resolve("results.json"), results(outcomes, seed));
    Path page = directory.resolve("index.html");
    AtomicFiles.write(page, page(outcomes, claims, seed, models()).toHtml());
    return page;
  }

  private static JsonObject results(List<Outcome> outcomes, long seed) {
    JsonObject json = new JsonObject();
    json.addProperty("seed", seed);
    json.add("machine", new Gson().toJsonTree(Machine.current()));
    for (Outcome outcome : outcomes) {
      JsonObject one = outcome.json();
      one.addProperty("seconds", outcome.seconds());
      json.add(outcome.name(), one);
    }
    return json;
  }

  static HtmlReport page(List<Outcome> outcomes, List<Claim> claims, long seed, String models) {
    List<String> findings = new ArrayList<>();
    outcomes.forEach(o -> findings.addAll(o.findings()));
    findings.add(summary(claims));
    List<Section> sections = new ArrayList<>();
    outcomes.forEach(o -> sections.addAll(o.sections()));
    sections.add(new Section("Claims", List.of(ClaimsTable.of(claims))));
    sections.add(new Section("How this was made", made(outcomes, seed, models)));
    return new HtmlReport("Circuits in small models, reproduced", LEAD, findings, sections);
  }

  /** Transformers are directories, toy models are files. */
  private String models() throws IOException {
    try (Stream<Path> saved = Files.list(directory.resolve("models"))) {
      return saved.anyMatch(Files::isDirectory)
          ? "the trained models with their tokenizers, which "
              + "Models.load(Path.of(\"models/two-layers\")) and the commands info, heads and "
              + "generate read again."
          : "the trained models as JSON.";
    }
  }

  /** How many claims hold, and which do not. */
  static String summary(List<Claim> claims) {
    List<Claim> failing = claims.stream().filter(c -> !c.holds()).toList();
    String head =
        "%d of %d claims of the papers hold here"
            .formatted(claims.size() - failing.size(), claims.size());
    return failing.isEmpty()
        ? head + "."
        : head
            + ". Not holding: "
            + failing.stream().map(c -> "“" + c.statement() + "”").collect(Collectors.joining(", "))
            + ".";
  }

  private static List<Block> made(List<Outcome> outcomes, long seed, String models) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Seed", String.valueOf(seed)));
    rows.addAll(Machine.current().rows());
    for (Outcome outcome : outcomes) {
      rows.add(
          List.of(
              "Time for " + outcome.name(),
              String.format(Locale.ROOT, "%.0f s", outcome.seconds())));
      rows.addAll(outcome.recipe());
    }
    return List.of(
        new Prose(
            "The same seed on the same machine gives the same numbers, whatever the number of "
                + "threads. Beside this page are claims.json, results.json with every number, "
                + "the figures as PNG and SVG, and "
                + models),
        new Table("Recipe, data, seeds, timings and versions", List.of("What", "Value"), rows));
  }
}
