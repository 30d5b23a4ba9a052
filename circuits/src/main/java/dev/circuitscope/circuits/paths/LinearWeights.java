package dev.circuitscope.circuits.paths;

import dev.circuitscope.circuits.algebra.KeyPart;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.AttentionShape;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.ReferenceTransformer;
import java.util.ArrayList;
import java.util.List;

/**
 * The weights of a model in float64 as the maps that are left when attention patterns and scales of
 * normalisations are given. Shared by all runs of the model.
 */
final class LinearWeights {

  private final ReferenceTransformer model;
  private final DoubleMatrix embedding;
  private final List<List<HeadMaps>> heads = new ArrayList<>();
  private final List<List<Head>> names = new ArrayList<>();
  private final List<double[]> outputBiases = new ArrayList<>();
  private final List<double[]> smears = new ArrayList<>();
  private final LogitMap logits;

  LinearWeights(ReferenceTransformer model) {
    TransformerConfig c = model.config();
    this.model = model;
    this.embedding = new DoubleMatrix(model.weight("embed.W_E"), c.dVocab(), c.dModel());
    for (int layer = 0; layer < c.nLayers(); layer++) {
      String attn = "blocks." + layer + ".attn.";
      heads.add(HeadMaps.ofLayer(model, layer));
      outputBiases.add(model.weight(attn + "b_O"));
      smears.add(c.attention().smearedKeys() ? model.weight(attn + "smear") : new double[0]);
      List<Head> all = new ArrayList<>();
      for (int h = 0; h < c.nHeads(); h++) {
        all.add(new Head(layer, h));
      }
      names.add(List.copyOf(all));
    }
    this.logits = LogitMap.of(model);
  }

  ReferenceTransformer model() {
    return model;
  }

  TransformerConfig config() {
    return model.config();
  }

  /** W_E, [d_vocab, d_model]. */
  DoubleMatrix embedding() {
    return embedding;
  }

  /** The embeddings of tokens, [pos, d_model]. */
  DoubleMatrix embed(int[] tokens) {
    int d = config().dModel();
    DoubleMatrix stream = DoubleMatrix.zeros(tokens.length, d);
    for (int t = 0; t < tokens.length; t++) {
      if (tokens[t] < 0 || tokens[t] >= config().dVocab()) {
        throw new IllegalArgumentException(
            "token %d at position %d is not in the vocabulary of %d"
                .formatted(tokens[t], t, config().dVocab()));
      }
      System.arraycopy(embedding.values(), tokens[t] * d, stream.values(), t * d, d);
    }
    return stream;
  }

  HeadMaps head(Head head) {
    if (head.layer() >= heads.size() || head.head() >= config().nHeads()) {
      throw new IllegalArgumentException(
          "no head %s: the model has %d layers of %d heads"
              .formatted(head, heads.size(), config().nHeads()));
    }
    return heads.get(head.layer()).get(head.head());
  }

  /** The heads of a layer, in order. */
  List<Head> headsOf(int layer) {
    if (layer < 0 || layer >= names.size()) {
      throw new IllegalArgumentException(
          "no layer %d: the model has %d".formatted(layer, names.size()));
    }
    return names.get(layer);
  }

  /** b_O, [d_model]. */
  double[] outputBias(int layer) {
    return outputBiases.get(layer);
  }

  LogitMap logits() {
    return logits;
  }

  /** What positions make of queries [pos, d_head]. */
  DoubleMatrix placeQueries(DoubleMatrix q) {
    return config()
        .attention()
        .rotary()
        .map(rotary -> KeyQueryPositions.rotate(q, rotary))
        .orElse(q);
  }

  /** What positions make of keys [pos, d_head]. */
  DoubleMatrix placeKeys(Head head, DoubleMatrix k) {
    return config().attention().smearedKeys()
        ? placeQueries(KeyQueryPositions.smear(k, keyShare(head)))
        : placeQueries(k);
  }

  /**
   * What positions make of the part of smeared keys [pos, d_head] that is of one of the two keys.
   */
  DoubleMatrix placeKeys(Head head, DoubleMatrix k, KeyPart part) {
    return placeQueries(KeyQueryPositions.smear(k, keyShare(head), part));
  }

  /** sigmoid(alpha), what a smeared key keeps of its own; 1 if keys are not smeared. */
  private double keyShare(Head head) {
    AttentionShape shape = config().attention();
    if (!shape.smearedKeys()) {
      return 1;
    }
    return 1 / (1 + Math.exp(-smears.get(head.layer())[head.head() / shape.group()]));
  }
}
