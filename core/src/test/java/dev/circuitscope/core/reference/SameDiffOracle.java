package dev.circuitscope.core.reference;

import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Sinusoids;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The model a third time, as a SameDiff graph in float64: its gradients are those of an automatic
 * differentiation that shares nothing with the engine.
 *
 * <p>Rows of matrices are B*T positions. Lookups are products with one-hot matrices, because the
 * gradient of SameDiff's gather throws.
 */
public final class SameDiffOracle {

  /** exp of it is exactly 0 in float64. */
  private static final double MASKED = -1e9;

  private static final String LOSS = "loss";

  private final SameDiff graph = SameDiff.create();
  private final TransformerConfig config;
  private final Map<String, INDArray> weights;
  private final Map<String, SDVariable> parameters = new LinkedHashMap<>();
  private final int batch;
  private final int pos;

  public SameDiffOracle(TransformerConfig config, Weights weights, int[][] tokens) {
    this.config = config;
    this.weights = weights.toMap();
    this.batch = tokens.length;
    this.pos = tokens[0].length;
    loss(logits(tokens), tokens);
  }

  public double loss() {
    return graph.output(Map.of(), LOSS).get(LOSS).getDouble(0);
  }

  /** Of every weight, under its name and in its shape. */
  public Map<String, INDArray> gradients() {
    PrintStream out = System.out;
    // SameDiff prints a line for every operation that it differentiates.
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try {
      return graph.calculateGradients(Map.of(), weights.keySet());
    } finally {
      System.setOut(out);
    }
  }

  private SDVariable logits(int[][] tokens) {
    SDVariable x = constant(oneHot(tokens)).mmul(parameter("embed.W_E"));
    SDVariable p = positions();
    if (config.positions() == Positions.STANDARD) {
      x = x.add(p);
    }
    for (int layer = 0; layer < config.nLayers(); layer++) {
      SDVariable values = normalized(x, "blocks." + layer + ".ln1");
      boolean standard = p == null || config.positions() == Positions.STANDARD;
      x = x.add(attention(standard ? values : values.add(p), values, "blocks." + layer + ".attn."));
    }
    return normalized(x, "ln_final")
        .mmul(parameter("unembed.W_U"))
        .add(row("unembed.b_U", config.dVocab()));
  }

  private SDVariable positions() {
    return switch (config.positions()) {
      case NONE, ROTARY -> null;
      case STANDARD, SHORTFORMER -> {
        int[][] places = new int[batch][pos];
        for (int[] example : places) {
          java.util.Arrays.setAll(example, t -> t);
        }
        yield constant(oneHot(places, config.nCtx())).mmul(parameter("pos_embed.W_pos"));
      }
      case SINUSOIDAL_SHORTFORMER -> {
        INDArray table = Nd4j.createFromArray(Sinusoids.table(pos, config.dModel()));
        yield constant(Nd4j.tile(table, batch, 1));
      }
    };
  }

  private SDVariable normalized(SDVariable x, String name) {
    if (config.normalization() == Normalization.NONE) {
      return x;
    }
    SDVariable centred = x.sub(x.mean(true, 1));
    SDVariable variance = graph.math().square(centred).mean(true, 1);
    SDVariable y = centred.div(graph.math().sqrt(variance.add(config.eps())));
    return config.normalization() == Normalization.LN_PRE
        ? y
        : y.mul(row(name + ".w", config.dModel())).add(row(name + ".b", config.dModel()));
  }

  private SDVariable attention(SDVariable forQueriesAndKeys, SDVariable forValues, String name) {
    int width = config.nHeads() * config.dHead();
    SDVariable q = project(forQueriesAndKeys, name, "Q");
    SDVariable k = project(forQueriesAndKeys, name, "K");
    SDVariable v = project(forValues, name, "V");
    SDVariable scores =
        graph.linalg().mmul(q, k, false, true, false).mul(1 / Math.sqrt(config.dHead()));
    SDVariable pattern = graph.nn().softmax(scores.add(constant(mask())), 3);
    SDVariable z = graph.linalg().mmul(pattern, v).permute(0, 2, 1, 3).reshape(batch * pos, width);
    return z.mmul(parameter(name + "W_O").reshape(width, config.dModel()))
        .add(row(name + "b_O", config.dModel()));
  }

  /** To [batch, head, pos, d_head]. */
  private SDVariable project(SDVariable x, String name, String kind) {
    int width = config.nHeads() * config.dHead();
    SDVariable w = parameter(name + "W_" + kind).permute(1, 0, 2).reshape(config.dModel(), width);
    return x.mmul(w)
        .add(row(name + "b_" + kind, width))
        .reshape(batch, pos, config.nHeads(), config.dHead())
        .permute(0, 2, 1, 3);
  }

  private void loss(SDVariable logits, int[][] tokens) {
    INDArray share = Nd4j.zeros(DataType.DOUBLE, batch * pos, config.dVocab());
    for (int b = 0; b < batch; b++) {
      for (int t = 0; t + 1 < pos; t++) {
        share.putScalar(b * pos + t, tokens[b][t + 1], -1.0 / (batch * (pos - 1)));
      }
    }
    // not logSoftmax, which throws when the graph is differentiated; these logits are small
    SDVariable logProbabilities =
        logits.sub(graph.math().log(graph.math().exp(logits).sum(true, 1)));
    logProbabilities.mul(constant(share)).sum(LOSS);
    graph.setLossVariables(LOSS);
  }

  private INDArray mask() {
    INDArray mask = Nd4j.zeros(DataType.DOUBLE, 1, 1, pos, pos);
    for (int dest = 0; dest < pos; dest++) {
      for (int src = dest + 1; src < pos; src++) {
        mask.putScalar(new int[] {0, 0, dest, src}, MASKED);
      }
    }
    return mask;
  }

  private INDArray oneHot(int[][] tokens) {
    return oneHot(tokens, config.dVocab());
  }

  private INDArray oneHot(int[][] places, int width) {
    INDArray oneHot = Nd4j.zeros(DataType.DOUBLE, batch * pos, width);
    for (int b = 0; b < batch; b++) {
      for (int t = 0; t < pos; t++) {
        oneHot.putScalar(b * pos + t, places[b][t], 1);
      }
    }
    return oneHot;
  }

  private SDVariable constant(INDArray values) {
    return graph.constant(values);
  }

  private SDVariable parameter(String name) {
    return parameters.computeIfAbsent(
        name, n -> graph.var(n, weights.get(n).castTo(DataType.DOUBLE)));
  }

  /** A vector parameter as a matrix of one row, which sums broadcast. */
  private SDVariable row(String name, int length) {
    return parameter(name).reshape(1, length);
  }
}
