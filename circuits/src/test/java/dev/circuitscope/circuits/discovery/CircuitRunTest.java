package dev.circuitscope.circuits.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.EdgeGraph;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.circuits.patching.MeanOver;
import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.DoubleTensor;
import dev.circuitscope.core.reference.ReferenceRun;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

@DisplayName("A run of a circuit")
class CircuitRunTest {

  private static final int BATCH = 2;
  private static final int LENGTH = 5;

  static Stream<TransformerConfig> configurations() {
    TransformerConfig attention =
        TransformerConfig.attentionOnly(2)
            .heads(3)
            .dModel(6)
            .dHead(5)
            .vocab(11)
            .context(9)
            .normalization(Normalization.NONE)
            .build();
    TransformerConfig mlps =
        TransformerConfig.withMlps(2)
            .heads(2)
            .dModel(6)
            .dHead(4)
            .dMlp(7)
            .vocab(11)
            .context(9)
            .normalization(Normalization.LN)
            .build();
    return Stream.of(
        attention,
        attention.toBuilder().normalization(Normalization.LN).build(),
        attention.toBuilder().smearedKeys(true).build(),
        attention.toBuilder().positions(Positions.SHORTFORMER).build(),
        attention.toBuilder().positions(Positions.NONE).keyValueHeads(1).build(),
        mlps,
        mlps.toBuilder().normalization(Normalization.NONE).parallelMlp(true).build(),
        mlps.toBuilder().parallelMlp(true).build(),
        mlps.toBuilder().positions(Positions.SINUSOIDAL_SHORTFORMER).smearedKeys(true).build(),
        mlps.toBuilder().heads(4).keyValueHeads(2).build());
  }

  private static Transformer model(TransformerConfig config) {
    return Transformer.of(config, TestModels.weights(config, 5L));
  }

  private static int[][] tokens(TransformerConfig config, long seed) {
    return TestModels.tokens(config, BATCH, LENGTH, seed);
  }

  @ParameterizedTest
  @MethodSource("configurations")
  @DisplayName("agrees with float64 arithmetic, part by part, for any set of removed edges")
  void plainArithmetic(TransformerConfig config) {
    Transformer model = model(config);
    int[][] clean = tokens(config, 1L);
    int[][] corrupted = tokens(config, 2L);
    SplittableRandom random = new SplittableRandom(3L);
    EdgeReference byCorrupted = EdgeReference.corrupted(corrupted).shuffledPositions(4L);
    CircuitRun run = CircuitRun.of(model, clean, byCorrupted);
    CircuitRun zeros = CircuitRun.of(model, clean, EdgeReference.zero());
    CircuitRun means =
        CircuitRun.of(
            model, clean, EdgeReference.mean(corrupted, MeanOver.SEQUENCES_AND_POSITIONS));
    for (double share : new double[] {0.1, 0.5, 0.8, 0.95, 1}) {
      Circuit circuit = Circuit.of(config, some(config, 1 - share, random));
      compare(run.logits(circuit), model, circuit, clean, Written.of(model, corrupted, 4L));
      compare(zeros.logits(circuit), model, circuit, clean, null);
      compare(means.logits(circuit), model, circuit, clean, Written.means(model, corrupted));
    }
  }

  private static Set<Edge> some(TransformerConfig config, double share, SplittableRandom random) {
    Set<Edge> some = new HashSet<>();
    for (Edge edge : EdgeGraph.of(config).edges()) {
      if (random.nextDouble() < share) {
        some.add(edge);
      }
    }
    return some;
  }

