package dev.circuitscope.circuits.edges;

import com.google.gson.JsonObject;

/**
 * What one part of a model reads of what another has written. Prints as {@code L0H1 -> L1H2.K}.
 *
 * @param from what writes
 * @param to what reads
 */
public record Edge(Sender from, Receiver to) {

  /**
   * Whether both ends are heads: whether the edge is a composition.
   *
   * @return false for edges from embeddings, from and to MLPs, and to the logits
   */
  public boolean betweenHeads() {
    return from instanceof Sender.OfHead && to instanceof Receiver.OfHead;
  }

  /**
   * Renders the edge.
   *
   * @return an object with from and to
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("from", from.toString());
    json.addProperty("to", to.toString());
    return json;
  }

  @Override
  public String toString() {
    return from + " -> " + to;
  }
}
