package dev.circuitscope.circuits.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.junit.jupiter.api.Test;

class SampleMeanTest {

  @Test
  void theErrorIsTheStandardDeviationOverTheRootOfTheCount() {
    double[] samples = {0.1, -2.5, 7, 3.25, 3.25, 0};
    DescriptiveStatistics expected = new DescriptiveStatistics(samples);
    SampleMean mean = SampleMean.of(samples);
    assertThat(mean.mean()).isCloseTo(expected.getMean(), within(1e-15));
    assertThat(mean.standardError())
        .isCloseTo(expected.getStandardDeviation() / Math.sqrt(6), within(1e-15));
    assertThat(mean.samples()).isEqualTo(6);
  }

  @Test
  void oneSampleHasNoError() {
    SampleMean mean = SampleMean.of(3);
    assertThat(mean.mean()).isEqualTo(3);
    assertThat(mean.standardError()).isNaN();
    assertThat(mean.toJson().get("standard_error").isJsonNull()).isTrue();
  }

  @Test
  void equalSamplesHaveTheErrorZero() {
    assertThat(SampleMean.of(1, 1, 1).standardError()).isZero();
  }

  @Test
  void noSamplesAndSamplesThatAreNotFiniteAreRefused() {
    assertThatThrownBy(SampleMean::of).hasMessageContaining("at least one sample");
    assertThatThrownBy(() -> SampleMean.of(1, Double.NaN)).hasMessageContaining("not finite");
  }
}
