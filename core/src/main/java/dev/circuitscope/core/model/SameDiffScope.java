package dev.circuitscope.core.model;

import dev.circuitscope.core.hook.HookPoint;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the parts of an exported graph share: its parameters under their names, its hook points, and
 * the few operations whose gradients SameDiff has.
 *
 * <p>The batch is the axis whose size stays open (-1 in reshapes); all others are fixed.
 */
final class SameDiffScope {

  private final SameDiff graph = SameDiff.create();
  private final TransformerConfig config;
  private final Weights weights;
  private final int pos;
  private final DataType type;
  private final Map<String, SDVariable> parameters = new HashMap<>();
  private final Map<HookPoint, SDVariable> reached = new HashMap<>();

  SameDiffScope(Transformer model, int pos, DataType type) {
    this.config = model.config();
    this.weights = model.weights();
    this.pos = pos;
    this.type = type;
  }

  SameDiff graph() {
    return graph;
  }

  TransformerConfig config() {
    return config;
  }

  int pos() {
    return pos;
  }

  DataType type() {
    return type;
  }

  Map<HookPoint, SDVariable> reached() {
    return reached;
  }

  SDVariable parameter(String name) {
    return parameters.computeIfAbsent(name, n -> graph.var(n, weights.get(n).castTo(type)));
  }

  SDVariable constant(double[] values, long... shape) {
    return graph.constant(Nd4j.createFromArray(values).reshape('c', shape).castTo(type));
  }

  /** Gives a value the name of a hook point; what follows must use what this returns. */
  SDVariable reach(HookPoint point, SDVariable value) {
    SDVariable named = graph.identity(point.name(), value);
    reached.put(point, named);
    return named;
  }

  /** Vectors along the last axis, of {@code in} elements, times a matrix: [rows, out]. */
  SDVariable product(SDVariable x, int in, SDVariable matrix) {
    return x.reshape(-1, in).mmul(matrix);
  }

  /** A vector parameter added to each row of a matrix. */
  SDVariable plusRow(SDVariable x, String name, int length) {
    return x.add(parameter(name).reshape(1, length));
  }

  /** Linear operations along the positions of [B, T, ...], by a constant matrix [T, T]. */
  SDVariable alongPositions(SDVariable matrix, SDVariable x, int width) {
    SDVariable positionsLast = x.reshape(-1, pos, width).permute(0, 2, 1).reshape(-1, pos);
    SDVariable mixed = positionsLast.mmul(matrix.permute(1, 0));
    return mixed.reshape(-1, width, pos).permute(0, 2, 1);
  }
}
