package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.ReferenceTransformer;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The weights of a model in float64 as the maps that are left when attention patterns and scales of
 * normalisations are given. Shared by all runs of the model.
 */
final class LinearWeights {

  private final ReferenceTransformer model;
  private final INDArray embedding;
  private final List<List<HeadMaps>> heads = new ArrayList<>();
  private final List<INDArray> outputBiases = new ArrayList<>();
  private final List<double[]> smears = new ArrayList<>();
  private final LogitMap logits;

  LinearWeights(ReferenceTransformer model) {
    TransformerConfig c = model.config();
    this.model = model;
    this.embedding =
        Nd4j.createFromArray(model.weight("embed.W_E")).reshape('c', c.dVocab(), c.dModel());
    for (int layer = 0; layer < c.nLayers(); layer++) {
      String attn = "blocks." + layer + ".attn.";
      heads.add(HeadMaps.ofLayer(model, layer));
      outputBiases.add(
          Nd4j.createFromArray(model.weight(attn + "b_O")).reshape('c', 1, c.dModel()));
      smears.add(c.attention().smearedKeys() ? model.weight(attn + "smear") : new double[0]);
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
  INDArray embedding() {
    return embedding;
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
    List<Head> all = new ArrayList<>();
    for (int h = 0; h < config().nHeads(); h++) {
      all.add(new Head(layer, h));
    }
    return all;
  }

  /** b_O, [1, d_model]. */
  INDArray outputBias(int layer) {
    return outputBiases.get(layer);
  }

  LogitMap logits() {
    return logits;
  }

  /** Positions of queries: x turned by them, [pos, d_head]. */
  INDArray placeQueries(INDArray q) {
    return new KeyQueryPositions(config().attention().rotary()).rotate(q);
  }

  /** Positions of keys: x smeared and turned, [pos, d_head]. */
  INDArray placeKeys(Head head, INDArray k) {
    INDArray smeared = k;
    if (config().attention().smearedKeys()) {
      double a = smears.get(head.layer())[head.head() / config().attention().group()];
      smeared = KeyQueryPositions.smear(k, 1 / (1 + Math.exp(-a)));
    }
    return new KeyQueryPositions(config().attention().rotary()).rotate(smeared);
  }
}
