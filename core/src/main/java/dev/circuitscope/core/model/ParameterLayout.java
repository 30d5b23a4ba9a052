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
    int d = c.dModel();
    int h = c.nHeads();
    int e = c.dHead();
    add("embed.W_E", c.dVocab(), d);
    if (c.positions().learned()) {
      add("pos_embed.W_pos", c.nCtx(), d);
    }
    for (int layer = 0; layer < c.nLayers(); layer++) {
      String block = "blocks." + layer + ".";
      if (c.normalization().hasWeights()) {
        add(block + "ln1.w", d);
        add(block + "ln1.b", d);
      }
      for (String name : new String[] {"W_Q", "W_K", "W_V"}) {
        add(block + "attn." + name, Parameter.Storage.HEADS_INSIDE, h, d, e);
      }
      add(block + "attn.W_O", h, e, d);
      for (String name : new String[] {"b_Q", "b_K", "b_V"}) {
        add(block + "attn." + name, h, e);
      }
      add(block + "attn.b_O", d);
    }
    if (c.normalization().hasWeights()) {
      add("ln_final.w", d);
      add("ln_final.b", d);
    }
    add("unembed.W_U", d, c.dVocab());
    add("unembed.b_U", c.dVocab());
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
