package dev.circuitscope.examples.compare;

import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.algebra.Composition;
import dev.circuitscope.circuits.algebra.Eigenvalues;
import dev.circuitscope.circuits.attribution.ResidualStream;
import dev.circuitscope.circuits.heads.Detection;
import dev.circuitscope.circuits.heads.DetectionPattern;
import dev.circuitscope.circuits.heads.HeadDetection;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What the measurements on circuits give for a golden file, under the names that the file uses. */
final class CircuitTensors {

  /** TransformerLens rounds {@code detect_head}'s abs to three decimals. */
  private static final double HALF_A_THOUSANDTH = 0.0005;

  private static final int EXAMPLE_OF_DETECTION = 1;

  private final GoldenFile golden;
  private final Transformer model;
  private final Circuits circuits;
  private final Set<String> notes = new LinkedHashSet<>();
  private Run run;

  CircuitTensors(GoldenFile golden) {
    this.golden = golden;
    this.model = golden.model();
    this.circuits = Circuits.asStored(model);
  }

  /** What the library computes for a tensor; null if it computes no such tensor. */
  INDArray compute(String tensor) {
    return switch (tensor) {
      case "accumulated_resid" -> stream().accumulated().values();
      case "decompose_resid" -> layers();
      case "stack_head_results" -> stream().heads().values();
      case "full_OV.copying_score" -> numbers(head -> circuits.ovEigenvalues(head).positivity());
      case "OV.singular_values" -> vectors(head -> circuits.head(head).ov().singularValues());
      case "QK.singular_values" -> vectors(head -> circuits.head(head).qk().singularValues());
      case "OV.eigenvalues_real", "OV.eigenvalues_imag" -> eigenvalues(tensor);
      case "composition.Q", "composition.K", "composition.V" ->
          Nd4j.createFromArray(
              Composition.valueOf(tensor.substring(tensor.length() - 1)).scores(circuits));
      default -> tensor.startsWith("detect.") ? detection(tensor) : null;
    };
  }

  /** What was compared otherwise than one would think. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  private ResidualStream stream() {
    if (run == null) {
      run = model.runWithCache(golden.tokens());
    }
    return ResidualStream.of(model, run);
  }

  /** TransformerLens lists shortformers' positions second, though they never enter the stream. */
  private INDArray layers() {
    INDArray layers = stream().byLayer().values();
    Positions positions = model.config().positions();
    if (positions != Positions.SHORTFORMER && positions != Positions.SINUSOIDAL_SHORTFORMER) {
      return layers;
    }
    notes.add(
        "decompose_resid lists pos_embed, which a shortformer never adds to the stream; it is"
            + " compared with hook_pos_embed");
    INDArray embedding = run.cache().get(HookPoint.POS_EMBED);
    return Nd4j.concat(
        0,
        layers.get(NDArrayIndex.interval(0, 1)).dup('c'),
        embedding.reshape('c', 1, embedding.size(0), embedding.size(1), embedding.size(2)),
        layers.get(NDArrayIndex.interval(1, layers.size(0))).dup('c'));
  }

  /** A number for every head, [layer, head]. */
  private INDArray numbers(ToDoubleFunction<Head> values) {
    double[] flat = circuits.heads().stream().mapToDouble(values).toArray();
    return Nd4j.createFromArray(flat)
        .reshape('c', model.config().nLayers(), model.config().nHeads());
  }

  /** Numbers for every head, [layer, head, number]. */
  private INDArray vectors(Function<Head, double[]> values) {
    INDArray rows =
        Nd4j.createFromArray(circuits.heads().stream().map(values).toArray(double[][]::new));
    return rows.reshape('c', model.config().nLayers(), model.config().nHeads(), rows.size(1));
  }

  /** Eigenvalues have no order of their own: each goes to the place of the nearest in the file. */
  private INDArray eigenvalues(String tensor) {
    if (!golden.tensors().contains("OV.eigenvalues_real")
        || !golden.tensors().contains("OV.eigenvalues_imag")) {
      return null;
    }
    INDArray real = golden.tensors().get("OV.eigenvalues_real");
    INDArray imaginary = golden.tensors().get("OV.eigenvalues_imag");
    boolean wanted = tensor.endsWith("real");
    INDArray unordered = vectors(head -> parts(ovEigenvalues(head), wanted));
    if (!unordered.equalShapes(real) || !unordered.equalShapes(imaginary)) {
      return unordered;
    }
    INDArray ordered = unordered.dup();
    for (Head head : circuits.heads()) {
      Eigenvalues values = ovEigenvalues(head);
      List<Integer> left = new ArrayList<>(IntStream.range(0, values.size()).boxed().toList());
      for (int i = 0; i < values.size(); i++) {
        double x = real.getDouble(head.layer(), head.head(), i);
        double y = imaginary.getDouble(head.layer(), head.head(), i);
        Integer nearest =
            left.stream()
                .min(Comparator.comparingDouble(v -> distance(values, v, x, y)))
                .orElseThrow();
        left.remove(nearest);
        ordered.putScalar(new int[] {head.layer(), head.head(), i}, parts(values, wanted)[nearest]);
      }
    }
    return ordered;
  }

  private Eigenvalues ovEigenvalues(Head head) {
    return circuits.head(head).ov().eigenvalues();
  }

  private static double[] parts(Eigenvalues values, boolean real) {
    return real ? values.real() : values.imaginary();
  }

  private static double distance(Eigenvalues values, int i, double real, double imaginary) {
    return Math.hypot(values.real()[i] - real, values.imaginary()[i] - imaginary);
  }

  private INDArray detection(String tensor) {
    if (golden.tokens().length <= EXAMPLE_OF_DETECTION) {
      return null;
    }
    int[] tokens = golden.tokens()[EXAMPLE_OF_DETECTION];
    String name = tensor.substring("detect.".length());
    DetectionPattern pattern =
        switch (name.substring(0, Math.max(0, name.lastIndexOf('.')))) {
          case "previous_token_head" -> DetectionPattern.previousToken(tokens);
          case "duplicate_token_head" -> DetectionPattern.duplicateToken(tokens);
          case "induction_head" -> DetectionPattern.induction(tokens);
          default -> null;
        };
    boolean mul = name.endsWith(".mul");
    if (pattern == null || !(mul || name.endsWith(".abs"))) {
      return null;
    }
    INDArray scores =
        Nd4j.createFromArray(
            HeadDetection.of(model, tokens, pattern, mul ? Detection.mul() : Detection.abs())
                .values());
    return mul ? scores : beyondRounding(scores, golden.tensors().get(tensor));
  }

  /** The file's numbers where they may be these, rounded; else moved towards them by as much. */
  private INDArray beyondRounding(INDArray scores, INDArray rounded) {
    notes.add("detect.*.abs is rounded to 3 decimals in the file; errors are what is beyond that");
    if (!scores.equalShapes(rounded)) {
      return scores;
    }
    INDArray beyond = scores.dup();
    for (long i = 0; i < scores.length(); i++) {
      double error = scores.getDouble(i) - rounded.getDouble(i);
      double more = Math.max(0, Math.abs(error) - HALF_A_THOUSANDTH);
      beyond.putScalar(i, rounded.getDouble(i) + Math.signum(error) * more);
    }
    return beyond;
  }
}
