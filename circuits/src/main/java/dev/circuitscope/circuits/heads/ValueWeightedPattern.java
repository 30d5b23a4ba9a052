package dev.circuitscope.circuits.heads;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.core.hook.ActivationCache;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where a head attends, weighted by how much there is to be moved: A[dest, src] ||v_src||, as A
 * Mathematical Framework for Transformer Circuits draws induction heads. Attention that rests on a
 * position with a small value, such as a start token, fades.
 *
 * <pre>{@code
 * Run run = model.runWithCache(tokens);
 * ValueWeightedPattern p =
 *     ValueWeightedPattern.of(model, run.cache(), new Head(1, 4), 0, ValueNorm.VALUE);
 * double[][] grid = p.rowNormalized().values();     // [dest][src], the largest of a row is 1
 * }</pre>
 *
 * <p>The cache must hold the layer's {@code hook_pattern} and {@code hook_v}; both are taken as
 * hooks left them.
 *
 * @param head of the model
 * @param norm of the value vectors
 * @param values [dest][src], at least 0; copied in and out
 */
public record ValueWeightedPattern(Head head, ValueNorm norm, double[][] values) {

  /**
   * Checks and copies the values.
   *
   * @param head of the model
   * @param norm of the value vectors
   * @param values [dest][src]; copied
   * @throws IllegalArgumentException if the values are not square
   */
  public ValueWeightedPattern {
    values = copy(values);
    for (double[] row : values) {
      if (row.length != values.length) {
        throw new IllegalArgumentException(
            "value-weighted pattern of %s: a row of %d sources for %d destinations"
                .formatted(head, row.length, values.length));
      }
    }
  }

  /**
   * The pattern of one head on one example.
   *
   * @param model that ran
   * @param cache of the run
   * @param head of the model
   * @param example of the batch, from 0
   * @param norm of the value vectors
   * @return the pattern
   * @throws IllegalArgumentException if the model has no such head, the batch no such example, or
   *     the run did not keep the activations
   */
  public static ValueWeightedPattern of(
      Transformer model, ActivationCache cache, Head head, int example, ValueNorm norm) {
    int heads = model.config().nHeads();
    if (head.layer() >= model.config().nLayers() || head.head() >= heads) {
      throw new IllegalArgumentException(
          "no value-weighted pattern of %s: the model has %d layers of %d heads"
              .formatted(head, model.config().nLayers(), heads));
    }
    INDArray patterns = cache.get(HookPoint.pattern(head.layer()));
    if (example < 0 || example >= patterns.size(0)) {
      throw new IllegalArgumentException(
          "no example %d in a batch of %d: examples are counted from 0"
              .formatted(example, patterns.size(0)));
    }
    double[][] a = patterns.slice(example).slice(head.head()).dup('c').toDoubleMatrix();
    double[] lengths = lengths(model, cache, head, example, norm);
    for (double[] row : a) {
      for (int src = 0; src < row.length; src++) {
        // A[dest, src] ||v_src||
        row[src] *= lengths[src];
      }
    }
    return new ValueWeightedPattern(head, norm, a);
  }

  /**
   * The patterns of all heads of a layer on one example.
   *
   * @param model that ran
   * @param cache of the run
   * @param layer the block, from 0
   * @param example of the batch, from 0
   * @param norm of the value vectors
   * @return one for each head, in order
   * @throws IllegalArgumentException as for {@link #of}
   */
  public static List<ValueWeightedPattern> ofLayer(
      Transformer model, ActivationCache cache, int layer, int example, ValueNorm norm) {
    List<ValueWeightedPattern> patterns = new ArrayList<>();
    for (int head = 0; head < model.config().nHeads(); head++) {
      patterns.add(of(model, cache, new Head(layer, head), example, norm));
    }
    return patterns;
  }

  /**
   * The weighted pattern.
   *
   * @return [dest][src], a copy
   */
  @Override
  public double[][] values() {
    return copy(values);
  }

  /**
   * The largest value, for a colour scale that heads share.
   *
   * @return at least 0
   */
  public double largest() {
    return Arrays.stream(values).flatMapToDouble(Arrays::stream).max().orElse(0);
  }

  /**
   * Each row over its largest value: which source matters most to each destination.
   *
   * @return values from 0 to 1; rows of zeros stay as they are
   */
  public ValueWeightedPattern rowNormalized() {
    double[][] rows = copy(values);
    for (double[] row : rows) {
      double largest = Arrays.stream(row).max().orElse(0);
      for (int src = 0; src < row.length; src++) {
        row[src] /= largest > 0 ? largest : 1;
      }
    }
    return new ValueWeightedPattern(head, norm, rows);
  }

  /**
   * Renders the result.
   *
   * @return an object with the head, the norm and the values
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("head", head.toString());
    json.addProperty("norm", norm.label());
    json.add("values", JsonNumbers.of(values));
    return json;
  }

  /** The head, the norm, and a table of destinations by sources. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("%s: attention times %s, [dest][src]".formatted(head, norm.label()));
    for (double[] row : values) {
      text.append(System.lineSeparator());
      for (double value : row) {
        text.append("%8.3f".formatted(value));
      }
    }
    return text.toString();
  }

  private static double[] lengths(
      Transformer model, ActivationCache cache, Head head, int example, ValueNorm norm) {
    INDArray v = cache.get(HookPoint.v(head.layer())).slice(example);
    // Grouped queries: v has a head for each group.
    int heads = (int) v.size(1);
    int group = model.config().nHeads() / heads;
    int positions = (int) v.size(0);
    int e = (int) v.size(2);
    double[][] gram = norm == ValueNorm.VALUE ? identity(e) : outputGram(model, head);
    double[] flat = v.dup('c').data().asDouble();
    double[] lengths = new double[positions];
    for (int src = 0; src < positions; src++) {
      int from = (src * heads + head.head() / group) * e;
      double squares = 0;
      for (int i = 0; i < e; i++) {
        double sum = 0;
        for (int j = 0; j < e; j++) {
          sum += gram[i][j] * flat[from + j];
        }
        squares += flat[from + i] * sum;
      }
      lengths[src] = Math.sqrt(Math.max(0, squares));
    }
    return lengths;
  }

  /** W_O W_O^T, so that ||v W_O||^2 = v (W_O W_O^T) v^T. */
  private static double[][] outputGram(Transformer model, Head head) {
    double[][] wO =
        model
            .weights()
            .get("blocks." + head.layer() + ".attn.W_O")
            .slice(head.head())
            .dup('c')
            .toDoubleMatrix();
    double[][] gram = new double[wO.length][wO.length];
    for (int i = 0; i < wO.length; i++) {
      for (int j = 0; j < wO.length; j++) {
        for (int d = 0; d < wO[i].length; d++) {
          gram[i][j] += wO[i][d] * wO[j][d];
        }
      }
    }
    return gram;
  }

  private static double[][] identity(int n) {
    double[][] identity = new double[n][n];
    for (int i = 0; i < n; i++) {
      identity[i][i] = 1;
    }
    return identity;
  }

  private static double[][] copy(double[][] grid) {
    return Arrays.stream(grid).map(double[]::clone).toArray(double[][]::new);
  }
}
