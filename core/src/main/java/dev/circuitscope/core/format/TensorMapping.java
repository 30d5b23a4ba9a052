package dev.circuitscope.core.format;

import dev.circuitscope.core.model.Parameter;
import dev.circuitscope.core.model.ParameterLayout;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which tensor of a format holds which parameters of a model: one line per tensor. The same lines
 * serve reading ({@link MappedReader}) and writing ({@link MappedWriter}).
 *
 * <pre>{@code
 * mapping.tensor("wpe.weight", "pos_embed.W_pos");
 * mapping.tensor("c_attn.weight", "d (part h e)", "h d e", "attn.W_Q", "attn.W_K", "attn.W_V");
 * mapping.zero("unembed.b_U");
 * mapping.ignore("h\\.\\d+\\.attn\\.bias");
 * }</pre>
 */
final class TensorMapping {

  /** A tensor, how its axes lie, and the parameters in it. */
  record Line(String tensor, AxisPattern axes, List<Parameter> parameters) {
    long[] shape() {
      return axes.tensorShape(parameters.get(0).shape(), parameters.size());
    }

    int partOf(Parameter parameter) {
      return parameters.stream().map(Parameter::name).toList().indexOf(parameter.name());
    }
  }

  /** Prefixes that the lines of one block share. */
  final class Block {
    private final String theirs;
    private final String ours;

    private Block(String theirs, String ours) {
      this.theirs = theirs;
      this.ours = ours;
    }

    void tensor(String tensor, String parameter) {
      TensorMapping.this.tensor(theirs + tensor, ours + parameter);
    }

    void tensor(String tensor, String theirAxes, String ourAxes, String... parameters) {
      String[] full = new String[parameters.length];
      for (int i = 0; i < full.length; i++) {
        full[i] = ours + parameters[i];
      }
      TensorMapping.this.tensor(theirs + tensor, theirAxes, ourAxes, full);
    }

    void zero(String... parameters) {
      for (String parameter : parameters) {
        TensorMapping.this.zero(ours + parameter);
      }
    }
  }

  private final TransformerConfig config;
  private final ParameterLayout layout;
  private final Map<String, Line> lines = new LinkedHashMap<>();
  private final Map<String, String> copies = new LinkedHashMap<>();
  private final Set<String> zeros = new LinkedHashSet<>();
  private final List<Pattern> ignored = new ArrayList<>();

  TensorMapping(TransformerConfig config) {
    this.config = config;
    this.layout = new ParameterLayout(config);
  }

  /** A tensor that is the parameter as it stands. */
  void tensor(String tensor, String parameter) {
    String axes = "abcd".substring(0, layout.get(parameter).shape().length).replaceAll("", " ");
    tensor(tensor, axes, axes, parameter);
  }

  /** A tensor that holds parameters with their axes in another order. */
  void tensor(String tensor, String theirAxes, String ourAxes, String... parameters) {
    List<Parameter> held = new ArrayList<>();
    for (String parameter : parameters) {
      held.add(layout.get(parameter));
    }
    lines.put(tensor, new Line(tensor, AxisPattern.of(theirAxes, ourAxes), held));
  }

  /** A parameter that the format does not have. */
  void zero(String parameter) {
    zeros.add(layout.get(parameter).name());
  }

  /** A tensor that may be there and must then be the same as another one: tied weights. */
  void copy(String tensor, String of) {
    copies.put(tensor, of);
  }

  /** Tensors without effect. */
  void ignore(String regex) {
    ignored.add(Pattern.compile(regex));
  }

  Block block(String theirs, String ours) {
    return new Block(theirs, ours);
  }

  TransformerConfig config() {
    return config;
  }

  Map<String, Line> lines() {
    return lines;
  }

  Map<String, String> copies() {
    return copies;
  }

  Set<String> zeros() {
    return zeros;
  }

  /**
   * Where each parameter is; those that are zero are left out.
   *
   * @throws IllegalStateException if the mapping forgets one or has one twice
   */
  Map<String, Line> lineOfEachParameter() {
    Map<String, Line> lineOf = new LinkedHashMap<>();
    for (Line line : lines.values()) {
      for (Parameter parameter : line.parameters()) {
        if (lineOf.put(parameter.name(), line) != null || zeros.contains(parameter.name())) {
          throw new IllegalStateException(parameter.name() + " is mapped twice");
        }
      }
    }
    for (Parameter parameter : layout.parameters()) {
      if (!lineOf.containsKey(parameter.name()) && !zeros.contains(parameter.name())) {
        throw new IllegalStateException(parameter.name() + " is not mapped");
      }
    }
    return lineOf;
  }

  boolean ignores(String tensor) {
    return ignored.stream().anyMatch(p -> p.matcher(tensor).matches());
  }
}
