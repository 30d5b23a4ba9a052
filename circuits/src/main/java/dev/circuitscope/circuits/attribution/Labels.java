package dev.circuitscope.circuits.attribution;

import java.util.List;

/** How parts of the residual stream are called. */
final class Labels {

  static final String EMBED = "embed";
  static final String POS_EMBED = "pos_embed";
  static final String BIASES = "biases";
  static final String REMAINDER = "remainder";
  static final String FINAL = "final";

  private static final int MOST = 40;

  private Labels() {}

  static String attention(int layer) {
    return "L" + layer + " attn";
  }

  static String mlp(int layer) {
    return "L" + layer + " mlp";
  }

  static String before(int layer) {
    return "L" + layer + " pre";
  }

  static String middle(int layer) {
    return "L" + layer + " mid";
  }

  static String head(int layer, int head) {
    return "L" + layer + "H" + head;
  }

  static String neuron(int layer, int neuron) {
    return "L" + layer + "N" + neuron;
  }

  /** So many that a message stays readable. */
  static String some(List<String> labels) {
    return labels.size() <= MOST
        ? labels.toString()
        : labels.subList(0, MOST) + " and " + (labels.size() - MOST) + " more";
  }
}