  private static void compare(
      INDArray logits,
      Transformer model,
      Circuit circuit,
      int[][] clean,
      List<Map<Sender, double[][]>> reference) {
    List<Map<Sender, double[][]>> plain = Written.of(model, clean);
    for (int b = 0; b < BATCH; b++) {
      Map<Sender, double[][]> embedded = new HashMap<>(plain.get(b));
      embedded.keySet().removeIf(sender -> !(sender instanceof Sender.Embedding));
      Map<Sender, double[][]> other =
          reference == null ? Written.zeros(plain.get(b)) : reference.get(b);
      double[][] expected = PlainCircuit.logits(model, circuit.removed(), LENGTH, embedded, other);
      for (int t = 0; t < LENGTH; t++) {
        for (int v = 0; v < expected[t].length; v++) {
          assertThat(logits.getDouble(b, t, v))
              .as("%s at %d, %d, %d", circuit, b, t, v)
              .isCloseTo(expected[t][v], within(1e-5 * (1 + Math.abs(expected[t][v]))));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("configurations")
  @DisplayName("is the model itself, bit by bit, with all edges")
  void whole(TransformerConfig config) {
    Transformer model = model(config);
    int[][] clean = tokens(config, 1L);
    CircuitRun run = CircuitRun.of(model, clean, EdgeReference.zero());
    assertThat(FlatFloats.copy(run.logits(Circuit.whole(config))))
        .isEqualTo(FlatFloats.copy(model.run(clean)));
  }

  @ParameterizedTest
  @MethodSource("configurations")
  @DisplayName("is the run of the corrupted tokens without any edge, if positions are the same")
  void empty(TransformerConfig config) {
    Transformer model = model(config);
    int[][] corrupted = tokens(config, 2L);
    CircuitRun run =
        CircuitRun.of(
            model, tokens(config, 1L), EdgeReference.corrupted(corrupted).samePositions());
    float[] none = FlatFloats.copy(run.logits(Circuit.of(config, List.of())));
    float[] expected = FlatFloats.copy(model.run(corrupted));
    for (int i = 0; i < none.length; i++) {
      assertThat(none[i]).isCloseTo(expected[i], within(1e-5f));
    }
  }

  @ParameterizedTest
  @MethodSource("configurations")
  @DisplayName("does not depend on edges that lead nowhere")
  void trimmed(TransformerConfig config) {
    CircuitRun run = CircuitRun.of(model(config), tokens(config, 1L), EdgeReference.zero());
    Circuit circuit = Circuit.of(config, some(config, 0.2, new SplittableRandom(9L)));
    assertThat(circuit.edges()).containsAll(circuit.trimmed().edges());
    assertThat(FlatFloats.copy(run.logits(circuit.trimmed())))
        .isEqualTo(FlatFloats.copy(run.logits(circuit)));
  }

  @Test
  @DisplayName("of a model without layers has one edge, or two with positions")
  void noLayers() {
    TransformerConfig config = TestModels.config(0, Normalization.LN, Positions.STANDARD);
    Transformer model = model(config);
    int[][] one = {{3}};
    Circuit tokens = Circuit.of(config, List.of(new Edge(Sender.tokens(), Receiver.logits())));
    CircuitRun run = CircuitRun.of(model, one, EdgeReference.corrupted(new int[][] {{4}}));
    assertThat(Circuit.whole(config).edges()).hasSize(2);
    // the mean over one position is that position
    float[] logits = FlatFloats.copy(run.logits(tokens));
    float[] expected = FlatFloats.copy(model.run(one));
    for (int i = 0; i < logits.length; i++) {
      assertThat(logits[i]).isCloseTo(expected[i], within(1e-5f));
    }
  }

  @Nested
  @DisplayName("refuses")
  class Refuses {

    private final TransformerConfig config =
        TestModels.config(2, Normalization.NONE, Positions.STANDARD);
    private final Transformer model = model(config);

    @Test
    @DisplayName("corrupted tokens of another shape")
    void shapes() {
      assertThatThrownBy(
              () ->
                  CircuitRun.of(
                      model, tokens(config, 1L), EdgeReference.corrupted(new int[][] {{1, 2}})))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the corrupted tokens are [1, 2], those of the run [2, 5]");
    }

    @Test
    @DisplayName("means by position of sequences of another length, and means of nothing")
    void means() {
      EdgeReference shorter = EdgeReference.mean(new int[][] {{1, 2}}, MeanOver.SEQUENCES);
      assertThatThrownBy(() -> CircuitRun.of(model, tokens(config, 1L), shorter))
          .hasMessageContaining("over sequences of 2 tokens, the run's have 5");
      assertThatThrownBy(() -> EdgeReference.mean(new int[0][], MeanOver.SEQUENCES))
          .hasMessageContaining("at least one sequence");
    }

    @Test
    @DisplayName("edges that the model does not have, and circuits of other models")
    void edges() {
      assertThatThrownBy(
              () ->
                  Circuit.whole(config)
                      .without(List.of(new Edge(Sender.head(1, 0), Receiver.key(0, 1)))))
          .hasMessageContaining("no edge from L1H0 to L0H1.K: the sender writes after");
      assertThatThrownBy(
              () -> Circuit.of(config, List.of(new Edge(Sender.mlp(0), Receiver.logits()))))
          .hasMessageContaining("no MLP0");
      Circuit other = Circuit.whole(TestModels.config(1, Normalization.NONE, Positions.STANDARD));
      CircuitRun run = CircuitRun.of(model, tokens(config, 1L), EdgeReference.zero());
      assertThatThrownBy(() -> run.logits(other)).hasMessageContaining("another configuration");
    }
  }

  /** What senders write by the float64 reference, [pos][d_model] of each example. */
  static final class Written {

    private Written() {}

    static List<Map<Sender, double[][]>> of(Transformer model, int[][] tokens) {
      TransformerConfig config = model.config();
      ReferenceRun run = ReferenceTransformer.of(config, model.weights()).run(tokens);
      List<Map<Sender, double[][]>> all = new ArrayList<>();
      for (int b = 0; b < tokens.length; b++) {
        Map<Sender, double[][]> written = new HashMap<>();
        for (Sender sender : EdgeGraph.of(config).senders()) {
          DoubleTensor values = run.get(sender.point());
          int slots = sender instanceof Sender.OfHead ? config.nHeads() : 1;
          int slot = sender instanceof Sender.OfHead of ? of.head().head() : 0;
          double[][] rows = new double[tokens[b].length][config.dModel()];
          for (int t = 0; t < rows.length; t++) {
            int from = ((b * rows.length + t) * slots + slot) * config.dModel();
            System.arraycopy(values.values(), from, rows[t], 0, config.dModel());
          }
          written.put(sender, rows);
        }
        all.add(written);
      }
      return all;
    }

    /** With positions in the order of a seed's permutation. */
    static List<Map<Sender, double[][]>> of(Transformer model, int[][] tokens, long seed) {
      List<Map<Sender, double[][]>> all = of(model, tokens);
      int[] permutation = new int[LENGTH];
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < LENGTH; i++) {
        int j = random.nextInt(i + 1);
        permutation[i] = permutation[j];
        permutation[j] = i;
      }
      for (Map<Sender, double[][]> written : all) {
        written.computeIfPresent(
            Sender.positions(),
            (s, rows) -> {
              double[][] shuffled = new double[LENGTH][];
              for (int t = 0; t < LENGTH; t++) {
                shuffled[t] = rows[permutation[t]];
              }
              return shuffled;
            });
      }
      return all;
    }

    /** One mean for all examples and positions. */
    static List<Map<Sender, double[][]>> means(Transformer model, int[][] tokens) {
      List<Map<Sender, double[][]>> all = of(model, tokens);
      Map<Sender, double[][]> means = new HashMap<>();
      for (Sender sender : all.get(0).keySet()) {
        double[][] mean = new double[LENGTH][model.config().dModel()];
        for (Map<Sender, double[][]> written : all) {
          for (double[] row : written.get(sender)) {
            for (double[] to : mean) {
              for (int i = 0; i < row.length; i++) {
                to[i] += row[i] / (BATCH * LENGTH);
              }
            }
          }
        }
        means.put(sender, mean);
      }
      return List.of(means, means);
    }

    static Map<Sender, double[][]> zeros(Map<Sender, double[][]> like) {
      Map<Sender, double[][]> zeros = new HashMap<>();
      like.forEach((sender, rows) -> zeros.put(sender, new double[rows.length][rows[0].length]));
      return zeros;
    }
  }
}
