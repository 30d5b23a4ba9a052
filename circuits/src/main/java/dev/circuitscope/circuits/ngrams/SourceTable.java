package dev.circuitscope.circuits.ngrams;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.hook.Head;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Source tokens with the destinations that prefer them and the outs that they raise: the tables of
 * A Mathematical Framework for Transformer Circuits, section "Interpretation as Skip-Trigrams".
 *
 * @param rows the sources with the strongest skip-trigrams first
 * @param strength how strength was measured
 * @param filter which skip-trigrams took part
 * @param names of the tokens
 * @param provenance the model's shape; empty for circuits without a model
 */
public record SourceTable(
    List<Row> rows,
    String strength,
    String filter,
    TokenNames names,
    Optional<Provenance> provenance) {

  /**
   * A source of a head.
   *
   * @param head that attends to it
   * @param source the token
   * @param destinations which prefer it most, with their preferences
   * @param outs which it raises most, with the effects on them
   * @param strength of its strongest skip-trigram
   */
  public record Row(
      Head head,
      int source,
      List<TokenValue> destinations,
      List<TokenValue> outs,
      double strength) {

    static final Comparator<Row> STRONGEST_FIRST =
        Comparator.comparingDouble((Row r) -> -r.strength)
            .thenComparing(Row::head)
            .thenComparingInt(Row::source);

    /**
     * Copies the lists.
     *
     * @param head that attends to it
     * @param source the token
     * @param destinations which prefer it most
     * @param outs which it raises most
     * @param strength of its strongest skip-trigram
     */
    public Row {
      destinations = List.copyOf(destinations);
      outs = List.copyOf(outs);
    }
  }

  /**
   * Copies the rows.
   *
   * @param rows the strongest first; copied
   * @param strength how strength was measured
   * @param filter which skip-trigrams took part
   * @param names of the tokens
   * @param provenance the model's shape; empty for circuits without a model
   */
  public SourceTable {
    rows = List.copyOf(rows);
    Objects.requireNonNull(names, "names");
    Objects.requireNonNull(provenance, "provenance");
  }

  /**
   * Renders the result.
   *
   * @return an object with a list of rows
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("strength", strength);
    json.addProperty("filter", filter);
    JsonArray list = new JsonArray(rows.size());
    for (Row row : rows) {
      JsonObject object = new JsonObject();
      object.addProperty("head", row.head.toString());
      object.addProperty("source", row.source);
      object.addProperty("name", names.name(row.source));
      object.add("strength", JsonNumbers.of(row.strength));
      object.add("destinations", TokenValue.toJson(row.destinations, names));
      object.add("outs", TokenValue.toJson(row.outs, names));
      list.add(object);
    }
    json.add("rows", list);
    provenance.ifPresent(p -> json.add("provenance", p.toJson()));
    return json;
  }

  /** A line for each source: its destinations and outs, the strongest first. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("sources of the strongest skip-trigrams by %s (%s)%n".formatted(strength, filter));
    text.append("%9s  %-6s source | destinations | outs".formatted("strength", "head"));
    for (Row row : rows) {
      text.append(
          "%n%9.3f  %-6s %s | %s | %s"
              .formatted(
                  row.strength,
                  row.head,
                  names.name(row.source),
                  list(row.destinations),
                  list(row.outs)));
    }
    provenance.ifPresent(p -> text.append(System.lineSeparator()).append(p));
    return text.toString();
  }

  private String list(List<TokenValue> values) {
    return values.stream().map(v -> names.name(v.token())).collect(Collectors.joining(" "));
  }
}
