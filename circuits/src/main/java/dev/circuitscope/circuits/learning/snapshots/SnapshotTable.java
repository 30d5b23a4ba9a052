package dev.circuitscope.circuits.learning.snapshots;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.Library;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was measured on the models of one training: step, tokens, measure, head or none, value.
 *
 * <pre>{@code
 * SnapshotTable table = run.measure(SnapshotProgress.silent(), measures);
 * double[] icl  = table.curve("in-context learning");               // over table.steps()
 * double[] l1h4 = table.curve("induction", new Head(1, 4));
 * Optional<PhaseChange> fall = PhaseChange.ofFall(table.steps(), icl, 0.1);
 * AtomicFiles.write(Path.of("run.csv"), table.toCsv());
 * }</pre>
 *
 * @param rows by moment, then measure, then head; every measure at every moment
 * @param provenance of the measures that say what they were taken on
 */
public record SnapshotTable(List<SnapshotRow> rows, Map<String, Provenance> provenance) {

  /**
   * Checks that every measure is there at every moment, once.
   *
   * @param rows by moment, then measure, then head
   * @param provenance of the measures that say what they were taken on
   * @throws IllegalArgumentException if a measure is missing at a moment or there twice, or moments
   *     are out of order
   */
  public SnapshotTable {
    rows = List.copyOf(rows);
    provenance = Map.copyOf(provenance);
    List<TrainingMoment> moments = moments(rows);
    for (int i = 1; i < moments.size(); i++) {
      if (moments.get(i).step() <= moments.get(i - 1).step()) {
        throw new IllegalArgumentException(
            "table of snapshots: %s does not follow %s"
                .formatted(moments.get(i), moments.get(i - 1)));
      }
    }
    rows.stream()
        .collect(
            Collectors.groupingBy(
                row -> label(row.measure(), row.head()),
                LinkedHashMap::new,
                Collectors.mapping(SnapshotRow::at, Collectors.toList())))
        .forEach(
            (series, at) -> {
              if (!at.equals(moments)) {
                throw new IllegalArgumentException(
                    "table of snapshots: %s is there at %s, the table's moments are %s"
                        .formatted(series, at, moments));
              }
            });
  }

  /**
   * When the models were kept.
   *
   * @return in order
   */
  public List<TrainingMoment> moments() {
    return moments(rows);
  }

  /**
   * The steps of the models.
   *
   * @return increasing
   */
  public long[] steps() {
    return moments().stream().mapToLong(TrainingMoment::step).toArray();
  }

  /**
   * The tokens that each model was trained on.
   *
   * @return one for each step
   */
  public long[] tokens() {
    return moments().stream().mapToLong(TrainingMoment::tokens).toArray();
  }

  /**
   * What was measured.
   *
   * @return the names, in the order of the rows
   */
  public List<String> measures() {
    return rows.stream().map(SnapshotRow::measure).distinct().toList();
  }

