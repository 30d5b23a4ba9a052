package dev.circuitscope.toymodels.superposition;

import java.util.Arrays;
import java.util.List;

/** A size of model to compare at, with as many steps per measurement as suit it. */
enum ToySize {
  PENTAGON(5, 2, 2000, 200, 1, 4, 20),
  NOTEBOOK(20, 5, 1000, 100, 1, 4, 20),
  MIDDLE(80, 20, 400, 20, 1, 4, 20),
  GEOMETRY(400, 30, 200, 10, 1, 4);

  final int features;
  final int hidden;
  final int steps;
  final int peerSteps;
  final int[] instances;

  ToySize(int features, int hidden, int steps, int peerSteps, int... instances) {
    this.features = features;
    this.hidden = hidden;
    this.steps = steps;
    this.peerSteps = peerSteps;
    this.instances = instances;
  }

  /** By names such as 400x30; all of them if there are none. */
  static List<ToySize> named(List<String> names) {
    List<String> known = Arrays.stream(values()).map(ToySize::toString).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException("there is no size " + name + "; choose from " + known);
      }
    }
    return Arrays.stream(values())
        .filter(size -> names.isEmpty() || names.contains(size.toString()))
        .toList();
  }

  String[] instanceCounts() {
    return Arrays.stream(instances).mapToObj(Integer::toString).toArray(String[]::new);
  }

  ToyConfig config(int count, int steps) {
    return ToyConfig.builder(features, hidden)
        .geometricImportance(features > 20 ? 1 : 0.7)
        .featureProbability(0.1)
        .restarts(count)
        .steps(steps)
        .build();
  }

  /** Five products of n x m x batch: encode, decode, dh, and two for dW. */
  double flops(int count) {
    return 10.0 * features * hidden * config(1, 0).batch() * count;
  }

  @Override
  public String toString() {
    return features + "x" + hidden;
  }
}
