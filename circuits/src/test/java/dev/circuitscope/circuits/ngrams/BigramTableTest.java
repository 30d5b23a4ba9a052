package dev.circuitscope.circuits.ngrams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.DoubleTensor;
import dev.circuitscope.core.reference.Intervention;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import dev.circuitscope.core.text.BatchSource;
import dev.circuitscope.core.text.BigramCounts;
import dev.circuitscope.core.text.BigramModel;
import dev.circuitscope.core.text.CharTokenizer;
import dev.circuitscope.core.text.MarkovBatches;
import dev.circuitscope.core.text.MarkovChain;
import dev.circuitscope.core.train.AdamWConfig;
import dev.circuitscope.core.train.ProgressDisplay;
import dev.circuitscope.core.train.Schedule;
import dev.circuitscope.core.train.Trainer;
import dev.circuitscope.core.train.TrainingConfig;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BigramTableTest {

  private static final int[] ALL = IntStream.range(0, 11).toArray();

  private static Transformer model(int layers, Normalization norm, Positions positions) {
    TransformerConfig config = TestModels.config(layers, norm, positions);
    return Transformer.of(config, TestModels.weights(config, 4L));
  }

  private static ReferenceTransformer reference(Transformer model) {
    return ReferenceTransformer.of(model.config(), model.weights());
  }

  private static int[][] random(int sequences, int length, int vocabSize) {
    SplittableRandom random = new SplittableRandom(6);
    int[][] tokens = new int[sequences][length];
    for (int[] row : tokens) {
      Arrays.setAll(row, i -> random.nextInt(vocabSize));
    }
    return tokens;
  }

  @Nested
  class Without_layers {

    static Stream<Normalization> norms() {
      return Arrays.stream(Normalization.values());
    }

    @ParameterizedTest
    @MethodSource("norms")
    void the_table_is_the_model(Normalization norm) {
      for (Positions positions : List.of(Positions.NONE, Positions.SINUSOIDAL_SHORTFORMER)) {
        Transformer model = model(0, norm, positions);
        BigramTable table = BigramTable.of(model);
        assertThat(table.exact()).isTrue();
        DoubleTensor logits = reference(model).run(new int[][] {{3, 9, 0, 3}}).logits();
        for (int pos = 0; pos < 4; pos++) {
          double[] row = table.logits(new int[] {3, 9, 0, 3}[pos]);
          for (int out = 0; out < 11; out++) {
            assertThat(row[out]).isCloseTo(logits.at(0, pos, out), within(1e-12));
          }
        }
      }
    }

    @Test
    void the_table_at_a_position_is_the_model_there() {
      Transformer model = model(0, Normalization.LN, Positions.STANDARD);
      assertThat(BigramTable.of(model).exact()).isFalse();
      DoubleTensor logits = reference(model).run(new int[][] {{3, 9, 0, 3}}).logits();
      for (int pos = 0; pos < 4; pos++) {
        BigramTable table = BigramTable.at(model, pos);
        assertThat(table.exact()).isTrue();
        double[] row = table.logits(new int[] {3, 9, 0, 3}[pos]);
        for (int out = 0; out < 11; out++) {
          assertThat(row[out]).isCloseTo(logits.at(0, pos, out), within(1e-12));
        }
      }
    }

    @Test
    void the_average_over_positions_is_exact_where_nothing_normalises() {
      Transformer model = model(0, Normalization.NONE, Positions.STANDARD);
      double[] mean = new double[11];
      for (int pos = 0; pos < 9; pos++) {
        double[] row = BigramTable.at(model, pos).logits(5);
        for (int out = 0; out < 11; out++) {
          mean[out] += row[out] / 9;
        }
      }
      assertThat(BigramTable.of(model).logits(5)).containsExactly(mean, within(1e-12));
    }

    @Test
    void the_tables_loss_is_the_models() {
      Transformer model = model(0, Normalization.LN, Positions.NONE);
      int[][] tokens = random(20, 9, 11);
      double loss = BigramTable.of(model).crossEntropy(BigramCounts.ofSequences(tokens, 11));
      assertThat(loss).isCloseTo(reference(model).loss(tokens), within(1e-12));
    }
  }

  @Nested
  class With_layers {

    @Test
    void the_table_is_the_model_when_nothing_is_attended_to_and_biases_are_left_out() {
      Transformer model = model(2, Normalization.LN, Positions.NONE);
      BigramTable table = BigramTable.of(model);
      assertThat(table.exact()).isFalse();
      Intervention noAttention =
          (at, x) ->
              at.equals(HookPoint.attnOut(0)) || at.equals(HookPoint.attnOut(1))
                  ? new double[x.length]
                  : x;
      DoubleTensor logits = reference(model).run(new int[][] {ALL_BUT_TWO}, noAttention).logits();
      for (int token = 0; token < 9; token++) {
        double[] row = table.logits(token);
        for (int out = 0; out < 11; out++) {
          assertThat(row[out]).isCloseTo(logits.at(0, token, out), within(1e-12));
        }
      }
    }

    private static final int[] ALL_BUT_TWO = IntStream.range(0, 9).toArray();
  }

  @Nested
  class Rows {

    private final BigramTable table = BigramTable.of(model(0, Normalization.RMS, Positions.NONE));

    @Test
    void have_probabilities_that_sum_to_one_and_rank_the_continuations() {
      double[][] logs = table.logProbabilities(ALL);
      for (int token : ALL) {
        double[] p = Arrays.stream(logs[token]).map(Math::exp).toArray();
        assertThat(Arrays.stream(p).sum()).isCloseTo(1, within(1e-12));
        List<TokenValue> top = table.continuations(token, 3);
        assertThat(top.get(0).value())
            .isCloseTo(Arrays.stream(p).max().orElseThrow(), within(1e-12));
        assertThat(top.get(1).value()).isCloseTo(p[top.get(1).token()], within(1e-12));
        assertThat(top).hasSize(3);
      }
    }

    @Test
    void are_refused_outside_the_vocabulary_and_the_context() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> table.logits(11))
          .withMessageContaining("0 to 10");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> BigramTable.at(model(0, Normalization.LN, Positions.STANDARD), 9))
          .withMessageContaining("context of 9");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> table.crossEntropy(BigramCounts.ofSequences(new int[][] {{0, 1}}, 12)));
      assertThat(table.logits(new int[0])).isEmpty();
    }

    @Test
    void are_the_same_with_a_tied_unembedding() {
      TransformerConfig tied =
          TestModels.config(0, Normalization.LN, Positions.NONE).toBuilder()
              .tiedUnembedding(true)
              .build();
      Transformer model = Transformer.of(tied, TestModels.weights(tied, 4L));
      DoubleTensor logits = reference(model).run(new int[][] {{7}}).logits();
      assertThat(BigramTable.of(model).logits(7)).containsExactly(logits.values(), within(1e-12));
    }
  }

  @Nested
  class Compared_with_text {

    @Test
    void divergence_is_the_mean_over_tokens_by_frequency() {
      Transformer model = model(0, Normalization.LN, Positions.NONE);
      BigramModel text = BigramModel.of(BigramCounts.ofSequences(random(30, 9, 11), 11), 2);
      int[][] heldOut = random(10, 8, 11);
      BigramComparison c = BigramComparison.of(model, text, heldOut);
      BigramTable table = BigramTable.of(model);
      double expected = 0;
      for (int a : ALL) {
        double[] logQ = table.logProbabilities(new int[] {a})[0];
        for (int b : ALL) {
          double p = text.probability(a, b);
          double share = (double) text.counts().count(a) / text.counts().total();
          expected += share * p * (Math.log(p) - logQ[b]);
        }
      }
      assertThat(c.divergence()).isCloseTo(expected, within(1e-12));
      assertThat(c.coverage()).isCloseTo(1, within(1e-12));
      assertThat(c.modelLoss()).isCloseTo(reference(model).loss(heldOut), within(1e-5));
      BigramCounts pairs = BigramCounts.ofSequences(heldOut, 11);
      assertThat(c.bigramLoss()).isEqualTo(text.crossEntropy(pairs));
      assertThat(c.heldOutEntropy()).isEqualTo(pairs.entropy());
      assertThat(c.rows()).extracting(BigramComparison.Row::token).doesNotHaveDuplicates();
    }

    @Test
    void only_the_most_frequent_tokens_can_be_compared() {
      Transformer model = model(1, Normalization.LN, Positions.STANDARD);
      BigramModel text = BigramModel.of(BigramCounts.ofSequences(random(30, 9, 11), 11));
      BigramComparison c = BigramComparison.of(model, text, random(4, 8, 11), 3);
      assertThat(c.rows()).hasSize(3);
      assertThat(c.coverage()).isBetween(3.0 / 11, 0.6);
      CharTokenizer tokenizer = CharTokenizer.ofAlphabet("abcdefghi");
      String print = c.named(tokenizer).toString();
      assertThat(print).contains("direct path of 1 layers").contains("mean of 9 positions");
      assertThat(print).contains(TokenNames.of(tokenizer).name(c.rows().get(0).token()));
      JsonObject json = c.toJson();
      assertThat(json.get("divergence").getAsDouble()).isEqualTo(c.divergence());
      assertThat(json.getAsJsonArray("tokens")).hasSize(3);
    }

    @Test
    void needs_text() {
      Transformer model = model(0, Normalization.LN, Positions.NONE);
      BigramModel none = BigramModel.of(BigramCounts.ofSequences(new int[0][], 11));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> BigramComparison.of(model, none, random(2, 4, 11)))
          .withMessageContaining("at least 1");
    }
  }

  @Nested
  class Trained_on_a_markov_chain {

    @Test
    void a_model_without_layers_comes_within_a_fiftieth_of_a_nat_of_the_entropy() {
      MarkovChain chain = MarkovChain.random(32, 0.3, 3L);
      BatchSource batches = MarkovBatches.of(chain, 32, 64, 1L);
      TransformerConfig config =
          TransformerConfig.attentionOnly(0)
              .heads(1)
              .dModel(48)
              .vocab(32)
              .context(64)
              .normalization(Normalization.NONE)
              .positions(Positions.NONE)
              .build();
      Transformer model =
          Trainer.of(
                  config,
                  batches,
                  TrainingConfig.steps(600)
                      .optimizer(AdamWConfig.of(2e-2))
                      .schedule(Schedule.cosine(0.02))
                      .progress(ProgressDisplay.OFF)
                      .build())
              .train()
              .model();
      double expected = 0;
      double[][] logs = BigramTable.of(model).logProbabilities(IntStream.range(0, 32).toArray());
      for (int a = 0; a < 32; a++) {
        for (int b = 0; b < 32; b++) {
          expected -= chain.stationary()[a] * chain.transitions(a)[b] * logs[a][b];
        }
      }
      // The expected loss on fresh text, exactly: no sample of it.
      assertThat(expected).isBetween(chain.entropyRate(), chain.entropyRate() + 0.02);

      int[][] training = MarkovBatches.of(chain, 400, 64, 1L).batch(0);
      BigramComparison c =
          BigramComparison.of(
              model,
              BigramModel.of(BigramCounts.ofSequences(training, 32)),
              MarkovBatches.of(chain, 200, 64, 9L).batch(0));
      assertThat(c.modelLoss()).isCloseTo(c.bigramLoss(), within(0.02));
      assertThat(c.divergence()).isLessThan(0.03);
    }
  }
}
