package dev.circuitscope.examples.framework;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.algebra.Eigenvalues;
import dev.circuitscope.circuits.algebra.RandomCircuits;
import dev.circuitscope.circuits.algebra.RandomSpread;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The eigenvalues of the circuits of all heads through the embeddings, beside random matrices.
 *
 * @param heads of the model
 * @param ov of each head, from tokens to logits
 * @param qk of each head, from tokens to tokens
 * @param ovChance the positivity of random OV circuits
 * @param qkChance the positivity of random QK circuits
 * @param level how often random matrices may come as high as what is called beyond chance
 */
public record HeadEigenvalues(
    List<Head> heads,
    List<Eigenvalues> ov,
    List<Eigenvalues> qk,
    RandomSpread ovChance,
    RandomSpread qkChance,
    double level) {

  /**
   * Copies the lists.
   *
   * @param heads of the model
   * @param ov of each head, from tokens to logits
   * @param qk of each head, from tokens to tokens
   * @param ovChance the positivity of random OV circuits
   * @param qkChance the positivity of random QK circuits
   * @param level how often random matrices may come as high as what is called beyond chance
   */
  public HeadEigenvalues {
    heads = List.copyOf(heads);
    ov = List.copyOf(ov);
    qk = List.copyOf(qk);
  }

  static HeadEigenvalues of(Circuits circuits, FrameworkRecipe.Measures measures) {
    TransformerConfig config = circuits.model().config();
    List<Head> heads = circuits.heads();
    return new HeadEigenvalues(
        heads,
        heads.stream().map(circuits::ovEigenvalues).toList(),
        heads.stream().map(circuits::qkEigenvalues).toList(),
        RandomCircuits.ovPositivity(config, measures.chance(), measures.seed()),
        RandomCircuits.qkPositivity(config, measures.chance(), measures.seed() + 1),
        measures.level());
  }

  /**
   * How much a head copies: the positivity of its OV circuit.
   *
   * @param head of the model
   * @return from -1 to 1
   */
  public double copying(Head head) {
    return ov.get(heads.indexOf(head)).positivity();
  }

  /**
   * How much a head attends to copies of its own token: the positivity of its QK circuit.
   *
   * @param head of the model
   * @return from -1 to 1
   */
  public double matching(Head head) {
    return qk.get(heads.indexOf(head)).positivity();
  }

  /**
   * Heads that copy more than random matrices do.
   *
   * @return in the order of the model
   */
  public List<Head> copyingHeads() {
    return heads.stream().filter(head -> ovChance.isBeyond(copying(head), level)).toList();
  }

  /**
   * Heads that match more than random matrices do.
   *
   * @return in the order of the model
   */
  public List<Head> matchingHeads() {
    return heads.stream().filter(head -> qkChance.isBeyond(matching(head), level)).toList();
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("ov_chance", ovChance.toJson());
    json.add("qk_chance", qkChance.toJson());
    json.addProperty("level", level);
    JsonArray list = new JsonArray();
    for (int i = 0; i < heads.size(); i++) {
      JsonObject head = new JsonObject();
      head.addProperty("head", heads.get(i).toString());
      head.addProperty("copying", ov.get(i).positivity());
      head.addProperty("matching", qk.get(i).positivity());
      head.add("ov_eigenvalues", json(ov.get(i)));
      head.add("qk_eigenvalues", json(qk.get(i)));
      list.add(head);
    }
    json.add("heads", list);
    return json;
  }

  static JsonObject json(Eigenvalues values) {
    JsonObject json = new JsonObject();
    json.add("real", JsonNumbers.of(values.real()));
    json.add("imaginary", JsonNumbers.of(values.imaginary()));
    return json;
  }

  /**
   * The positivity of each head's circuit.
   *
   * @param circuits {@link #ov} or {@link #qk}
   * @return in the order of the heads
   */
  static double[] positivity(List<Eigenvalues> circuits) {
    List<Double> values = new ArrayList<>();
    circuits.forEach(circuit -> values.add(circuit.positivity()));
    return values.stream().mapToDouble(v -> v).toArray();
  }
}
