package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * All parameters of a model, or one number for each of them (a gradient), under TransformerLens's
 * names and shapes.
 *
 * <pre>{@code
 * INDArray wq = model.weights().get("blocks.0.attn.W_Q");  // [head, d_model, d_head], a copy
 * Weights changed = model.weights().with("blocks.0.attn.W_Q", wq.mul(2));
 * }</pre>
 */
public final class Weights {

  private static final String W_U = "unembed.W_U";

  private final ParameterLayout layout;
  private final FloatBlock block;

  private Weights(ParameterLayout layout, FloatBlock block) {
    this.layout = layout;
    this.block = block;
  }

  /**
   * All zeros: where gradients are summed.
   *
   * @param config which parameters
   * @return new weights
   */
  public static Weights zeros(TransformerConfig config) {
    ParameterLayout layout = new ParameterLayout(config);
    return new Weights(layout, FloatBlock.zeros(layout.length()));
  }

  /**
   * New weights as {@link TransformerConfig#initialization} says. Each parameter has its own stream
   * of random numbers, so that models that share a parameter's place and name share its values.
   *
   * @param config which parameters, and their scales
   * @param seed of the random numbers
   * @return new weights
   */
  public static Weights initial(TransformerConfig config, long seed) {
    Weights weights = zeros(config);
    Initialization init = config.initialization();
    double perModel = 1 / Math.sqrt(config.dModel());
    for (Parameter p : weights.layout.parameters()) {
      String kind = p.name().substring(p.name().lastIndexOf('.') + 1);
      double deviation =
          switch (kind) {
            case "W_E", "W_pos" -> init.embedding();
            case "W_Q", "W_K", "W_V", "W_O" -> init.attentionGain() * perModel;
            case "W_in", "W_gate" -> init.mlpGain() * perModel;
            case "W_out" -> init.mlpGain() / Math.sqrt(p.shape()[0]);
            case "W_U" -> init.unembeddingGain() * perModel;
            default -> 0;
          };
      float[] values = new float[p.length()];
      if (kind.equals("w")) {
        Arrays.fill(values, 1);
      } else if (deviation > 0) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + hash(p.name()));
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (deviation * random.nextGaussian());
        }
      }
      weights.block.write(p.offset(), values, 0, values.length);
    }
    return weights;
  }

  /**
   * Weights from arrays.
   *
   * @param config which parameters
   * @param arrays one for each parameter, under its name and of its shape; not modified
   * @return new weights
   * @throws IllegalArgumentException if one is missing, unknown or of another shape
   */
  public static Weights of(TransformerConfig config, Map<String, INDArray> arrays) {
    Weights weights = zeros(config);
    Set<String> missing =
        new LinkedHashSet<>(weights.layout.parameters().stream().map(Parameter::name).toList());
    Set<String> unknown = new LinkedHashSet<>(arrays.keySet());
    unknown.removeAll(missing);
    missing.removeAll(arrays.keySet());
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "the weights do not fit the configuration: missing " + missing + ", unknown " + unknown);
    }
    arrays.forEach(weights::put);
    return weights;
  }

  /**
   * Weights that are made one parameter after the other, so that no more than one is held twice.
   *
   * @param config which parameters
   * @param values makes a parameter's elements in the order of its shape; asked once for each
   * @return new weights
   * @throws IllegalArgumentException if a parameter has another number of elements
   */
  public static Weights of(TransformerConfig config, Function<Parameter, float[]> values) {
    Weights weights = zeros(config);
    for (Parameter p : weights.layout.parameters()) {
      weights.store(p, values.apply(p));
    }
    return weights;
  }

  /**
   * A parameter under its name. Where the unembedding is tied to the embedding, {@code unembed.W_U}
   * is the transpose of {@code embed.W_E}.
   *
   * @param name TransformerLens's name
   * @return a copy of it, in its shape
   * @throws IllegalArgumentException if there is none of that name, with those there are
   */
  public INDArray get(String name) {
    if (name.equals(W_U) && tied()) {
      return get("embed.W_E").transpose().dup('c');
    }
    return Nd4j.createFromArray(elements(name)).reshape('c', layout.get(name).shape());
  }

  /**
   * A parameter's elements.
   *
   * @param name TransformerLens's name
   * @return a copy of them, in the order of the parameter's shape
   * @throws IllegalArgumentException if there is none of that name, with those there are
   */
  public float[] elements(String name) {
    Parameter p = layout.get(name);
    float[] values = new float[p.length()];
    block.read(p.offset(), values, 0, values.length);
    return p.storage() == Parameter.Storage.HEADS_INSIDE
        ? swapAxes(values, (int) p.shape()[1], (int) p.shape()[0], (int) p.shape()[2])
        : values;
  }

  /**
   * The same weights but for one.
   *
   * @param name TransformerLens's name
   * @param value of the parameter's shape; not modified
   * @return new weights
   */
  public Weights with(String name, INDArray value) {
    Weights copy = copy();
    copy.put(name, value);
    return copy;
  }

  /**
   * All parameters under their names.
   *
   * @return copies, in the order of the layout
   */
  public Map<String, INDArray> toMap() {
    Map<String, INDArray> map = new LinkedHashMap<>();
    layout.parameters().forEach(p -> map.put(p.name(), get(p.name())));
    return map;
  }

  /**
   * A copy that shares nothing with this one.
   *
   * @return new weights
   */
  public Weights copy() {
    FloatBlock copy = FloatBlock.allocate(block.length());
    copy.copy(0, block, 0, block.length());
    return new Weights(layout, copy);
  }

  /**
   * Which parameters there are and where they lie in {@link #block}.
   *
   * @return the layout
   */
  public ParameterLayout layout() {
    return layout;
  }

  /**
   * The numbers themselves, all parameters one after the other; for optimisers and checkpoints.
   * Writing to it changes these weights.
   *
   * @return the block
   */
  public FloatBlock block() {
    return block;
  }

  /** A parameter as the matrix that products use: W_Q as [d_model, heads * d_head]. */
  Matrix matrix(String name) {
    Parameter p = layout.get(name);
    int columns =
        switch (p.storage()) {
          case HEADS_INSIDE -> (int) (p.shape()[0] * p.shape()[2]);
          case ROW_MAJOR -> (int) p.shape()[p.shape().length - 1];
        };
    return block.matrix(p.offset(), p.length() / columns, columns);
  }

  /** Whether the unembedding is the embedding's transpose, and no parameter of its own. */
  boolean tied() {
    return layout.parameters().stream().noneMatch(p -> p.name().equals(W_U));
  }

  /** A parameter as one row. */
  Matrix row(String name) {
    Parameter p = layout.get(name);
    return block.matrix(p.offset(), 1, p.length());
  }

  /** A vector parameter, copied to the heap. */
  float[] vector(String name) {
    Parameter p = layout.get(name);
    float[] values = new float[p.length()];
    block.read(p.offset(), values, 0, values.length);
    return values;
  }

  private void put(String name, INDArray value) {
    Parameter p = layout.get(name);
    if (!Arrays.equals(p.shape(), value.shape())) {
      throw new IllegalArgumentException(
          name
              + " has shape "
              + Arrays.toString(p.shape())
              + ", got "
              + Arrays.toString(value.shape()));
    }
    store(p, FloatBlock.copyOf(value).toArray());
  }

  private void store(Parameter p, float[] elements) {
    if (elements.length != p.length()) {
      throw new IllegalArgumentException(
          p + " has " + p.length() + " elements, got " + elements.length);
    }
    float[] values = elements;
    if (p.storage() == Parameter.Storage.HEADS_INSIDE) {
      values = swapAxes(values, (int) p.shape()[0], (int) p.shape()[1], (int) p.shape()[2]);
    }
    block.write(p.offset(), values, 0, values.length);
  }

  /** From [a, b, c] to [b, a, c]. */
  private static float[] swapAxes(float[] x, int a, int b, int c) {
    float[] swapped = new float[x.length];
    for (int i = 0; i < a; i++) {
      for (int j = 0; j < b; j++) {
        System.arraycopy(x, (i * b + j) * c, swapped, (j * a + i) * c, c);
      }
    }
    return swapped;
  }

  private static long hash(String name) {
    long h = 0xCBF29CE484222325L;
    for (int i = 0; i < name.length(); i++) {
      h = (h ^ name.charAt(i)) * 0x100000001B3L;
    }
    return h;
  }
}
