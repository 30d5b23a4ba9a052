package dev.circuitscope.examples.framework;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.algebra.Composition;
import dev.circuitscope.circuits.algebra.CompositionScores;
import dev.circuitscope.circuits.algebra.Eigenvalues;
import dev.circuitscope.circuits.algebra.FactoredMatrix;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How the heads of the 2-layer model read each other, by their weights.
 *
 * @param eigenvalues of all heads' circuits through the embeddings
 * @param queries Q-composition
 * @param keys K-composition
 * @param values V-composition
 * @param previous the head of the first layer that the paths below go through
 * @param matching of each head of the second layer, the eigenvalues of its QK circuit with its own
 *     token on the query side and the token before, as the previous head moved it, on the key side
 */
public record CompositionStudy(
    HeadEigenvalues eigenvalues,
    CompositionScores queries,
    CompositionScores keys,
    CompositionScores values,
    Head previous,
    List<Eigenvalues> matching) {

  /**
   * Copies the list.
   *
   * @param eigenvalues of all heads' circuits through the embeddings
   * @param queries Q-composition
   * @param keys K-composition
   * @param values V-composition
   * @param previous the head of the first layer that the paths below go through
   * @param matching of each head of the second layer, the eigenvalues of its QK circuit through it
   */
  public CompositionStudy {
    matching = List.copyOf(matching);
  }

  static CompositionStudy of(Transformer model, Head previous, FrameworkRecipe.Measures measures) {
    Circuits circuits = Circuits.of(model);
    int samples = measures.chance();
    long seed = measures.seed();
    return new CompositionStudy(
        HeadEigenvalues.of(circuits, measures),
        CompositionScores.of(circuits, Composition.Q, samples, seed),
        CompositionScores.of(circuits, Composition.K, samples, seed),
        CompositionScores.of(circuits, Composition.V, samples, seed),
        previous,
        circuits.heads().stream()
            .filter(head -> head.layer() == 1)
            .map(head -> matching(circuits, previous, head))
            .toList());
  }

  /** Of W_E W_QK (W_E W_OV)^T: does a token look for places that come after it? */
  private static Eigenvalues matching(Circuits circuits, Head previous, Head later) {
    INDArray tokens = circuits.model().weights().get("embed.W_E").castTo(DataType.DOUBLE);
    FactoredMatrix moved = circuits.head(previous).ov();
    FactoredMatrix qk = circuits.head(later).qk();
    // W_E W_Q W_K^T W_OV^T W_E^T
    return qk.times(moved.transpose()).between(tokens, tokens.transpose()).eigenvalues();
  }

  /**
   * How much a head of the second layer attends to places that come after copies of its own token.
   *
   * @param head of the second layer
   * @return the positivity of its QK circuit through the previous head, from -1 to 1
   */
  public double matching(Head head) {
    return matching.get(head.head()).positivity();
  }

  /**
   * All three kinds.
   *
   * @return Q, K, V
   */
  public List<CompositionScores> all() {
    return List.of(queries, keys, values);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("eigenvalues", eigenvalues.toJson());
    json.add("Q", queries.toJson());
    json.add("K", keys.toJson());
    json.add("V", values.toJson());
    json.addProperty("previous_token_head", previous.toString());
    JsonArray paths = new JsonArray();
    matching.forEach(m -> paths.add(HeadEigenvalues.json(m)));
    json.add("qk_eigenvalues_through_it", paths);
    return json;
  }
}
