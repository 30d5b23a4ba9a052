package dev.circuitscope.core.plot;

import java.util.Arrays;
import java.util.List;

/** What a histogram shows: how much of each sample falls into each bin. */
record HistogramSpec(
    String title,
    String xName,
    double low,
    double high,
    List<Sample> samples,
    List<LineSpec.Reference> marks) {

  HistogramSpec {
    samples = List.copyOf(samples);
    marks = List.copyOf(marks);
  }

  /**
   * A counted sample.
   *
   * @param size values in it
   * @param bins of each bin the count, or the share of the sample
   */
  record Sample(String name, int size, double[] bins) {

    static Sample of(
        String name, double[] values, double low, double high, int bins, boolean shares) {
      double[] counts = new double[bins];
      for (double value : values) {
        int bin = (int) Math.floor((value - low) / (high - low) * bins);
        counts[Math.max(0, Math.min(bins - 1, bin))] += shares ? 1.0 / values.length : 1;
      }
      return new Sample(name, values.length, counts);
    }
  }

  double tallest() {
    return samples.stream().flatMapToDouble(s -> Arrays.stream(s.bins())).max().orElse(1);
  }

  /** What is on the y axis. */
  String yName() {
    return samples.size() > 1 ? "share of the sample" : "count";
  }
}
