package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.ArrayList;
import java.util.List;

/**
 * Two layers of one head each. The stream is [token, previous token, position], all one-hot. The
 * first head attends to the position before (shifted one-hot positions times 40) and copies its
 * token into the second part; the second head compares its token with the previous token of others
 * (times 40) and copies their token.
 */
record InductionByHand(int vocabulary, int context) {

  static final Head PREVIOUS = new Head(0, 0);
  static final Head INDUCTION = new Head(1, 0);
  private static final double SHARPNESS = 40;

  ReferenceTransformer model() {
    int v = vocabulary;
    int n = context;
    int d = 2 * v + n;
    int e = Math.max(v, n);
    TransformerConfig config =
        TransformerConfig.attentionOnly(2)
            .heads(1)
            .dModel(d)
            .dHead(e)
            .vocab(v)
            .context(n)
            .normalization(Normalization.NONE)
            .positions(Positions.STANDARD)
            .build();
    double gain = SHARPNESS * Math.sqrt(e);
    ReferenceTransformer model = ReferenceTransformer.of(config, TestModels.weights(config, 1));
    for (int layer = 0; layer < 2; layer++) {
      for (String bias : List.of("b_Q", "b_K", "b_V")) {
        model = model.with("blocks." + layer + ".attn." + bias, new double[e]);
      }
      model = model.with("blocks." + layer + ".attn.b_O", new double[d]);
    }
    return model
        .with("embed.W_E", ones(v, d, 0, 0, v, 1))
        .with("pos_embed.W_pos", ones(n, d, 0, 2 * v, n, 1))
        .with("unembed.W_U", ones(d, v, 0, 0, v, 3))
        .with("unembed.b_U", new double[v])
        // position i + 1 asks for position i
        .with("blocks.0.attn.W_Q", ones(d, e, 2 * v + 1, 0, n - 1, gain))
        .with("blocks.0.attn.W_K", ones(d, e, 2 * v, 0, n, 1))
        .with("blocks.0.attn.W_V", ones(d, e, 0, 0, v, 1))
        .with("blocks.0.attn.W_O", ones(e, d, 0, v, v, 1))
        // a token asks for what it was the previous token of
        .with("blocks.1.attn.W_Q", ones(d, e, 0, 0, v, gain))
        .with("blocks.1.attn.W_K", ones(d, e, v, 0, v, 1))
        .with("blocks.1.attn.W_V", ones(d, e, 0, 0, v, 1))
        .with("blocks.1.attn.W_O", ones(e, d, 0, 0, v, 1));
  }

  /** The positions after earlier occurrences of each token. */
  int[][] targets(int[] tokens) {
    int[][] targets = new int[tokens.length][];
    for (int dest = 0; dest < tokens.length; dest++) {
      List<Integer> after = new ArrayList<>();
      for (int src = 1; src <= dest; src++) {
        if (tokens[src - 1] == tokens[dest]) {
          after.add(src);
        }
      }
      targets[dest] = after.stream().mapToInt(i -> i).toArray();
    }
    return targets;
  }

  /** x on a diagonal of so many entries from (row, column) on. */
  private static double[] ones(int rows, int columns, int row, int column, int length, double x) {
    double[] m = new double[rows * columns];
    for (int i = 0; i < length; i++) {
      m[(row + i) * columns + column + i] = x;
    }
    return m;
  }
}
