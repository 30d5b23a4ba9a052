package dev.circuitscope.toymodels.dl4j;

import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The toy model as a layer of DL4J: encoder and decoder share W [hidden, features]. */
public final class ReluOutputLayer extends SameDiffLayer {

  private final int features;
  private final int hidden;

  public ReluOutputLayer(int features, int hidden) {
    this.features = features;
    this.hidden = hidden;
  }

  @Override
  public void defineParameters(SDLayerParams parameters) {
    parameters.addWeightParam("W", hidden, features);
    parameters.addBiasParam("b", features);
  }

  @Override
  public void initializeParameters(Map<String, INDArray> parameters) {
    initWeights(features, hidden, WeightInit.XAVIER, parameters.get("W"));
    parameters.get("b").assign(0);
  }

  @Override
  public SDVariable defineLayer(
      SameDiff graph, SDVariable x, Map<String, SDVariable> parameters, SDVariable mask) {
    SDVariable w = parameters.get("W");
    // Samples are rows: h = x W^T and x' = ReLU(h W + b).
    SDVariable h = graph.mmul(x, w, false, true, false);
    return graph.nn.relu(graph.mmul(h, w).add(parameters.get("b")), 0);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return InputType.feedForward(features);
  }
}
