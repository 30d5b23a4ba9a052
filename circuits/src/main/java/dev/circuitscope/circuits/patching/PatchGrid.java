package dev.circuitscope.circuits.patching;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.hook.Site;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The metric of every patch of a sweep, along named axes.
 *
 * <pre>{@code
 * grid.axes()              // [LAYER, POS, HEAD]
 * grid.at(1, 5, 3)         // the metric with layer 1, position 5, head 3 patched
 * grid.normalized(1, 5, 3) // 0 as corrupted, 1 as clean
 * }</pre>
 *
 * @param site which activations were patched
 * @param axes what the sweep went along; other axes were patched everywhere
 * @param shape how many indices each axis has; copied in and out
 * @param values the metric of each patch in row-major order; copied in and out
 * @param clean the metric of the clean run
 * @param corrupted the metric of the corrupted run
 * @param direction which run was changed
 * @param estimated whether values are first-order estimates rather than runs
 * @param metric what was measured, in words
 * @param cleanTokens the clean batch
 * @param corruptedTokens the corrupted batch
 */
public record PatchGrid(
    Site site,
    List<PatchAxis> axes,
    int[] shape,
    double[] values,
    double clean,
    double corrupted,
    PatchDirection direction,
    boolean estimated,
    String metric,
    Provenance cleanTokens,
    Provenance corruptedTokens) {

  private static final int SHOWN = 10;

  /**
   * Checks the number of values and copies.
   *
   * @param site which activations were patched
   * @param axes what the sweep went along
   * @param shape how many indices each axis has
   * @param values the metric of each patch in row-major order
   * @param clean the metric of the clean run
   * @param corrupted the metric of the corrupted run
   * @param direction which run was changed
   * @param estimated whether values are first-order estimates rather than runs
   * @param metric what was measured, in words
   * @param cleanTokens the clean batch
   * @param corruptedTokens the corrupted batch
   * @throws IllegalArgumentException if the values do not fill the shape
   */
  public PatchGrid {
    axes = List.copyOf(axes);
    shape = shape.clone();
    values = values.clone();
    int product = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    if (axes.size() != shape.length || product != values.length) {
      throw new IllegalArgumentException(
          "a patch grid along %s of shape %s cannot have %d values"
              .formatted(axes, Arrays.toString(shape), values.length));
    }
  }

  /**
   * How many indices each axis has.
   *
   * @return one for each of {@link #axes}, a copy
   */
  @Override
  public int[] shape() {
    return shape.clone();
  }

  /**
   * The metric of each patch.
   *
   * @return in row-major order, a copy
   */
  @Override
  public double[] values() {
    return values.clone();
  }

  /**
   * The metric of one patch.
   *
   * @param indices one for each axis
   * @return the metric
   * @throws IndexOutOfBoundsException if there is no such patch
   */
  public double at(int... indices) {
    return values[offset(indices)];
  }

  /**
   * Where one patch puts the metric between the runs.
   *
   * @param indices one for each axis
   * @return 0 for that of the corrupted run, 1 for that of the clean run; NaN if they are the same
   * @throws IndexOutOfBoundsException if there is no such patch
   */
  public double normalized(int... indices) {
    return normalizedAt(offset(indices));
  }

  /**
   * Where patches put the metric between the runs.
   *
   * @return in row-major order; 0 for the corrupted run, 1 for the clean run
   */
  public double[] normalized() {
    return IntStream.range(0, values.length).mapToDouble(this::normalizedAt).toArray();
  }

  /**
   * What each patch adds to the metric of the run that it changes.
   *
   * @return in row-major order; when noising, less than 0 where the clean metric is larger
   */
  public double[] effects() {
    double base = direction == PatchDirection.DENOISING ? corrupted : clean;
    return Arrays.stream(values).map(value -> value - base).toArray();
  }

  /**
   * Renders the grid.
   *
   * @return an object with all components and the normalised values
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("site", site.path());
    JsonArray names = new JsonArray();
    axes.forEach(axis -> names.add(axis.label()));
    json.add("axes", names);
    JsonArray sizes = new JsonArray();
    Arrays.stream(shape).forEach(sizes::add);
    json.add("shape", sizes);
    json.add("values", JsonNumbers.of(values));
    json.add("normalized", JsonNumbers.of(normalized()));
    json.add("clean", JsonNumbers.of(clean));
    json.add("corrupted", JsonNumbers.of(corrupted));
    json.addProperty("direction", direction.name());
    json.addProperty("estimated", estimated);
    json.addProperty("metric", metric);
    json.add("clean_tokens", cleanTokens.toJson());
    json.add("corrupted_tokens", corruptedTokens.toJson());
    return json;
  }

  /** The runs' metrics and the patches with the largest effects, a line each. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            "%s of %s [%s], %s %s: clean %.4f, corrupted %.4f"
                .formatted(
                    estimated ? "attribution patching" : "activation patching",
                    site.path(),
                    axes.stream().map(PatchAxis::label).collect(Collectors.joining(", ")),
                    direction.name().toLowerCase(Locale.ROOT),
                    metric,
                    clean,
                    corrupted));
    double[] effects = effects();
    IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -Math.abs(effects[i])))
        .limit(SHOWN)
        .forEach(
            i ->
                text.append(
                    "%n  %-28s %9.4f  normalised %7.3f"
                        .formatted(name(i), values[i], normalizedAt(i))));
    return text.toString();
  }

  private double normalizedAt(int i) {
    return (values[i] - corrupted) / (clean - corrupted);
  }

  private String name(int offset) {
    String[] parts = new String[shape.length];
    int rest = offset;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      parts[axis] = axes.get(axis).label() + " " + rest % shape[axis];
      rest /= shape[axis];
    }
    return String.join(", ", parts);
  }

  private int offset(int[] indices) {
    if (indices.length != shape.length) {
      throw new IndexOutOfBoundsException(
          "a patch has an index for each of %s, got %s".formatted(axes, Arrays.toString(indices)));
    }
    int offset = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      if (indices[axis] < 0 || indices[axis] >= shape[axis]) {
        throw new IndexOutOfBoundsException(
            "no %s %d; there are %d".formatted(axes.get(axis).label(), indices[axis], shape[axis]));
      }
      offset = offset * shape[axis] + indices[axis];
    }
    return offset;
  }
}
