package dev.circuitscope.core.processing;

import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Processing;
import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.List;

/** Takes off means that nothing reads. */
final class Centering {

  private Centering() {}

  /** See {@link WeightProcessing#centerWritingWeights}. */
  static Transformer ofWritingWeights(Transformer model) {
    Normalization kind = model.config().normalization();
    if (kind != Normalization.LN && kind != Normalization.LN_PRE) {
      throw new IllegalArgumentException(
          "cannot center writing weights of a model with normalization "
              + kind.label()
              + ": it reads the mean of the residual stream, which only LN and LNPre take off");
    }
    Draft draft = new Draft(model);
    draft.untie();
    List<String> written = new ArrayList<>(List.of("embed.W_E"));
    if (model.config().positions() == Positions.STANDARD) {
      written.add("pos_embed.W_pos");
    }
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      String block = "blocks." + layer + ".";
      written.addAll(List.of(block + "attn.W_O", block + "attn.b_O"));
      if (model.config().mlp().isPresent()) {
        written.addAll(List.of(block + "mlp.W_out", block + "mlp.b_out"));
      }
    }
    centerRows(draft, written);
    return draft.finish(Processing.CENTER_WRITING_WEIGHTS);
  }

  /** See {@link WeightProcessing#centerUnembedding}. */
  static Transformer ofUnembedding(Transformer model) {
    Draft draft = new Draft(model);
    draft.untie();
    centerRows(draft, List.of("unembed.W_U", "unembed.b_U"));
    return draft.finish(Processing.CENTER_UNEMBEDDING);
  }

  private static void centerRows(Draft draft, List<String> names) {
    for (String name : names) {
      draft.put(name, draft.matrix(name).centerRows());
    }
  }
}
