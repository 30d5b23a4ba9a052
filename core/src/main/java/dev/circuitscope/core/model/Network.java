package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.hook.HookPoint;
import java.util.ArrayList;
import java.util.List;

/** One run over a batch: forward through every component, and backward through them in reverse. */
final class Network {

  private final TransformerConfig config;
  private final Weights weights;
  private final int[][] tokens;
  private final Tape acts;
  private final Rows rows;
  private final List<Block> blocks = new ArrayList<>();
  private NormStep finalNorm;
  private FloatBlock unembedInput;

  Network(TransformerConfig config, Weights weights, int[][] tokens, Tape acts) {
    this.config = config;
    this.weights = weights;
    this.tokens = tokens;
    this.acts = acts;
    this.rows = acts.rows();
  }

  /** Plans what fills the logits [batch, pos, d_vocab_out]. */
  void forward(FloatBlock logits) {
    unembed(through(embed(), 0, config.nLayers()), logits);
  }

  /** Plans blocks {@code from} to {@code to - 1}; returns the residual stream after them. */
  FloatBlock through(FloatBlock start, int from, int to) {
    Blas.singleThreaded();
    FloatBlock resid = start;
    for (int layer = from; layer < to; layer++) {
      acts.share(HookPoint.residPre(layer), resid);
      acts.reached(HookPoint.residPre(layer));
      Block block = new Block(config, weights, acts, layer);
      blocks.add(block);
      resid = block.forward();
    }
    return resid;
  }

  /** Plans what fills the logits, from the residual stream after all blocks. */
  void unembed(FloatBlock resid, FloatBlock logits) {
    normalize(resid);
    Matrix wU = unembedding();
    float[] bU = weights.vector("unembed.b_U");
    Matrix x = unembedInput.matrix(0, rows.count(), config.dModel());
    Matrix y = logits.matrix(0, rows.count(), config.dVocabOut());
    acts.forEach(
        (first, n) -> Linear.forward(x.rows(first, first + n), wU, bU, y.rows(first, first + n)));
  }

  /** Fills the logits of each example's last position [batch, d_vocab_out]. */
  void unembedLast(FloatBlock resid, FloatBlock logits) {
    normalize(resid);
    acts.run();
    int d = config.dModel();
    Matrix wU = unembedding();
    float[] bU = weights.vector("unembed.b_U");
    Matrix x = unembedInput.matrix((rows.pos() - 1) * d, rows.batch(), d, rows.pos() * d);
    Matrix y = logits.matrix(0, rows.batch(), config.dVocabOut());
    Linear.forward(x, wU, bU, y);
  }

  private void normalize(FloatBlock resid) {
    unembedInput = resid;
    finalNorm = NormStep.last(config, weights);
    if (finalNorm != null) {
      Phases phases = new Phases(acts);
      unembedInput = finalNorm.forward(phases, acts, resid);
      phases.plan();
    }
  }

  /** From the gradient of the logits to all others; {@code dWeights} is overwritten. */
  void backward(FloatBlock dLogits, Tape grads, Weights dWeights) {
    if (config.positions().shortformer()) {
      grads.create(HookPoint.POS_EMBED).clear();
    }
    Jobs jobs = new Jobs();
    FloatBlock dResid = unembedBackward(dLogits, grads, dWeights, jobs);
    for (int layer = config.nLayers() - 1; layer >= 0; layer--) {
      dResid = blocks.get(layer).backward(grads, dWeights, jobs);
      if (layer > 0) {
        grads.share(HookPoint.residPost(layer - 1), dResid);
        grads.reached(HookPoint.residPost(layer - 1));
      }
    }
    embedBackward(dResid, grads, dWeights);
    jobs.run();
  }

  /** Plans the residual stream before the first block. */
  FloatBlock embed() {
    FloatBlock embed = acts.create(HookPoint.EMBED);
    Matrix wE = weights.matrix("embed.W_E");
    acts.forEach((first, n) -> TokenEmbedding.forward(tokens, wE, rows, embed, first, n));
    acts.reached(HookPoint.EMBED);
    if (!config.positions().embedded()) {
      return embed;
    }
    FloatBlock pos = positions();
    if (config.positions().shortformer()) {
      return embed;
    }
    FloatBlock resid = acts.internal(embed.length());
    new Phases(acts).sum(embed, pos, resid).plan();
    return resid;
  }

