package dev.circuitscope.core.model;

import dev.circuitscope.core.hook.HookPoint;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Writes a model down as a SameDiff graph. Lookups are products with one-hot matrices, because the
 * gradient of SameDiff's gather throws.
 */
final class SameDiffExport {

  static final String TOKENS = "tokens";
  static final String LOGITS = "logits";
  static final String LOSS = "loss";

  private final SameDiffScope scope;
  private final TransformerConfig config;
  private final SDVariable tokens;

  SameDiffExport(Transformer model, int pos, DataType type) {
    this.scope = new SameDiffScope(model, pos, type);
    this.config = model.config();
    this.tokens = scope.graph().placeHolder(TOKENS, DataType.INT, -1, pos);
  }

  SameDiffModel export() {
    SDVariable logits = logits();
    if (scope.pos() > 1) {
      loss(logits);
      scope.graph().setLossVariables(LOSS);
    }
    return new SameDiffModel(scope.graph(), config, scope.pos(), scope.reached());
  }

  private SDVariable logits() {
    SDVariable embed = scope.product(oneHot(tokens, config.dVocab()), config.dVocab(), wE());
    SDVariable x = scope.reach(HookPoint.EMBED, residual(embed));
    SDVariable positions = null;
    if (config.positions().embedded()) {
      positions = scope.reach(HookPoint.POS_EMBED, positions(x));
    }
    if (config.positions() == Positions.STANDARD) {
      // x_0 = t W_E + p
      x = x.add(positions);
      positions = null;
    }
    for (int layer = 0; layer < config.nLayers(); layer++) {
      x = block(scope.reach(HookPoint.residPre(layer), x), layer, positions);
      x = scope.reach(HookPoint.residPost(layer), x);
    }
    x =
        new SameDiffNorm(scope)
            .apply(x, "ln_final", HookPoint.LN_FINAL_SCALE, HookPoint.LN_FINAL_NORMALIZED);
    boolean tied = config.vocabulary().tied();
    SDVariable wU = tied ? wE().permute(1, 0) : scope.parameter("unembed.W_U");
    SDVariable logits = scope.product(x, config.dModel(), wU);
    logits = scope.plusRow(logits, "unembed.b_U", config.dVocabOut());
    return logits.reshape(-1, scope.pos(), config.dVocabOut()).rename(LOGITS);
  }

  private SDVariable block(SDVariable x, int layer, SDVariable positions) {
    // y_l = x_l + attn(LN(x_l))
    SDVariable y = x.add(new SameDiffAttention(scope, layer).apply(x, positions));
    if (config.mlp().isEmpty()) {
      return y;
    }
    SameDiffMlp mlp = new SameDiffMlp(scope, config.mlp().get(), layer);
    if (config.mlp().get().parallel()) {
      // x_(l+1) = x_l + attn(LN(x_l)) + mlp(LN(x_l))
      return y.add(mlp.apply(x));
    }
    y = scope.reach(HookPoint.residMid(layer), y);
    // x_(l+1) = y_l + mlp(LN(y_l))
    return y.add(mlp.apply(y));
  }

  /** The same vectors for each example of the batch that {@code embed} has. */
  private SDVariable positions(SDVariable embed) {
    int pos = scope.pos();
    int d = config.dModel();
    double[] places = new double[pos * config.nCtx()];
    double[] sinusoids = new double[pos * d];
    double[][] table = Sinusoids.table(pos, d);
    for (int t = 0; t < pos; t++) {
      places[t * config.nCtx() + t] = 1;
      System.arraycopy(table[t], 0, sinusoids, t * d, d);
    }
    SDVariable p =
        config.positions().learned()
            ? scope.constant(places, pos, config.nCtx()).mmul(scope.parameter("pos_embed.W_pos"))
            : scope.constant(sinusoids, pos, d);
    return scope.graph().zerosLike(embed).add(p.reshape(1, pos, d));
  }

  /**
   * The mean of log sum_v exp(logit_v) - logit_(next token). A token that the model does not
   * predict has probability 0 and costs infinitely much.
   */
  private void loss(SDVariable logits) {
    int last = scope.pos() - 1;
    SDVariable next = tokens.get(SDIndex.all(), SDIndex.interval(1, scope.pos()));
    SDVariable x = logits.get(SDIndex.all(), SDIndex.interval(0, last), SDIndex.all());
    SDVariable hit = oneHot(next, config.dVocabOut());
    SDVariable max = x.max(true, 2);
    // not logSoftmax, which throws when the graph is differentiated
    SDVariable sum = scope.graph().math().exp(x.sub(max)).sum(true, 2);
    SDVariable logSumExp = max.add(scope.graph().math().log(sum));
    SDVariable costs = logSumExp.sub(x.mul(hit).sum(true, 2));
    if (config.dVocabOut() < config.dVocab()) {
      costs = costs.sub(scope.graph().math().log(hit.sum(true, 2)));
    }
    costs.mean().rename(LOSS);
  }

  private SDVariable oneHot(SDVariable indices, int depth) {
    return scope.graph().oneHot(indices, depth, -1, 1, 0, scope.type());
  }

  private SDVariable wE() {
    return scope.parameter("embed.W_E");
  }

  private SDVariable residual(SDVariable rows) {
    return rows.reshape(-1, scope.pos(), config.dModel());
  }
}
