package dev.circuitscope.circuits.discovery;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.EdgeGraph;
import dev.circuitscope.circuits.patching.DifferentiableMetric;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.model.Transformer;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What removing each edge would do to a metric to first order, from one run forward and backward
 * and one of the reference, whatever the number of edges (Syed et al., Attribution Patching
 * Outperforms Automated Circuit Discovery, 2023): {@code <gradient at what the receiver reads,
 * reference - written>}.
 *
 * <pre>{@code
 * EdgeAttribution first = EdgeAttribution.of(model, tokens, reference, metric);
 * Circuit guess = Circuit.of(model.config(), first.strongest(20));
 * }</pre>
 *
 * <p>A divergence from the model's own predictions does not serve: it has its minimum there, and
 * the gradient is 0.
 *
 * @param effects of every edge, in the order of {@link EdgeGraph#edges}
 * @param whole the metric of the whole model
 * @param metric what was measured, in words
 * @param reference what removed edges carry, in words
 * @param provenance the model's shape and the tokens
 */
public record EdgeAttribution(
    Map<Edge, Double> effects,
    double whole,
    String metric,
    String reference,
    Provenance provenance) {

  private static final int SHOWN = 10;

  /**
   * Copies the effects.
   *
   * @param effects of every edge
   * @param whole the metric of the whole model
   * @param metric what was measured, in words
   * @param reference what removed edges carry, in words
   * @param provenance the model's shape and the tokens
   */
  public EdgeAttribution {
    effects = Collections.unmodifiableMap(new LinkedHashMap<>(effects));
  }

  /**
   * Estimates the effect of every edge.
   *
   * @param model to look at
   * @param tokens [batch, pos]
   * @param reference what removed edges carry
   * @param metric of the logits
   * @return the estimates
   * @throws IllegalArgumentException if the reference does not fit the tokens, or the metric is NaN
   */
  public static EdgeAttribution of(
      Transformer model, int[][] tokens, EdgeReference reference, DifferentiableMetric metric) {
    RunValues values = new RunValues(model, tokens, reference);
    InputGradients gradients = new InputGradients(model, tokens, metric);
    if (Double.isNaN(gradients.value())) {
      throw new IllegalArgumentException(
          "edge attribution: the metric '%s' is NaN on the whole model; it must be a number"
              .formatted(metric.label()));
    }
    Map<Edge, Double> effects = new LinkedHashMap<>();
    RunValues.Inlet last = null;
    float[] gradient = null;
    for (Edge edge : values.graph().edges()) {
      RunValues.Inlet inlet = values.inlet(edge);
      float[] change = new float[tokens.length * tokens[0].length * inlet.width()];
      values.addChange(edge, change);
      if (!inlet.equals(last)) {
        gradient = gradients.at(inlet);
        last = inlet;
      }
      double sum = 0;
      for (int i = 0; i < change.length; i++) {
        sum += (double) change[i] * gradient[i];
      }
      effects.put(edge, sum);
    }
    return new EdgeAttribution(
        effects,
        gradients.value(),
        metric.label(),
        reference.toString(),
        Provenance.of(
            model.config(), tokens, "given tokens", OptionalLong.empty(), RunSettings.plain()));
  }

  /**
   * The edges whose removal would change most.
   *
   * @param count how many, at least 0
   * @return the largest magnitude first; all if there are fewer
   * @throws IllegalArgumentException if the count is negative
   */
  public List<Edge> strongest(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("strongest edges: at least 0, was asked for " + count);
    }
    return effects.entrySet().stream()
        .sorted(Comparator.comparingDouble(e -> -Math.abs(e.getValue())))
        .limit(count)
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Renders the estimates.
   *
   * @return an object with all components
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    JsonArray all = new JsonArray();
    effects.forEach(
        (edge, effect) -> {
          JsonObject one = edge.toJson();
          one.add("effect", JsonNumbers.of(effect));
          all.add(one);
        });
    json.add("effects", all);
    json.add("whole", JsonNumbers.of(whole));
    json.addProperty("metric", metric);
    json.addProperty("reference", reference);
    json.add("provenance", provenance.toJson());
    return json;
  }

  /** The edges whose removal would change most, a line each. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            "edge attribution (%s), %s %.4f, %d edges"
                .formatted(reference, metric, whole, effects.size()));
    strongest(SHOWN)
        .forEach(edge -> text.append("%n  %-30s %+.4f".formatted(edge, effects.get(edge))));
    return text.toString();
  }
}
