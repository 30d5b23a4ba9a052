package dev.circuitscope.core.reference;

import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.MlpShape;
import dev.circuitscope.core.model.TransformerConfig;

/**
 * The dimensions of one forward pass.
 *
 * @param b examples
 * @param t positions
 * @param config the model
 */
record Sizes(int b, int t, TransformerConfig config) {

  static Sizes of(TransformerConfig c, int[][] tokens) {
    if (tokens.length == 0) {
      throw new IllegalArgumentException("the batch is empty; give at least one sequence");
    }
    int t = tokens[0].length;
    if (t < 1 || t > c.nCtx()) {
      throw new IllegalArgumentException(
          "a sequence has 1 to n_ctx = " + c.nCtx() + " tokens, got " + t);
    }
    for (int b = 0; b < tokens.length; b++) {
      if (tokens[b].length != t) {
        throw new IllegalArgumentException(
            "all sequences of a batch are equally long; the first has "
                + t
                + " tokens, number "
                + b
                + " has "
                + tokens[b].length);
      }
      for (int p = 0; p < t; p++) {
        if (tokens[b][p] < 0 || tokens[b][p] >= c.dVocab()) {
          throw new IllegalArgumentException(
              "token "
                  + tokens[b][p]
                  + " at ["
                  + b
                  + ", "
                  + p
                  + "] is not in the vocabulary of "
                  + c.dVocab());
        }
      }
    }
    return new Sizes(tokens.length, t, c);
  }

  /** Examples times positions. */
  int rows() {
    return b * t;
  }

  /** d_model. */
  int d() {
    return config.dModel();
  }

  /** Heads. */
  int h() {
    return config.nHeads();
  }

  /** Heads with keys and values of their own. */
  int g() {
    return config.attention().keyValueHeads();
  }

  /** d_head. */
  int e() {
    return config.dHead();
  }

  /** d_mlp; 0 without MLPs. */
  int m() {
    return config.mlp().map(MlpShape::dMlp).orElse(0);
  }

  /** d_vocab_out. */
  int v() {
    return config.dVocabOut();
  }

  int[] shape(Site site) {
    return site.axes().stream()
        .mapToInt(
            axis ->
                switch (axis) {
                  case "batch" -> b;
                  case "pos", "dest", "src" -> t;
                  case "head" -> h();
                  case "kv_head" -> g();
                  case "d_model" -> d();
                  case "d_head" -> e();
                  case "d_mlp" -> m();
                  case "1" -> 1;
                  default -> throw new IllegalStateException("no size for axis " + axis);
                })
        .toArray();
  }
}
