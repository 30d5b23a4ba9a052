package dev.circuitscope.circuits.ngrams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.TransformerConfigBuilder;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.reference.DoubleTensor;
import dev.circuitscope.core.reference.Intervention;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** The tables against what a model in float64 does when it runs. */
class TrigramCircuitTest {

  private static final int HEAD = 2;
  private static final int FIRST = 4;

  static Stream<TransformerConfig> models() {
    return Stream.concat(
        Arrays.stream(Normalization.values()).map(n -> builder().normalization(n).build()),
        Stream.of(
            builder().keyValueHeads(2).smearedKeys(true).build(),
            builder().tiedUnembedding(true).attentionScale(false).build()));
  }

  private static TransformerConfigBuilder builder() {
    return TransformerConfig.attentionOnly(1)
        .heads(4)
        .dModel(6)
        .dHead(5)
        .vocab(11)
        .context(9)
        .eps(1e-2)
        .positions(Positions.NONE);
  }

  private static Transformer model(TransformerConfig config) {
    return Transformer.of(config, TestModels.weights(config, 8L));
  }

  private static ReferenceTransformer reference(Transformer model) {
    return ReferenceTransformer.of(model.config(), model.weights());
  }

  @ParameterizedTest
  @MethodSource("models")
  void preferencesAreDifferencesOfScoresInARun(TransformerConfig config) {
    Transformer model = model(config);
    TrigramCircuit circuit = TrigramCircuit.of(model, new Head(0, HEAD));
    for (int dest = 0; dest < 11; dest++) {
      for (int src = 1; src < 11; src++) {
        int[][] tokens = {{FIRST, src, dest}, {FIRST, 0, dest}};
        DoubleTensor scores = reference(model).run(tokens).get(HookPoint.attnScores(0));
        assertThat(circuit.preference(dest, src) - circuit.preference(dest, 0))
            .isCloseTo(scores.at(0, HEAD, 2, 1) - scores.at(1, HEAD, 2, 1), within(1e-10));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void effectsAreWhatAttendingToAnotherSourceChangesInTheLogits(TransformerConfig config) {
    Transformer model = model(config);
    TrigramCircuit circuit = TrigramCircuit.of(model, new Head(0, HEAD));
    Intervention attendsToTheSource =
        (at, x) -> {
          if (at.equals(HookPoint.pattern(0))) {
            double[] pattern = x.clone();
            int size = 2 * 2;
            for (int b = 0; b < 2; b++) {
              int lastRow = (b * 4 + HEAD) * size + 2;
              pattern[lastRow] = 1;
              pattern[lastRow + 1] = 0;
              for (int h = 0; h < 4; h++) {
                if (h != HEAD) {
                  Arrays.fill(pattern, (b * 4 + h) * size, (b * 4 + h + 1) * size, 0);
                }
              }
            }
            return pattern;
          }
          return at.equals(HookPoint.LN_FINAL_SCALE) ? filled(x.length) : x;
        };
    for (int src = 1; src < 11; src++) {
      int[][] tokens = {{src, 7}, {0, 7}};
      DoubleTensor logits = reference(model).run(tokens, attendsToTheSource).logits();
      double mean = 0;
      for (int out = 0; out < 11; out++) {
        mean += (logits.at(0, 1, out) - logits.at(1, 1, out)) / 11;
      }
      for (int out = 0; out < 11; out++) {
        assertThat(circuit.effect(src, out) - circuit.effect(0, out))
            .isCloseTo(logits.at(0, 1, out) - logits.at(1, 1, out) - mean, within(1e-10));
      }
    }
  }

  private static double[] filled(int length) {
    double[] ones = new double[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void standardPositionsCountInTheScaleAlone() {
    TransformerConfig config = TestModels.config(1, Normalization.LN, Positions.STANDARD);
    Transformer with = model(config);
    TransformerConfig without = config.toBuilder().positions(Positions.NONE).build();
    ReferenceTransformer run = reference(with);
    // rms over positions of ln1's scale for each token, by running the model
    double[] ratio = new double[11];
    for (int token = 0; token < 11; token++) {
      int[] sequence = new int[config.nCtx()];
      Arrays.fill(sequence, token);
      DoubleTensor scale =
          run.run(new int[][] {sequence}).get(HookPoint.parse("blocks.0.ln1.hook_scale"));
      double squares = Arrays.stream(scale.values()).map(s -> s * s).average().orElseThrow();
      var weights = with.weights().toMap();
      weights.remove("pos_embed.W_pos");
      DoubleTensor alone =
          ReferenceTransformer.of(without, weights)
              .run(new int[][] {{token}})
              .get(HookPoint.parse("blocks.0.ln1.hook_scale"));
      ratio[token] = alone.values()[0] / Math.sqrt(squares);
    }
    var weights = with.weights().toMap();
    weights.remove("pos_embed.W_pos");
    Transformer bare = Transformer.of(without, Weights.of(without, weights));
    TrigramCircuit a = TrigramCircuit.of(with, new Head(0, 1));
    TrigramCircuit b = TrigramCircuit.of(bare, new Head(0, 1));
    for (int src = 0; src < 11; src++) {
      for (int out = 0; out < 11; out++) {
        assertThat(a.effect(src, out)).isCloseTo(b.effect(src, out) * ratio[src], within(1e-6));
      }
    }
  }

  @Test
  void modelsThatPredictAnotherVocabularyHaveTheirOuts() {
    TransformerConfig config =
        TransformerConfig.attentionOnly(1)
            .heads(1)
            .dModel(4)
            .vocab(6)
            .vocabOut(3)
            .context(5)
            .build();
    TrigramCircuit circuit = TrigramCircuit.of(model(config), new Head(0, 0));
    assertThat(circuit.tokens()).isEqualTo(6);
    assertThat(circuit.outTokens()).isEqualTo(3);
    assertThat(
            SkipTrigramSearch.of(model(config))
                .filter(TrigramFilter.any().copying())
                .strongest(50)
                .triples())
        .isNotEmpty()
        .allMatch(t -> t.source() < 3 && t.source() == t.out());
  }

  @Test
  void weightsThatWriteNothingMakeNoSkipTrigrams() {
    TransformerConfig config = TestModels.config(1, Normalization.LN, Positions.NONE);
    Transformer model = model(config);
    Transformer silent =
        Transformer.of(
            config, model.weights().with("blocks.0.attn.W_O", Nd4j.zeros(DataType.FLOAT, 3, 5, 6)));
    assertThat(SkipTrigrams.of(silent, 10).triples()).isEmpty();
  }

  @Test
  void headsThatDoNotExistAreRefused() {
    Transformer model = model(TestModels.config(1, Normalization.LN, Positions.NONE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrigramCircuit.of(model, new Head(1, 0)))
        .withMessageContaining("L1H0");
  }
}
