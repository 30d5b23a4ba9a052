package dev.circuitscope.core.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which parameters a configuration has, and where each lies in one block that holds them all.
 * Gradients and optimiser state use the same places.
 */
public final class ParameterLayout {

  private final Map<String, Parameter> byName = new LinkedHashMap<>();
  private int length;

  /**
   * Lays out the parameters of a configuration.
   *
   * @param c the configuration
   * @throws IllegalArgumentException if they exceed 2^31 - 9 numbers
   */
  public ParameterLayout(TransformerConfig c) {
    add("embed.W_E", c.dVocab(), c.dModel());
    if (c.positions().learned()) {
      add("pos_embed.W_pos", c.nCtx(), c.dModel());
    }
    for (int layer = 0; layer < c.nLayers(); layer++) {
      String block = "blocks." + layer + ".";
      addNorm(c, block + "ln1");
      if (c.mlp().isPresent()) {
        addNorm(c, block + "ln2");
      }
      addAttention(c, block + "attn.");
      c.mlp().ifPresent(mlp -> addMlp(c, mlp, block + "mlp."));
    }
    addNorm(c, "ln_final");
    if (!c.vocabulary().tied()) {
      add("unembed.W_U", c.dModel(), c.dVocabOut());
    }
    add("unembed.b_U", c.dVocabOut());
  }

  private void addNorm(TransformerConfig c, String name) {
    if (c.normalization().hasWeights()) {
      add(name + ".w", c.dModel());
    }
    if (c.normalization().hasOffset()) {
      add(name + ".b", c.dModel());
    }
  }

  private void addAttention(TransformerConfig c, String attn) {
    int d = c.dModel();
    int e = c.dHead();
    int heads = c.nHeads();
    int keyed = c.attention().keyValueHeads();
    add(attn + "W_Q", Parameter.Storage.HEADS_INSIDE, heads, d, e);
    add(attn + "W_K", Parameter.Storage.HEADS_INSIDE, keyed, d, e);
    add(attn + "W_V", Parameter.Storage.HEADS_INSIDE, keyed, d, e);
    add(attn + "W_O", heads, e, d);
    add(attn + "b_Q", heads, e);
    add(attn + "b_K", keyed, e);
    add(attn + "b_V", keyed, e);
    add(attn + "b_O", d);
    if (c.attention().smearedKeys()) {
      add(attn + "smear", keyed);
    }
  }

  private void addMlp(TransformerConfig c, MlpShape shape, String mlp) {
    add(mlp + "W_in", c.dModel(), shape.dMlp());
    if (shape.gated()) {
      add(mlp + "W_gate", c.dModel(), shape.dMlp());
    }
    add(mlp + "b_in", shape.dMlp());
    add(mlp + "W_out", shape.dMlp(), c.dModel());
    add(mlp + "b_out", c.dModel());
    if (c.neuronNormWeights()) {
      add(mlp + "ln.w", shape.dMlp());
      add(mlp + "ln.b", shape.dMlp());
    }
  }

  private void add(String name, long... shape) {
    add(name, Parameter.Storage.ROW_MAJOR, shape);
  }

  private void add(String name, Parameter.Storage storage, long... shape) {
    Parameter parameter = new Parameter(name, shape, length, storage);
    byName.put(name, parameter);
    length = Math.addExact(length, parameter.length());
  }

  /**
   * All parameters.
   *
   * @return in the order of their offsets
   */
  public List<Parameter> parameters() {
    return new ArrayList<>(byName.values());
  }

  /**
   * One parameter.
   *
   * @param name TransformerLens's name
   * @return the parameter
   * @throws IllegalArgumentException if the model has none of that name, with those it has
   */
  public Parameter get(String name) {
    Parameter parameter = byName.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(
          "the model has no parameter '" + name + "'; it has " + byName.keySet());
    }
    return parameter;
  }

  /**
   * The parameter that an element belongs to.
   *
   * @param index of the element, from 0
   * @return the parameter
   */
  public Parameter at(int index) {
    for (Parameter parameter : byName.values()) {
      if (index >= parameter.offset() && index < parameter.offset() + parameter.length()) {
        return parameter;
      }
    }
    throw new IndexOutOfBoundsException("no parameter holds element " + index + " of " + length);
  }

  /**
   * The number of elements of all parameters together.
   *
   * @return at least 1
   */
  public int length() {
    return length;
  }
}