  /** Plans the vectors of positions. */
  FloatBlock positions() {
    FloatBlock pos = acts.create(HookPoint.POS_EMBED);
    Matrix table = positionTable();
    acts.forEach((first, n) -> TokenEmbedding.positions(table, rows, pos, first, n));
    acts.reached(HookPoint.POS_EMBED);
    return pos;
  }

  private Matrix positionTable() {
    int first = acts.firstPosition();
    if (config.positions().learned()) {
      return weights.matrix("pos_embed.W_pos").rows(first, first + rows.pos());
    }
    float[] table = sinusoids(first);
    FloatBlock block = acts.internal(table.length);
    block.write(0, table, 0, table.length);
    return block.matrix(0, rows.pos(), config.dModel());
  }

  private float[] sinusoids(int first) {
    double[][] table = Sinusoids.rows(first, rows.pos(), config.dModel());
    float[] flat = new float[rows.pos() * config.dModel()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) table[i / config.dModel()][i % config.dModel()];
    }
    return flat;
  }

  private FloatBlock unembedBackward(FloatBlock dLogits, Tape grads, Weights dWeights, Jobs jobs) {
    int d = config.dModel();
    FloatBlock dResid =
        config.nLayers() == 0
            ? grads.internal((long) rows.count() * d)
            : grads.create(HookPoint.residPost(config.nLayers() - 1));
    FloatBlock dInput = finalNorm == null ? dResid : finalNorm.outputGradient(grads);
    Matrix dy = dLogits.matrix(0, rows.count(), config.dVocabOut());
    Matrix wU = unembedding();
    Phases phases = new Phases(grads);
    phases.then(
        (first, n) ->
            Linear.inputGradient(dy.rows(first, first + n), wU, 0, dInput.matrix(first * d, n, d)));
    if (finalNorm != null) {
      phases.then((first, n) -> dResid.clear(first * d, n * d));
      finalNorm.backward(phases, acts, grads, dResid, dWeights, jobs);
    }
    phases.plan();
    unembeddingGradient(unembedInput.matrix(0, rows.count(), d), dy, dWeights, jobs);
    if (config.nLayers() > 0) {
      grads.reached(HookPoint.residPost(config.nLayers() - 1));
    }
    return dResid;
  }

  /** W_U [d_model, d_vocab_out], which is W_E^T where it is tied. */
  private Matrix unembedding() {
    return weights.tied() ? weights.matrix("embed.W_E").t() : weights.matrix("unembed.W_U");
  }

  /**
   * dW_U = x^T dlogits; where it is tied, dW_E += dlogits^T x once the embedding has written it.
   */
  private static void unembeddingGradient(Matrix x, Matrix dy, Weights dWeights, Jobs jobs) {
    if (dWeights.tied()) {
      Linear.matrixGradient(dy, x, 1, dWeights.matrix("embed.W_E"), jobs);
    } else {
      Linear.matrixGradient(x, dy, 0, dWeights.matrix("unembed.W_U"), jobs);
    }
    Linear.biasGradient(dy, dWeights.row("unembed.b_U"), jobs);
  }

  private void embedBackward(FloatBlock dResid, Tape grads, Weights dWeights) {
    if (config.positions() == Positions.STANDARD) {
      grads.share(HookPoint.POS_EMBED, dResid);
    }
    if (config.positions().embedded()) {
      grads.reached(HookPoint.POS_EMBED);
    }
    FloatBlock dEmbed = grads.share(HookPoint.EMBED, dResid);
    grads.reached(HookPoint.EMBED);
    grads.run();
    if (config.positions().learned()) {
      TokenEmbedding.positionsGradient(
          grads.at(HookPoint.POS_EMBED), rows, dWeights.matrix("pos_embed.W_pos"));
    }
    TokenEmbedding.backward(tokens, dEmbed, rows, dWeights.matrix("embed.W_E"));
  }
}
