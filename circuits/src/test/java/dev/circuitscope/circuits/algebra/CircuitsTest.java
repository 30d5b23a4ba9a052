package dev.circuitscope.circuits.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Processing;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.processing.WeightProcessing;
import dev.circuitscope.core.reference.DoubleTensor;
import dev.circuitscope.core.reference.ReferenceRun;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CircuitsTest {

  private static Transformer model(Normalization normalization, Positions positions) {
    TransformerConfig config = TestModels.config(2, normalization, positions);
    return Transformer.of(config, TestModels.weights(config, 6L));
  }

  /** Those whose residual stream starts with tokens alone. */
  static Stream<TransformerConfig> withoutPositionsInTheStream() {
    return Stream.concat(TestModels.family(), TestModels.everyKind())
        .filter(c -> c.nLayers() > 0 && c.positions() != Positions.STANDARD);
  }

  /**
   * What head h of the first layer adds to the logits at d, with the scales of both normalisations
   * held fixed: (sum over s of A_ds / scale_s fullOv[t_s] + fullOvBias) / final scale_d.
   */
  @ParameterizedTest
  @MethodSource("withoutPositionsInTheStream")
  void fullOvCircuitsRebuildWhatAHeadAddsToTheLogits(TransformerConfig config) {
    Transformer model = Transformer.of(config, TestModels.weights(config, 4L));
    int[][] tokens = TestModels.tokens(config, 2, 6, 5L);
    ReferenceTransformer reference = ReferenceTransformer.of(config, model.weights());
    ReferenceRun run = reference.run(tokens);
    DoubleTensor pattern = run.get(HookPoint.pattern(0));
    Circuits circuits = Circuits.of(model);
    for (int h = 0; h < config.nHeads(); h++) {
      FactoredMatrix ov = circuits.fullOv(new Head(0, h));
      double[] bias = circuits.fullOvBias(new Head(0, h));
      for (int d = 0; d < 6; d++) {
        double[] expected = logits(model, run, 1, d, h);
        for (int v = 0; v < config.dVocabOut(); v++) {
          double sum = bias[v];
          for (int s = 0; s < 6; s++) {
            sum +=
                pattern.at(1, h, d, s)
                    / scale(run, new HookPoint(Site.LN1_SCALE, 0), 1, s)
                    * ov.entry(tokens[1][s], v);
          }
          sum /= scale(run, HookPoint.LN_FINAL_SCALE, 1, d);
          assertThat(sum)
              .as("head %d at %d, logit %d", h, d, v)
              .isCloseTo(expected[v], within(1e-10));
        }
      }
    }
  }

  /** The head's output, normalised as the paper writes it with the run's scale, times W_U. */
  private static double[] logits(Transformer model, ReferenceRun run, int b, int d, int h) {
    DoubleTensor result = run.get(HookPoint.result(0));
    Normalization kind = model.config().normalization();
    int width = model.config().dModel();
    double[] x = new double[width];
    double mean = 0;
    for (int i = 0; i < width; i++) {
      x[i] = result.at(b, d, h, i);
      mean += x[i] / width;
    }
    float[] w =
        kind == Normalization.LN || kind == Normalization.RMS
            ? model.weights().elements("ln_final.w")
            : null;
    boolean centres = kind == Normalization.LN || kind == Normalization.LN_PRE;
    INDArray wU = model.weights().get("unembed.W_U");
    double[] logits = new double[model.config().dVocabOut()];
    for (int i = 0; i < width; i++) {
      double n = (x[i] - (centres ? mean : 0)) * (w == null ? 1 : w[i]);
      n /= scale(run, HookPoint.LN_FINAL_SCALE, b, d);
      for (int v = 0; v < logits.length; v++) {
        logits[v] += n * wU.getDouble(i, v);
      }
    }
    return logits;
  }

  private static double scale(ReferenceRun run, HookPoint point, int b, int t) {
    DoubleTensor all = run.activations().get(point);
    return all == null ? 1 : all.at(b, t, 0);
  }

  @ParameterizedTest
  @EnumSource(Normalization.class)
  void areThoseOfTheFoldedModelButForItsRounding(Normalization normalization) {
    Transformer model = model(normalization, Positions.STANDARD);
    Transformer folded = WeightProcessing.foldValueBiases(WeightProcessing.foldLayerNorm(model));
    Circuits circuits = Circuits.of(model);
    Circuits expected = Circuits.of(folded);
    for (Head head : circuits.heads()) {
      TensorAssert.assertThat(circuits.fullOv(head).product())
          .isCloseTo(expected.fullOv(head).product(), Tolerance.absolute(1e-5));
      TensorAssert.assertThat(circuits.fullQk(head).product())
          .isCloseTo(expected.fullQk(head).product(), Tolerance.absolute(1e-5));
      TensorAssert.assertThat(circuits.head(head).biases().query())
          .isCloseTo(expected.head(head).biases().query(), Tolerance.absolute(1e-6));
    }
    assertThat(expected.head(new Head(1, 0)).outputBias()).containsOnly(0);
  }

  @Test
  void sayWhatWasDoneToTheWeights() {
    assertThat(Circuits.of(model(Normalization.LN, Positions.STANDARD)).processing())
        .containsExactly(Processing.FOLD_LAYER_NORM, Processing.FOLD_VALUE_BIASES);
    assertThat(Circuits.of(model(Normalization.NONE, Positions.STANDARD)).processing())
        .containsExactly(Processing.FOLD_VALUE_BIASES);
    Transformer model = model(Normalization.LN, Positions.STANDARD);
    assertThat(Circuits.asStored(model).processing()).isEmpty();
    assertThat(Circuits.asStored(WeightProcessing.centerUnembedding(model)).processing())
        .isEqualTo(Set.of(Processing.CENTER_UNEMBEDDING));
  }

  @Test
  void asStoredAreTheProductsOfTheWeights() {
    Transformer model = model(Normalization.LN, Positions.STANDARD);
    HeadCircuit head = Circuits.asStored(model).head(new Head(1, 2));
    INDArray wQ = model.weights().get("blocks.1.attn.W_Q").slice(2).castTo(DataType.DOUBLE);
    INDArray wK = model.weights().get("blocks.1.attn.W_K").slice(2).castTo(DataType.DOUBLE);
    TensorAssert.assertThat(head.qk().product())
        .isCloseTo(Matrices.of(Matrices.product(wQ, wK.transpose())), Tolerance.DOUBLES);
    TensorAssert.assertThat(head.biases().value())
        .isCloseTo(
            model.weights().get("blocks.1.attn.b_V").slice(2).castTo(DataType.DOUBLE),
            Tolerance.EXACT);
  }

  /** Small-side eigenvalues are the dense circuit's that are not 0. */
  @ParameterizedTest
  @EnumSource(Normalization.class)
  void eigenvaluesAreThoseOfTheDenseCircuits(Normalization normalization) {
    Circuits circuits = Circuits.of(model(normalization, Positions.SHORTFORMER));
    for (Head head : circuits.heads()) {
      assertSame(circuits.ovEigenvalues(head), circuits.fullOv(head).product());
      assertSame(circuits.qkEigenvalues(head), circuits.fullQk(head).product());
    }
  }

  private static void assertSame(Eigenvalues actual, INDArray dense) {
    Eigenvalues expected =
        new FactoredMatrix(dense, Nd4j.eye(dense.size(0)).castTo(DataType.DOUBLE)).eigenvalues();
    for (int i = 0; i < actual.size(); i++) {
      double nearest = Double.POSITIVE_INFINITY;
      for (int j = 0; j < expected.size(); j++) {
        nearest =
            Math.min(
                nearest,
                Math.hypot(
                    actual.real()[i] - expected.real()[j],
                    actual.imaginary()[i] - expected.imaginary()[j]));
      }
      assertThat(nearest).as("lambda_%d of %s", i, expected).isLessThan(1e-8);
    }
    for (int i = actual.size(); i < expected.size(); i++) {
      assertThat(expected.magnitude(i)).isLessThan(1e-6);
    }
  }

  /** Large enough that products with W_E and W_U go through several slices and parts. */
  @Test
  void haveTheSameBitsWhateverTheNumberOfThreads() {
    TransformerConfig config =
        TransformerConfig.attentionOnly(1).heads(2).dModel(128).vocab(20_011).context(4).build();
    Transformer model = Transformer.create(config, 3L);
    Head head = new Head(0, 1);
    Eigenvalues expected = Circuits.of(model).ovEigenvalues(head);
    INDArray full = Circuits.of(model).fullOv(head).a();
    assertThat(expected.positivity())
        .isCloseTo(Circuits.of(model).fullOv(head).eigenvalues().positivity(), within(1e-8));
    int before = Parallel.threads();
    try {
      for (int threads : new int[] {1, 3}) {
        Parallel.setThreads(threads);
        assertThat(Circuits.of(model).ovEigenvalues(head)).isEqualTo(expected);
        TensorAssert.assertThat(Circuits.of(model).fullOv(head).a())
            .isCloseTo(full, Tolerance.EXACT);
      }
    } finally {
      Parallel.setThreads(before);
    }
  }

  @Test
  void aModelOfOtherPredictionsHasNoEigenvaluesOfOv() {
    TransformerConfig config =
        TransformerConfig.attentionOnly(1).heads(1).dModel(4).vocab(5).vocabOut(3).build();
    Circuits circuits = Circuits.of(Transformer.create(config, 1L));
    Head head = new Head(0, 0);
    assertThatThrownBy(() -> circuits.ovEigenvalues(head))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reads 5 tokens and predicts 3");
    assertThat(circuits.fullOv(head).columns()).isEqualTo(3);
    assertThat(circuits.fullOvBias(head)).hasSize(3);
    assertThat(circuits.qkEigenvalues(head).size()).isEqualTo(4);
  }

  @Test
  void aModelWithoutLayersHasNoHeads() {
    TransformerConfig config = TestModels.config(0, Normalization.LN, Positions.STANDARD);
    Circuits circuits = Circuits.of(Transformer.of(config, TestModels.weights(config, 1L)));
    assertThat(circuits.heads()).isEmpty();
    assertThat(Composition.K.scores(circuits)).isEmpty();
  }
}
