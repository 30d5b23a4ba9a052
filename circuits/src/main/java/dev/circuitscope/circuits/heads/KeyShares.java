package dev.circuitscope.circuits.heads;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.algebra.KeyPart;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;

/**
 * How far the keys of each head are smeared: with s = sigmoid(alpha) of the head, each key behind
 * the first is s times its own and 1 - s times the one before it (In-context Learning and Induction
 * Heads, Argument 2). New models begin at s = 1/2.
 *
 * <pre>{@code
 * KeyShares shares = KeyShares.of(model);
 * shares.previous().best();                   // L0H2, the head that looks back most
 * shares.own().score(new Head(0, 2));         // 0.08
 * }</pre>
 *
 * <p>Heads of a group share their keys, and so their shares. Keys that are not smeared are their
 * own: 1 and 0.
 *
 * @param own sigmoid(alpha)
 * @param previous 1 - sigmoid(alpha)
 */
public record KeyShares(HeadScores own, HeadScores previous) {

  /**
   * Reads the shares of every head.
   *
   * @param model whose keys they are
   * @return the shares
   */
  public static KeyShares of(Transformer model) {
    return new KeyShares(shares(model, KeyPart.OWN), shares(model, KeyPart.PREVIOUS));
  }

  /**
   * The shares of one of the two keys.
   *
   * @param key which one
   * @return {@link #own} or {@link #previous}
   */
  public HeadScores of(KeyPart key) {
    return key == KeyPart.OWN ? own : previous;
  }

  /**
   * Renders both.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("own", own.toJson());
    json.add("previous", previous.toJson());
    return json;
  }

  /** The table of own keys; the keys before them have the rest. */
  @Override
  public String toString() {
    return own.toString();
  }

  private static HeadScores shares(Transformer model, KeyPart key) {
    Circuits circuits = Circuits.asStored(model);
    double[][] values = new double[model.config().nLayers()][model.config().nHeads()];
    for (Head head : circuits.heads()) {
      values[head.layer()][head.head()] = circuits.keyShare(head, key);
    }
    boolean smeared = model.config().attention().smearedKeys();
    boolean own = key == KeyPart.OWN;
    return HeadScores.ofWeights(
        "share of the " + key.label(),
        (own ? "sigmoid(alpha)" : "1 - sigmoid(alpha)") + " of the head's smeared keys",
        values,
        smeared ? 0.5 : own ? 1 : 0,
        Provenance.ofWeights(model.config(), model.processing()));
  }
}
