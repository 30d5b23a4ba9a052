package dev.circuitscope.circuits.discovery;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.edges.Edge;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * How far found edges are the true ones.
 *
 * @param correct edges that were found and are true
 * @param extra edges that were found and are not
 * @param missing true edges that were not found
 * @param absent how many edges of the model were rightly not found
 */
public record EdgeAgreement(List<Edge> correct, List<Edge> extra, List<Edge> missing, int absent) {

  /**
   * Copies the lists.
   *
   * @param correct edges that were found and are true
   * @param extra edges that were found and are not
   * @param missing true edges that were not found
   * @param absent how many edges of the model were rightly not found
   */
  public EdgeAgreement {
    correct = List.copyOf(correct);
    extra = List.copyOf(extra);
    missing = List.copyOf(missing);
  }

  /**
   * Compares a circuit with the truth.
   *
   * @param found the circuit
   * @param truth the edges that there should be
   * @return the comparison
   * @throws IllegalArgumentException if the model has no such edge
   */
  public static EdgeAgreement of(Circuit found, Collection<Edge> truth) {
    Circuit expected = Circuit.of(found.config(), truth);
    List<Edge> correct = new ArrayList<>(found.edges());
    correct.retainAll(expected.edges());
    List<Edge> extra = new ArrayList<>(found.edges());
    extra.removeAll(expected.edges());
    List<Edge> missing = new ArrayList<>(expected.edges());
    missing.removeAll(found.edges());
    return new EdgeAgreement(correct, extra, missing, found.removed().size() - missing.size());
  }

  /**
   * The share of found edges that are true.
   *
   * @return from 0 to 1; 1 if none was found
   */
  public double precision() {
    return share(correct.size(), extra.size());
  }

  /**
   * The share of true edges that were found; also called true positive rate.
   *
   * @return from 0 to 1; 1 if there is none to be found
   */
  public double recall() {
    return share(correct.size(), missing.size());
  }

  /**
   * The share of the other edges that were found all the same.
   *
   * @return from 0 to 1; 0 if there is no other edge
   */
  public double falsePositiveRate() {
    return 1 - share(absent, extra.size());
  }

  /**
   * Whether exactly the true edges were found.
   *
   * @return true if precision and recall are 1
   */
  public boolean exact() {
    return extra.isEmpty() && missing.isEmpty();
  }

  private static double share(int part, int rest) {
    return part + rest == 0 ? 1 : (double) part / (part + rest);
  }

  /**
   * Renders the comparison.
   *
   * @return an object with precision, recall, false positive rate and the edges
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("precision", precision());
    json.addProperty("recall", recall());
    json.addProperty("false_positive_rate", falsePositiveRate());
    json.add("correct", names(correct));
    json.add("extra", names(extra));
    json.add("missing", names(missing));
    return json;
  }

  private static JsonArray names(List<Edge> edges) {
    JsonArray names = new JsonArray();
    edges.forEach(edge -> names.add(edge.toString()));
    return names;
  }

  /** Precision and recall, then false and missing edges, if there are any. */
  @Override
  public String toString() {
    String text =
        "precision %.3f, recall %.3f (%d edges)".formatted(precision(), recall(), correct.size());
    if (!extra.isEmpty()) {
      text += "; not true: " + extra;
    }
    return missing.isEmpty() ? text : text + "; missing: " + missing;
  }
}
