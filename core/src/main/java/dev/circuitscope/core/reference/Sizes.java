package dev.circuitscope.core.reference;

import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.TransformerConfig;

/**
 * The dimensions of one forward pass.
 *
 * @param b examples
 * @param t positions
 * @param d d_model
 * @param h heads
 * @param e d_head
 * @param v vocabulary
 */
record Sizes(int b, int t, int d, int h, int e, int v) {

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
    return new Sizes(tokens.length, t, c.dModel(), c.nHeads(), c.dHead(), c.dVocab());
  }

  int[] shape(Site site) {
    return site.axes().stream()
        .mapToInt(
            axis ->
                switch (axis) {
                  case "batch" -> b;
                  case "pos", "dest", "src" -> t;
                  case "head", "kv_head" -> h;
                  case "d_model" -> d;
                  case "d_head" -> e;
                  case "1" -> 1;
                  default -> throw new IllegalStateException("no size for axis " + axis);
                })
        .toArray();
  }
}
