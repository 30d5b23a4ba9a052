package dev.circuitscope.circuits.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The first MLP writes which token comes next in a circle; the third raises the logit of a token if
 * that and the current one fit together. The second MLP and all heads are noise.
 */
@DisplayName("Pruning a model whose MLPs were written by hand")
class HandBuiltMlpTest {

  private static final int TOKENS = 8;
  private static final List<Edge> EDGES =
      List.of(
          new Edge(Sender.tokens(), Receiver.mlp(0)),
          new Edge(Sender.tokens(), Receiver.mlp(2)),
          new Edge(Sender.mlp(0), Receiver.mlp(2)),
          new Edge(Sender.mlp(2), Receiver.logits()));

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("finds every edge and no other, with attention before and beside the MLPs")
  void exact(boolean parallel) {
    Transformer model = model(parallel);
    int[][] tokens = tokens(1L);
    for (EdgeReference reference :
        List.of(EdgeReference.zero(), EdgeReference.corrupted(tokens(2L)))) {
      PrunedCircuit pruned = EdgePruning.of(model, tokens, reference, 0.02).prune();
      assertThat(pruned.agreement(EDGES).exact()).as("%s", pruned).isTrue();
    }
  }

  @Test
  @DisplayName("predicts the next token of the circle")
  void rule() {
    int[][] tokens = tokens(1L);
    var logits = model(false).run(tokens);
    for (int t = 0; t < tokens[0].length; t++) {
      int next = (tokens[0][t] + 1) % TOKENS;
      assertThat(logits.getDouble(0, t, next) - logits.getDouble(0, t, tokens[0][t]))
          .isGreaterThan(10);
    }
  }

  private static int[][] tokens(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] tokens = new int[8][6];
    for (int[] row : tokens) {
      for (int t = 0; t < row.length; t++) {
        row[t] = random.nextInt(TOKENS);
      }
    }
    return tokens;
  }

  private static Transformer model(boolean parallel) {
    TransformerConfig config =
        TransformerConfig.withMlps(3)
            .heads(2)
            .dModel(3 * TOKENS)
            .dMlp(TOKENS)
            .vocab(TOKENS)
            .context(6)
            .activation(Activation.RELU)
            .positions(Positions.NONE)
            .normalization(Normalization.NONE)
            .parallelMlp(parallel)
            .build();
    SplittableRandom random = new SplittableRandom(11L);
    return Transformer.of(
        config,
        Weights.of(
            config,
            p -> {
              float[] w = new float[p.length()];
              if (p.name().contains("attn.W_") || p.name().startsWith("blocks.1.mlp.W")) {
                for (int i = 0; i < w.length; i++) {
                  w[i] = (float) (0.02 * random.nextGaussian());
                }
              }
              for (int i = 0; i < TOKENS; i++) {
                int next = (i + 1) % TOKENS;
                switch (p.name()) {
                  case "embed.W_E" -> w[i * 3 * TOKENS + i] = 1;
                  case "blocks.0.mlp.W_in" -> w[i * TOKENS + i] = 1;
                  case "blocks.0.mlp.W_out" -> w[i * 3 * TOKENS + TOKENS + next] = 1;
                  // 1 for token i before next
                  case "blocks.2.mlp.W_in" -> {
                    w[i * TOKENS + i] = 1;
                    w[(TOKENS + next) * TOKENS + i] = 1;
                  }
                  case "blocks.2.mlp.b_in" -> w[i] = -1;
                  case "blocks.2.mlp.W_out" -> w[i * 3 * TOKENS + 2 * TOKENS + next] = 1;
                  case "unembed.W_U" -> w[(2 * TOKENS + i) * TOKENS + i] = 15;
                  default -> {}
                }
              }
              return w;
            }));
  }
}
