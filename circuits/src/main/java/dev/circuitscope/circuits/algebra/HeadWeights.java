package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Parameter;
import dev.circuitscope.core.model.Transformer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The weights of one head in float64, as they are stored.
 *
 * @param wQ [d_model, d_head]
 * @param wK [d_model, d_head], of the head's group
 * @param wV [d_model, d_head], of the head's group
 * @param wO [d_head, d_model]
 * @param bQ [1, d_head]
 * @param bK [1, d_head]
 * @param bV [1, d_head]
 * @param keyShare what smeared keys keep of their own; 1 without
 */
record HeadWeights(
    INDArray wQ,
    INDArray wK,
    INDArray wV,
    INDArray wO,
    INDArray bQ,
    INDArray bK,
    INDArray bV,
    double keyShare) {

  static HeadWeights of(Transformer model, Head head) {
    require(model, head);
    String attn = "blocks." + head.layer() + ".attn.";
    int group = head.head() / model.config().attention().group();
    return new HeadWeights(
        slice(model, attn + "W_Q", head.head()),
        slice(model, attn + "W_K", group),
        slice(model, attn + "W_V", group),
        slice(model, attn + "W_O", head.head()),
        slice(model, attn + "b_Q", head.head()),
        slice(model, attn + "b_K", group),
        slice(model, attn + "b_V", group),
        keyShare(model, head));
  }

  /** sigmoid(alpha) of the head's group; 1 without smeared keys. */
  static double keyShare(Transformer model, Head head) {
    require(model, head);
    if (!model.config().attention().smearedKeys()) {
      return 1;
    }
    Parameter p = model.weights().layout().get("blocks." + head.layer() + ".attn.smear");
    int group = head.head() / model.config().attention().group();
    // k_j <- sigmoid(a) k_j + (1 - sigmoid(a)) k_(j-1)
    return 1 / (1 + Math.exp(-model.weights().block().get(p.offset() + group)));
  }

  private static void require(Transformer model, Head head) {
    int layers = model.config().nLayers();
    int heads = model.config().nHeads();
    if (head.layer() >= layers || head.head() >= heads) {
      throw new IllegalArgumentException(
          "no head %s: the model has %d layers of %d heads".formatted(head, layers, heads));
    }
  }

  /** One head's share of [head, rows, columns], or of [head, columns]. */
  private static INDArray slice(Transformer model, String name, int head) {
    Parameter p = model.weights().layout().get(name);
    int heads = (int) p.shape()[0];
    int columns = (int) p.shape()[p.shape().length - 1];
    int rows = p.length() / heads / columns;
    boolean inside = p.storage() == Parameter.Storage.HEADS_INSIDE;
    Matrix share =
        inside
            ? model
                .weights()
                .block()
                .matrix(p.offset(), rows, heads * columns)
                .cols(head * columns, (head + 1) * columns)
            : model.weights().block().matrix(p.offset() + head * rows * columns, rows, columns);
    return Doubles.of(share);
  }
}
