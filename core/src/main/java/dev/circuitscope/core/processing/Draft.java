package dev.circuitscope.core.processing;

import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Parameter;
import dev.circuitscope.core.model.ParameterLayout;
import dev.circuitscope.core.model.Processing;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A model that is being rewritten: its parameters by name, read and written in float64. */
final class Draft {

  private final Set<Processing> done = EnumSet.noneOf(Processing.class);
  private final Map<String, INDArray> arrays;
  private TransformerConfig config;

  Draft(Transformer model) {
    this.config = model.config();
    this.arrays = model.weights().toMap();
    this.done.addAll(model.processing());
  }

  TransformerConfig config() {
    return config;
  }

  double[] get(String name) {
    INDArray array = arrays.get(name);
    return array.castTo(DataType.DOUBLE).reshape(array.length()).toDoubleVector();
  }

  MatrixStack matrix(String name) {
    return MatrixStack.of(arrays.get(name).shape(), get(name));
  }

  void put(String name, double[] values) {
    arrays.put(name, array(values, arrays.get(name).shape()));
  }

  void put(String name, MatrixStack matrix) {
    put(name, matrix.values());
  }

  void add(String name, double[] values) {
    double[] sum = get(name);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[i];
    }
    put(name, sum);
  }

  /** Leaves out the weights of normalisations. */
  void normalization(Normalization kind) {
    config = config.toBuilder().normalization(kind).build();
    Set<String> kept = new HashSet<>();
    for (Parameter p : new ParameterLayout(config).parameters()) {
      kept.add(p.name());
    }
    arrays.keySet().retainAll(kept);
  }

  /** Gives a tied unembedding weights of its own. */
  void untie() {
    if (config.vocabulary().tied()) {
      MatrixStack wE = matrix("embed.W_E");
      config = config.toBuilder().tiedUnembedding(false).build();
      arrays.put("unembed.W_U", array(wE.transpose().values(), wE.columns(), wE.rows()));
    }
  }

  void undone(Processing step) {
    done.remove(step);
  }

  Transformer finish(Processing step) {
    done.add(step);
    return Transformer.of(config, Weights.of(config, arrays), done);
  }

  private static INDArray array(double[] values, long... shape) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) values[i];
    }
    return Nd4j.createFromArray(rounded).reshape('c', shape);
  }
}
