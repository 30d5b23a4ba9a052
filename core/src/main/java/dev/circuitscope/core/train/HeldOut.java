package dev.circuitscope.core.train;

import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.BatchSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Batches that are not trained on. */
record HeldOut(List<int[][]> batches, DataDescription data) {

  static HeldOut of(List<int[][]> batches, String description) {
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("held-out batches: there is none; give at least one");
    }
    List<int[][]> copies =
        batches.stream()
            .map(batch -> Arrays.stream(batch).map(int[]::clone).toArray(int[][]::new))
            .toList();
    return new HeldOut(copies, new DataDescription(description, Fingerprint.of(copies)));
  }

  static HeldOut of(BatchSource source, int count) {
    return of(
        IntStream.range(0, count).mapToObj(source::batch).toList(),
        count + " batches of " + source.describe());
  }

  /** The mean over all predicted tokens. */
  double loss(Transformer model) {
    double sum = 0;
    long predicted = 0;
    for (int[][] batch : batches) {
      long n = (long) batch.length * (batch[0].length - 1);
      sum += n * model.loss(batch);
      predicted += n;
    }
    return sum / predicted;
  }
}
