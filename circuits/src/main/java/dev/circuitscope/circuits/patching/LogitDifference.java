package dev.circuitscope.circuits.patching;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** mean over b of logits[b, t_b, correct_b] - logits[b, t_b, incorrect_b]. */
final class LogitDifference implements DifferentiableMetric {

  static final int LAST = -1;

  private final int[] correct;
  private final int[] incorrect;
  private final int[] positions;

  LogitDifference(int[] correct, int[] incorrect, int[] positions) {
    if (correct.length == 0
        || incorrect.length != correct.length
        || positions.length != correct.length) {
      throw new IllegalArgumentException(
          "logit difference: needs one correct token, incorrect token and position for each of at least 1 example, were %d, %d and %d"
              .formatted(correct.length, incorrect.length, positions.length));
    }
    this.correct = correct.clone();
    this.incorrect = incorrect.clone();
    this.positions = positions.clone();
  }

  @Override
  public double of(INDArray logits) {
    check(logits);
    double sum = 0;
    for (int b = 0; b < correct.length; b++) {
      long t = position(b, logits.size(1));
      sum += logits.getDouble(b, t, correct[b]) - logits.getDouble(b, t, incorrect[b]);
    }
    return sum / correct.length;
  }

  @Override
  public INDArray gradient(INDArray logits) {
    check(logits);
    INDArray gradient = Nd4j.zeros(logits.shape());
    float share = 1f / correct.length;
    for (int b = 0; b < correct.length; b++) {
      long t = position(b, logits.size(1));
      gradient.putScalar(new long[] {b, t, correct[b]}, share);
      float before = gradient.getFloat(b, t, incorrect[b]);
      gradient.putScalar(new long[] {b, t, incorrect[b]}, before - share);
    }
    return gradient;
  }

  @Override
  public boolean reads(int position, int length) {
    return Arrays.stream(positions).anyMatch(p -> position == (p == LAST ? length - 1 : p));
  }

  @Override
  public String label() {
    return "logit difference";
  }

  private long position(int example, long length) {
    return positions[example] == LAST ? length - 1 : positions[example];
  }

  private void check(INDArray logits) {
    if (logits.rank() != 3 || logits.size(0) != correct.length) {
      throw new IllegalArgumentException(
          "logit difference: has tokens for %d examples, the logits are %s"
              .formatted(correct.length, Arrays.toString(logits.shape())));
    }
    for (int b = 0; b < correct.length; b++) {
      requireBelow("position", position(b, logits.size(1)), logits.size(1));
      requireBelow("token", correct[b], logits.size(2));
      requireBelow("token", incorrect[b], logits.size(2));
    }
  }

  private static void requireBelow(String what, long value, long size) {
    if (value < 0 || value >= size) {
      throw new IllegalArgumentException(
          "logit difference: no %s %d; the logits have 0 to %d".formatted(what, value, size - 1));
    }
  }
}
