package dev.circuitscope.circuits.known;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** A vector of the residual stream, by the dimensions in which it is not 0. */
record Direction(int[] dimensions, double[] weights) {

  static Direction of(int dimension, double weight) {
    return new Direction(new int[] {dimension}, new double[] {weight});
  }

  Direction plus(Direction other) {
    return new Direction(
        IntStream.concat(Arrays.stream(dimensions), Arrays.stream(other.dimensions)).toArray(),
        DoubleStream.concat(Arrays.stream(weights), Arrays.stream(other.weights)).toArray());
  }

  boolean touches(Subspace s) {
    return Arrays.stream(dimensions).anyMatch(d -> d >= s.offset() && d < s.offset() + s.width());
  }
}