  /**
   * The heads that a measure has values of.
   *
   * @param measure its name
   * @return in the model's order; none for a measure of the whole model
   * @throws IllegalArgumentException if it was not measured
   */
  public List<Head> heads(String measure) {
    requireMeasured(measure);
    return rows.stream()
        .filter(row -> row.measure().equals(measure))
        .flatMap(row -> row.head().stream())
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * The values of a measure of the whole model.
   *
   * @param measure its name
   * @return one for each step
   * @throws IllegalArgumentException if it was not measured, or for heads
   */
  public double[] curve(String measure) {
    return series(measure, Optional.empty()).stream().mapToDouble(SnapshotRow::value).toArray();
  }

  /**
   * The values of a measure at a head.
   *
   * @param measure its name
   * @param head of the model
   * @return one for each step
   * @throws IllegalArgumentException if it was not measured at that head
   */
  public double[] curve(String measure, Head head) {
    return series(measure, Optional.of(head)).stream().mapToDouble(SnapshotRow::value).toArray();
  }

  /**
   * The highest value of any head at each step, which need not be the same head throughout.
   *
   * @param measure its name
   * @return one for each step
   * @throws IllegalArgumentException if it was not measured at heads
   */
  public double[] highest(String measure) {
    List<Head> heads = heads(measure);
    if (heads.isEmpty()) {
      throw new IllegalArgumentException(
          "table of snapshots: %s is a measure of the whole model; use curve(\"%s\")"
              .formatted(measure, measure));
    }
    double[] highest = curve(measure, heads.get(0));
    for (Head head : heads) {
      double[] curve = curve(measure, head);
      for (int i = 0; i < curve.length; i++) {
        highest[i] = Math.max(highest[i], curve[i]);
      }
    }
    return highest;
  }

  /**
   * The measures of two tables of the same models side by side.
   *
   * @param other at the same moments, with other measures
   * @return all measures at every moment
   * @throws IllegalArgumentException if moments differ or a measure is in both
   */
  public SnapshotTable and(SnapshotTable other) {
    List<SnapshotRow> all = new ArrayList<>();
    for (TrainingMoment moment : moments()) {
      rows.stream().filter(row -> row.at().equals(moment)).forEach(all::add);
      other.rows.stream().filter(row -> row.at().equals(moment)).forEach(all::add);
    }
    if (all.size() != rows.size() + other.rows.size()) {
      throw new IllegalArgumentException(
          "table of snapshots: cannot join moments %s with %s"
              .formatted(moments(), other.moments()));
    }
    Map<String, Provenance> both = new LinkedHashMap<>(provenance);
    both.putAll(other.provenance);
    return new SnapshotTable(all, both);
  }

  /**
   * Renders the table.
   *
   * @return an object with the rows, each an object, and where the measures come from
   */
  public JsonObject toJson() {
    JsonArray array = new JsonArray();
    for (SnapshotRow row : rows) {
      JsonObject json = new JsonObject();
      json.addProperty("step", row.at().step());
      json.addProperty("tokens", row.at().tokens());
      json.addProperty("measure", row.measure());
      json.addProperty("head", row.head().map(Head::toString).orElse(null));
      json.add("value", JsonNumbers.of(row.value()));
      json.add("standard_error", JsonNumbers.of(row.standardError()));
      array.add(json);
    }
    JsonObject sources = new JsonObject();
    for (String measure : measures()) {
      if (provenance.containsKey(measure)) {
        sources.add(measure, provenance.get(measure).toJson());
      }
    }
    JsonObject json = new JsonObject();
    json.addProperty("library_version", Library.version());
    json.add("rows", array);
    json.add("provenance", sources);
    return json;
  }

  /**
   * Renders the table as comma-separated values (RFC 4180): a line for each row, the names of the
   * columns first; what has no value is empty.
   *
   * @return lines of step, tokens, measure, head, value, standard_error
   */
  public String toCsv() {
    StringBuilder csv = new StringBuilder("step,tokens,measure,head,value,standard_error\r\n");
    for (SnapshotRow row : rows) {
      csv.append(row.at().step()).append(',').append(row.at().tokens()).append(',');
      csv.append(quoted(row.measure())).append(',');
      csv.append(row.head().map(Head::toString).orElse("")).append(',');
      csv.append(number(row.value())).append(',');
      csv.append(number(row.standardError())).append("\r\n");
    }
    return csv.toString();
  }

  /** A line for each moment; of measures of heads, the highest. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("%10s %14s".formatted("step", "tokens"));
    Map<String, double[]> columns = new LinkedHashMap<>();
    for (String measure : measures()) {
      boolean ofHeads = !heads(measure).isEmpty();
      String title = ofHeads ? measure + " (highest)" : measure;
      columns.put(title, ofHeads ? highest(measure) : curve(measure));
      text.append("  ").append("%10s".formatted(title));
    }
    List<TrainingMoment> moments = moments();
    for (int i = 0; i < moments.size(); i++) {
      text.append("%n%10d %14d".formatted(moments.get(i).step(), moments.get(i).tokens()));
      for (Map.Entry<String, double[]> column : columns.entrySet()) {
        int width = Math.max(10, column.getKey().length());
        text.append(("  %" + width + ".4f").formatted(column.getValue()[i]));
      }
    }
    return text.toString();
  }

  static SnapshotTable of(
      TrainingMoment moment, Transformer model, List<SnapshotMeasure> measures) {
    List<SnapshotRow> rows = new ArrayList<>();
    Map<String, Provenance> provenance = new LinkedHashMap<>();
    for (SnapshotMeasure measure : measures) {
      SnapshotMeasure.Reading reading = measure.measure(moment, model);
      rows.addAll(reading.rows());
      reading.provenance().ifPresent(p -> provenance.put(measure.name(), p));
    }
    return new SnapshotTable(rows, provenance);
  }

  static SnapshotTable concatenation(List<SnapshotTable> parts) {
    List<SnapshotRow> rows = new ArrayList<>();
    Map<String, Provenance> provenance = parts.isEmpty() ? Map.of() : parts.get(0).provenance;
    for (SnapshotTable part : parts) {
      if (!part.provenance.equals(provenance)) {
        throw new IllegalArgumentException(
            "table of snapshots: %s was measured on %s, %s on %s; measure every model on the same tokens"
                .formatted(part.moments(), part.provenance, parts.get(0).moments(), provenance));
      }
      rows.addAll(part.rows);
    }
    return new SnapshotTable(rows, provenance);
  }

  private List<SnapshotRow> series(String measure, Optional<Head> head) {
    requireMeasured(measure);
    List<SnapshotRow> found = rows.stream().filter(row -> row.isOf(measure, head)).toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "table of snapshots: no value of %s; it was measured at %s"
              .formatted(
                  label(measure, head),
                  heads(measure).isEmpty() ? "the whole model" : heads(measure)));
    }
    return found;
  }

  private void requireMeasured(String measure) {
    if (!measures().contains(measure)) {
      throw new IllegalArgumentException(
          "table of snapshots: %s was not measured; there are %s".formatted(measure, measures()));
    }
  }

  private static List<TrainingMoment> moments(List<SnapshotRow> rows) {
    return rows.stream().map(SnapshotRow::at).distinct().toList();
  }

  private static String label(String measure, Optional<Head> head) {
    return measure + head.map(h -> " of " + h).orElse(" of the whole model");
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }

  private static String quoted(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
