package dev.circuitscope.core.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the axes of a tensor in a file become the axes of our parameters, written with names: {@code
 * "d (part h e)"} to {@code "h d e"} splits a matrix [d_model, 3 * heads * d_head] into three
 * parameters [head, d_model, d_head]. Parentheses join axes, the last one running fastest; the axis
 * {@code part} counts the parameters that share a tensor.
 *
 * @param groups the tensor's axes, each one or several named axes
 * @param ours the parameter's axes
 */
record AxisPattern(List<List<String>> groups, List<String> ours) {

  private static final String PART = "part";

  static AxisPattern of(String theirs, String ours) {
    List<List<String>> groups = new ArrayList<>();
    List<String> open = null;
    for (String word : theirs.replace("(", "( ").replace(")", " )").trim().split("\\s+")) {
      switch (word) {
        case "(" -> {
          open = new ArrayList<>();
          groups.add(open);
        }
        case ")" -> open = null;
        default -> {
          if (open == null) {
            groups.add(List.of(word));
          } else {
            open.add(word);
          }
        }
      }
    }
    return new AxisPattern(groups, List.of(ours.trim().split("\\s+")));
  }

  /** The shape of the tensor whose {@code parts} parameters have this shape. */
  long[] tensorShape(long[] parameterShape, int parts) {
    Map<String, Long> sizes = sizes(parameterShape, parts);
    return groups.stream()
        .mapToLong(group -> group.stream().mapToLong(sizes::get).reduce(1, Math::multiplyExact))
        .toArray();
  }

  /** The elements of one parameter, in its order, out of the tensor's. */
  float[] take(float[] tensor, long[] parameterShape, int part, int parts) {
    float[] parameter = new float[tensor.length / parts];
    new Walk(parameterShape, part, parts)
        .go((at, step, to, n) -> gather(tensor, at, step, parameter, to, n));
    return parameter;
  }

  /** Writes one parameter's elements to their places in the tensor. */
  void put(float[] parameter, float[] tensor, long[] parameterShape, int part, int parts) {
    new Walk(parameterShape, part, parts)
        .go((at, step, from, n) -> scatter(parameter, from, tensor, at, step, n));
  }

  private static void gather(float[] tensor, int at, int step, float[] to, int first, int n) {
    for (int i = 0; i < n; i++) {
      to[first + i] = tensor[at + i * step];
    }
  }

  private static void scatter(float[] from, int first, float[] tensor, int at, int step, int n) {
    for (int i = 0; i < n; i++) {
      tensor[at + i * step] = from[first + i];
    }
  }

  private Map<String, Long> sizes(long[] parameterShape, int parts) {
    if (parameterShape.length != ours.size()) {
      throw new IllegalArgumentException(
          "axes " + ours + " do not fit the shape " + Arrays.toString(parameterShape));
    }
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (int axis = 0; axis < parameterShape.length; axis++) {
      sizes.put(ours.get(axis), parameterShape[axis]);
    }
    sizes.put(PART, (long) parts);
    return sizes;
  }

  /** One run of the parameter's last axis: where it starts in both, and its step in the tensor. */
  private interface RunOfElements {
    void copy(int inTensor, int step, int inParameter, int n);
  }

  /** Goes through a parameter in its order and knows the place of each element in the tensor. */
  private final class Walk {
    private final long[] shape;
    private final int[] stride;
    private final int start;
    private int done;

    Walk(long[] parameterShape, int part, int parts) {
      Map<String, Long> sizes = sizes(parameterShape, parts);
      Map<String, Integer> strides = new LinkedHashMap<>();
      List<String> flat = groups.stream().flatMap(List::stream).toList();
      int step = 1;
      for (int i = flat.size() - 1; i >= 0; i--) {
        strides.put(flat.get(i), step);
        step = Math.toIntExact(step * sizes.get(flat.get(i)));
      }
      this.shape = parameterShape;
      this.stride = ours.stream().mapToInt(strides::get).toArray();
      this.start = part * strides.getOrDefault(PART, 0);
    }

    void go(RunOfElements run) {
      go(0, start, run);
    }

    private void go(int axis, int at, RunOfElements run) {
      int n = (int) shape[axis];
      if (axis == shape.length - 1) {
        run.copy(at, stride[axis], done, n);
        done += n;
        return;
      }
      for (int i = 0; i < n; i++) {
        go(axis + 1, at + i * stride[axis], run);
      }
    }
  }
}
