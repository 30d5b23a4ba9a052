package dev.circuitscope.core.reference;

import dev.circuitscope.core.model.SameDiffModel;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The model a third time, as a SameDiff graph in float64: its gradients are those of an automatic
 * differentiation that shares nothing with the engine.
 */
public final class SameDiffOracle {

  private final SameDiffModel model;
  private final Weights weights;
  private final int[][] tokens;

  public SameDiffOracle(TransformerConfig config, Weights weights, int[][] tokens) {
    this.model = Transformer.of(config, weights).toSameDiff(tokens[0].length, DataType.DOUBLE);
    this.weights = weights;
    this.tokens = tokens;
  }

  public double loss() {
    String loss = model.loss().name();
    return model.output(tokens, loss).get(loss).getDouble(0);
  }

  /** Of every weight, under its name and in its shape. */
  public Map<String, INDArray> gradients() {
    return model.gradients(tokens, weights.toMap().keySet());
  }
}
