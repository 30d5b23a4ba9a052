package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What an attention head does to the residual stream, by its weights alone (A Mathematical
 * Framework for Transformer Circuits, section "Splitting attention head terms into circuits"). Rows
 * are multiplied from the left.
 *
 * <pre>{@code
 * HeadCircuit head = HeadCircuit.of(model, 1, 4);
 * head.ov();    // W_V W_O: what moves from source to destination
 * head.qk();    // W_Q W_K^T: which source a destination looks for
 * }</pre>
 *
 * <p>Weights are taken as they are: without biases, without the normalisation before the head, and
 * unscaled. With rotary positions, qk is the circuit at distance 0.
 *
 * @param qk W_Q W_K^T, [d_model, d_model]
 * @param ov W_V W_O, [d_model, d_model]
 */
public record HeadCircuit(FactoredMatrix qk, FactoredMatrix ov) {

  /**
   * The circuits of one head.
   *
   * @param model whose head it is
   * @param layer the block, from 0
   * @param head within the block, from 0
   * @return its circuits; of grouped-query attention, with the keys and values of its group
   * @throws IllegalArgumentException if the model has no such head
   */
  public static HeadCircuit of(Transformer model, int layer, int head) {
    int heads = model.config().nHeads();
    if (head < 0 || head >= heads) {
      throw new IllegalArgumentException(
          "no head %d: every layer has heads 0 to %d".formatted(head, heads - 1));
    }
    return ofLayer(model, layer).get(head);
  }

  /**
   * The circuits of all heads of a layer.
   *
   * @param model whose heads they are
   * @param layer the block, from 0
   * @return one for each head, in order
   * @throws IllegalArgumentException if the model has no such layer
   */
  public static List<HeadCircuit> ofLayer(Transformer model, int layer) {
    if (layer < 0 || layer >= model.config().nLayers()) {
      throw new IllegalArgumentException(
          "no layer %d: the model has %d".formatted(layer, model.config().nLayers()));
    }
    String attn = "blocks." + layer + ".attn.";
    INDArray queries = model.weights().get(attn + "W_Q");
    INDArray keys = model.weights().get(attn + "W_K");
    INDArray values = model.weights().get(attn + "W_V");
    INDArray outputs = model.weights().get(attn + "W_O");
    int group = model.config().attention().group();
    List<HeadCircuit> circuits = new ArrayList<>();
    for (int head = 0; head < model.config().nHeads(); head++) {
      circuits.add(
          new HeadCircuit(
              new FactoredMatrix(of(queries, head), of(keys, head / group).transpose()),
              new FactoredMatrix(of(values, head / group), of(outputs, head))));
    }
    return circuits;
  }

  /**
   * The circuits of all heads of a model.
   *
   * @param model whose heads they are
   * @return [layer][head]
   */
  public static List<List<HeadCircuit>> all(Transformer model) {
    List<List<HeadCircuit>> layers = new ArrayList<>();
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      layers.add(ofLayer(model, layer));
    }
    return layers;
  }

  private static INDArray of(INDArray weights, int head) {
    return weights.get(NDArrayIndex.point(head), NDArrayIndex.all(), NDArrayIndex.all()).dup('c');
  }
}
