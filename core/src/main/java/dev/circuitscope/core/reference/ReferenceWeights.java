package dev.circuitscope.core.reference;

import dev.circuitscope.core.model.Parameter;
import dev.circuitscope.core.model.ParameterLayout;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The parameters in float64, under TransformerLens's names, flat in TransformerLens's shapes. */
final class ReferenceWeights {

  private final Map<String, double[]> values;

  private ReferenceWeights(Map<String, double[]> values) {
    this.values = values;
  }

  static ReferenceWeights of(TransformerConfig config, Map<String, INDArray> arrays) {
    ParameterLayout layout = new ParameterLayout(config);
    Set<String> missing = new LinkedHashSet<>();
    Set<String> unknown = new LinkedHashSet<>(arrays.keySet());
    Map<String, double[]> values = new HashMap<>();
    for (Parameter p : layout.parameters()) {
      INDArray array = arrays.get(p.name());
      if (array == null) {
        missing.add(p.name());
      } else if (!Arrays.equals(array.shape(), p.shape())) {
        throw new IllegalArgumentException(
            p.name()
                + " has shape "
                + Arrays.toString(p.shape())
                + ", got "
                + Arrays.toString(array.shape()));
      } else {
        INDArray flat =
            array.castTo(DataType.DOUBLE).dup('c').reshape('c', new long[] {array.length()});
        values.put(p.name(), flat.toDoubleVector());
        unknown.remove(p.name());
      }
    }
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "the weights do not fit the configuration: missing " + missing + ", unknown " + unknown);
    }
    return new ReferenceWeights(values);
  }

  double[] get(String name) {
    double[] found = values.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "the model has no parameter '" + name + "'; it has " + values.keySet());
    }
    return found;
  }

  ReferenceWeights with(String name, double[] replacement) {
    if (get(name).length != replacement.length) {
      throw new IllegalArgumentException(
          name + " has " + get(name).length + " elements, got " + replacement.length);
    }
    Map<String, double[]> copy = new HashMap<>(values);
    copy.put(name, replacement.clone());
    return new ReferenceWeights(copy);
  }
}
