package dev.circuitscope.circuits.discovery;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One attempt to remove an edge, or all edges from a sender into a head.
 *
 * @param edges that were tried together
 * @param before the metric with them, without all that had been removed until then
 * @param without the metric without them too
 * @param removed whether they stayed removed
 */
public record PruningStep(List<Edge> edges, double before, double without, boolean removed) {

  /**
   * Copies the edges.
   *
   * @param edges that were tried together
   * @param before the metric with them
   * @param without the metric without them
   * @param removed whether they stayed removed
   */
  public PruningStep {
    edges = List.copyOf(edges);
  }

  /**
   * Renders the step.
   *
   * @return an object with all components
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    JsonArray all = new JsonArray();
    edges.forEach(edge -> all.add(edge.toString()));
    json.add("edges", all);
    json.add("before", JsonNumbers.of(before));
    json.add("without", JsonNumbers.of(without));
    json.addProperty("removed", removed);
    return json;
  }

  @Override
  public String toString() {
    String names = edges.stream().map(Edge::toString).collect(Collectors.joining(", "));
    return "%-30s %.4f -> %.4f %s".formatted(names, before, without, removed ? "removed" : "kept");
  }
}
