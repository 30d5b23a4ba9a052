package dev.circuitscope.examples.compare;

import dev.circuitscope.examples.compare.TensorGroup.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How far the engine is from a golden file.
 *
 * <pre>{@code
 * GoldenComparison comparison = GoldenComparison.of(Path.of("golden/attn-only-1l-ln.safetensors"), 1e-5);
 * comparison.within();    // true
 * }</pre>
 *
 * @param file the file's name
 * @param model the model in one line
 * @param tolerance the absolute error allowed on weights, activations, logits and losses; gradients
 *     may have ten times as much, relative to the largest magnitude of their tensor
 * @param groups the tensors that were compared, by kind
 * @param notCovered the names of the file's tensors that were not
 * @param notes what a reader has to know about how tensors were compared
 */
public record GoldenComparison(
    String file,
    String model,
    double tolerance,
    List<TensorGroup> groups,
    List<String> notCovered,
    List<String> notes) {

  /**
   * Copies the lists.
   *
   * @param file the file's name
   * @param model the model in one line
   * @param tolerance the absolute error allowed
   * @param groups the tensors that were compared, by kind
   * @param notCovered the names of those that were not
   * @param notes what a reader has to know beside them
   */
  public GoldenComparison {
    groups = List.copyOf(groups);
    notCovered = List.copyOf(notCovered);
    notes = List.copyOf(notes);
  }

  /**
   * Runs the engine on a file's model and input and compares everything that the engine computes.
   *
   * @param path a file in the golden format
   * @param tolerance see {@link GoldenComparison}; above 0
   * @return the comparison
   * @throws IOException if the file is missing, malformed or truncated, or holds a model that this
   *     library does not have
   * @throws IllegalArgumentException if the tolerance is not above 0, the tokens do not fit the
   *     model, a tensor has another shape than the model computes, or there is nothing to compare
   */
  public static GoldenComparison of(Path path, double tolerance) throws IOException {
    if (!(tolerance > 0 && tolerance < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the tolerance must be above 0, was " + tolerance);
    }
    GoldenFile golden = GoldenFile.read(path);
    EngineTensors engine = new EngineTensors(golden, tolerance);
    Map<Kind, List<Agreement>> agreements = new EnumMap<>(Kind.class);
    List<String> notCovered = new ArrayList<>();
    for (String tensor : golden.tensors().names()) {
      EngineTensors.Compared compared = engine.compare(tensor);
      if (compared != null) {
        agreements
            .computeIfAbsent(compared.kind(), kind -> new ArrayList<>())
            .add(compared.agreement());
      } else if (!tensor.equals("tokens")) {
        notCovered.add(tensor);
      }
    }
    if (agreements.keySet().stream().allMatch(kind -> kind == Kind.WEIGHTS)) {
      throw new IllegalArgumentException(
          path + " holds nothing to compare: no logits, losses, activations or gradients");
    }
    List<TensorGroup> groups =
        agreements.entrySet().stream()
            .map(group -> TensorGroup.of(group.getKey(), group.getValue(), tolerance))
            .toList();
    return new GoldenComparison(
        golden.name(), golden.model().toString(), tolerance, groups, notCovered, engine.notes());
  }

  /**
   * Whether every tensor that was compared is within the tolerance.
   *
   * @return true if so
   */
  public boolean within() {
    return groups.stream().allMatch(TensorGroup::within);
  }
}
