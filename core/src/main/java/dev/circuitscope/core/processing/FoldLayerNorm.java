package dev.circuitscope.core.processing;

import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.MlpShape;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Processing;
import dev.circuitscope.core.model.Transformer;
import java.util.Arrays;
import java.util.List;

/** See {@link WeightProcessing#foldLayerNorm}. */
final class FoldLayerNorm {

  private final Draft draft;
  private final boolean layerNorm;

  private FoldLayerNorm(Draft draft) {
    this.draft = draft;
    this.layerNorm = draft.config().normalization() == Normalization.LN;
  }

  static Transformer of(Transformer model) {
    return switch (model.config().normalization()) {
      case LN -> new FoldLayerNorm(new Draft(model)).into(Normalization.LN_PRE);
      case RMS -> new FoldLayerNorm(new Draft(model)).into(Normalization.RMS_PRE);
      case NONE, LN_PRE, RMS_PRE -> model;
    };
  }

  private Transformer into(Normalization kind) {
    Positions positions = draft.config().positions();
    if (positions == Positions.SHORTFORMER || positions == Positions.SINUSOIDAL_SHORTFORMER) {
      throw new IllegalArgumentException(
          "cannot fold "
              + draft.config().normalization().label()
              + " with "
              + positions.label()
              + " positions: queries and keys read positions that do not pass through its weights");
    }
    for (int layer = 0; layer < draft.config().nLayers(); layer++) {
      String block = "blocks." + layer + ".";
      for (String head : List.of("Q", "K", "V")) {
        read(block + "ln1", block + "attn.W_" + head, block + "attn.b_" + head);
      }
      if (draft.config().mlp().isPresent()) {
        mlp(draft.config().mlp().get(), block);
      }
    }
    draft.untie();
    read("ln_final", "unembed.W_U", "unembed.b_U");
    draft.normalization(kind);
    draft.undone(Processing.FOLD_VALUE_BIASES);
    return draft.finish(Processing.FOLD_LAYER_NORM);
  }

  private void mlp(MlpShape shape, String block) {
    String mlp = block + "mlp.";
    boolean neuronNorm = layerNorm && shape.activation() == Activation.SOLU_LN;
    if (!shape.gated()) {
      read(block + "ln2", mlp + "W_in", mlp + "b_in");
      if (neuronNorm) {
        read(mlp + "ln", mlp + "W_out", mlp + "b_out");
      }
      return;
    }
    requireNoOffset(block + "ln2");
    scale(block + "ln2", mlp + "W_in");
    scale(block + "ln2", mlp + "W_gate");
    if (neuronNorm) {
      requireNoOffset(mlp + "ln");
      // (n * w) * (x W_in) = n * (x (W_in w)), w scaling W_in's columns
      draft.put(mlp + "W_in", draft.matrix(mlp + "W_in").scaleColumns(draft.get(mlp + "ln.w")));
    }
  }

  private void read(String norm, String weight, String bias) {
    if (layerNorm) {
      // c <- b W + c
      draft.add(bias, draft.matrix(weight).leftTimes(draft.get(norm + ".b")));
    }
    scale(norm, weight);
  }

  private void scale(String norm, String weight) {
    // W <- w W, and without what its columns have in common where n has mean 0
    MatrixStack scaled = draft.matrix(weight).scaleRows(draft.get(norm + ".w"));
    draft.put(weight, layerNorm ? scaled.centerColumns() : scaled);
  }

  private void requireNoOffset(String norm) {
    if (layerNorm && Arrays.stream(draft.get(norm + ".b")).anyMatch(b -> b != 0)) {
      throw new IllegalArgumentException(
          "cannot fold "
              + norm
              + ".b into a gated MLP: neither its gate nor its linear factor has a bias that could"
              + " take it up; only an offset of 0 can be folded");
    }
  }
}
