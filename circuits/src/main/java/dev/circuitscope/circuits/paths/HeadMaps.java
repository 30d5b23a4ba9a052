package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.reference.ReferenceTransformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One head in float64.
 *
 * @param query the stream to queries, n = d_head
 * @param key the stream to keys, before smearing and rotation; shared by the heads of a group
 * @param value the stream to values
 * @param readPositions what queries and keys of a shortformer do with position vectors, which are
 *     not normalised: W_Q and W_K as they are, [d_model, d_head] each; none in other models
 * @param output W_O, [d_head, d_model]
 */
record HeadMaps(
    ReadMap query,
    ReadMap key,
    ReadMap value,
    Optional<PlainReads> readPositions,
    DoubleMatrix output) {

  /**
   * W_Q and W_K without a normalisation.
   *
   * @param query W_Q
   * @param key W_K
   */
  record PlainReads(DoubleMatrix query, DoubleMatrix key) {}

  static List<HeadMaps> ofLayer(ReferenceTransformer model, int layer) {
    int d = model.config().dModel();
    int e = model.config().dHead();
    int group = model.config().attention().group();
    Positions positions = model.config().positions();
    boolean shortformer =
        positions == Positions.SHORTFORMER || positions == Positions.SINUSOIDAL_SHORTFORMER;
    String attn = "blocks." + layer + ".attn.";
    NormWeights norm = NormWeights.of(model, "blocks." + layer + ".ln1");
    Stack queries = new Stack(model, attn, "Q", d, e);
    Stack keys = new Stack(model, attn, "K", d, e);
    Stack values = new Stack(model, attn, "V", d, e);
    double[] outputs = model.weight(attn + "W_O");
    List<HeadMaps> heads = new ArrayList<>();
    for (int h = 0; h < model.config().nHeads(); h++) {
      boolean shared = h % group > 0;
      heads.add(
          new HeadMaps(
              queries.map(norm, h),
              shared ? heads.get(h - 1).key : keys.map(norm, h / group),
              shared ? heads.get(h - 1).value : values.map(norm, h / group),
              shortformer
                  ? Optional.of(new PlainReads(queries.plain(h), keys.plain(h / group)))
                  : Optional.empty(),
              slice(outputs, h, e, d)));
    }
    return heads;
  }

  private static DoubleMatrix slice(double[] stack, int index, int rows, int columns) {
    return new DoubleMatrix(part(stack, index, rows * columns), rows, columns);
  }

  private static double[] part(double[] stack, int index, int length) {
    return Arrays.copyOfRange(stack, index * length, (index + 1) * length);
  }

  /** One of W_Q, W_K, W_V of a layer with its biases. */
  private static final class Stack {
    final double[] weights;
    final double[] biases;
    final int d;
    final int e;

    Stack(ReferenceTransformer model, String attn, String kind, int d, int e) {
      this.weights = model.weight(attn + "W_" + kind);
      this.biases = model.weight(attn + "b_" + kind);
      this.d = d;
      this.e = e;
    }

    ReadMap map(NormWeights norm, int index) {
      return ReadMap.of(norm, part(weights, index, d * e), part(biases, index, e));
    }

    DoubleMatrix plain(int index) {
      return slice(weights, index, d, e);
    }
  }
}
