package dev.circuitscope.circuits.discovery;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import java.util.Collection;
import java.util.List;

/**
 * What pruning has left of a model.
 *
 * @param circuit the edges that are kept
 * @param steps every attempt, in order; edges into parts that nothing reads any more went without
 * @param whole the metric of the whole model
 * @param value the metric of the circuit
 * @param metric what was measured, in words
 * @param reference what removed edges carry, in words
 * @param options threshold, order and granularity
 * @param provenance the model's shape and the tokens
 */
public record PrunedCircuit(
    Circuit circuit,
    List<PruningStep> steps,
    double whole,
    double value,
    String metric,
    String reference,
    PruningOptions options,
    Provenance provenance) {

  /**
   * Copies the steps.
   *
   * @param circuit the edges that are kept
   * @param steps every attempt
   * @param whole the metric of the whole model
   * @param value the metric of the circuit
   * @param metric what was measured, in words
   * @param reference what removed edges carry, in words
   * @param options threshold, order and granularity
   * @param provenance the model's shape and the tokens
   */
  public PrunedCircuit {
    steps = List.copyOf(steps);
  }

  /**
   * The attempts after which an edge was kept: those that say by how much each kept edge matters.
   *
   * @return in the order of the attempts
   */
  public List<PruningStep> keptSteps() {
    return steps.stream().filter(step -> !step.removed()).toList();
  }

  /**
   * Compares the circuit with the truth.
   *
   * @param truth the edges that there should be
   * @return which were found
   * @throws IllegalArgumentException if the model has no such edge
   */
  public EdgeAgreement agreement(Collection<Edge> truth) {
    return EdgeAgreement.of(circuit, truth);
  }

  /**
   * Renders the result.
   *
   * @return an object with the kept edges and all components
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    JsonArray edges = new JsonArray();
    circuit.edges().forEach(edge -> edges.add(edge.toJson()));
    json.add("edges", edges);
    JsonArray all = new JsonArray();
    steps.forEach(step -> all.add(step.toJson()));
    json.add("steps", all);
    json.add("whole", JsonNumbers.of(whole));
    json.add("value", JsonNumbers.of(value));
    json.addProperty("metric", metric);
    json.addProperty("reference", reference);
    json.add("options", options.toJson());
    json.add("provenance", provenance.toJson());
    return json;
  }

  /** The circuit, what it does to the metric, and the kept edges with what each one does. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            "%d of %d edges kept at threshold %s (%s): %s %.4f -> %.4f after %d attempts"
                .formatted(
                    circuit.edges().size(),
                    circuit.edges().size() + circuit.removed().size(),
                    options.threshold(),
                    reference,
                    metric,
                    whole,
                    value,
                    steps.size()));
    keptSteps()
        .forEach(
            step ->
                text.append(
                    "%n  %-30s %+.4f"
                        .formatted(
                            step.edges().stream()
                                .map(Edge::toString)
                                .toList()
                                .toString()
                                .replaceAll("[\\[\\]]", ""),
                            step.without() - step.before())));
    return text.toString();
  }
}
