package dev.circuitscope.core.processing;

import dev.circuitscope.core.model.AttentionShape;
import dev.circuitscope.core.model.Processing;
import dev.circuitscope.core.model.Transformer;

/** See {@link WeightProcessing#foldValueBiases}. */
final class FoldValueBiases {

  private FoldValueBiases() {}

  static Transformer of(Transformer model) {
    Draft draft = new Draft(model);
    AttentionShape shape = model.config().attention();
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      String attn = "blocks." + layer + ".attn.";
      double[] bV = draft.get(attn + "b_V");
      double[] wO = draft.get(attn + "W_O");
      double[] sum = new double[model.config().dModel()];
      for (int i = 0; i < wO.length; i++) {
        int row = i / sum.length;
        int head = row / shape.dHead() / shape.group();
        // b_O <- b_O + sum_h b_V^h W_O^h, where head h reads the values of head h / group
        sum[i % sum.length] += bV[head * shape.dHead() + row % shape.dHead()] * wO[i];
      }
      draft.add(attn + "b_O", sum);
      draft.put(attn + "b_V", new double[bV.length]);
    }
    return draft.finish(Processing.FOLD_VALUE_BIASES);
  }
}
