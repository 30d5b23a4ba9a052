package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.toymodels.kernels.Block;
import dev.circuitscope.toymodels.kernels.BlockKernels;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureDistributionTest {

  private static final int SAMPLES = 40_000;
  private static final FeatureMixture MIXTURE =
      FeatureMixture.of(4, new CorrelatedSets(2))
          .and(4, 0.5, new AnticorrelatedSets(4))
          .and(2, IndependentFeatures.of(1, 0.1).signed());

  /** [sample][feature] */
  private static float[][] draw(FeatureDistribution distribution, int features, double p) {
    distribution.requireFits(features, p);
    float[][] samples = new float[SAMPLES][features];
    for (int s = 0; s < SAMPLES; s++) {
      distribution.sample(p, new SampleRandom(17, s), samples[s]);
    }
    return samples;
  }

  private static double share(float[][] samples, int... active) {
    return Arrays.stream(samples)
            .filter(x -> Arrays.stream(active).allMatch(i -> x[i] != 0))
            .count()
        / (double) SAMPLES;
  }

  /** Mean over the samples in which both are active. */
  private static double covariance(float[][] samples, int i, int j, double mean) {
    return Arrays.stream(samples)
        .filter(x -> x[i] != 0 && x[j] != 0)
        .mapToDouble(x -> (x[i] - mean) * (x[j] - mean))
        .average()
        .orElseThrow();
  }

  private static void assertUniform(float[][] samples, int i, double from, double to) {
    double[] active =
        Arrays.stream(samples).mapToDouble(x -> x[i]).filter(x -> x != 0).sorted().toArray();
    double worst = 0;
    for (int r = 0; r < active.length; r++) {
      assertThat(active[r]).isBetween(from, to);
      double cdf = (active[r] - from) / (to - from);
      worst = Math.max(worst, Math.abs(cdf - (r + 0.5) / active.length));
    }
    // Kolmogorov-Smirnov, one in ten thousand
    assertThat(worst).as("feature %d", i).isLessThan(2.23 / Math.sqrt(active.length));
  }

  private static void assertShare(float[][] samples, double p, int... active) {
    assertThat(share(samples, active))
        .as("share in which %s are active", Arrays.toString(active))
        .isCloseTo(p, within(4.5 * Math.sqrt(p * (1 - p) / SAMPLES) + 1e-12));
  }

  static Stream<FeatureDistribution> distributions() {
    FeatureDistribution own = (p, random, x) -> x[3] = random.uniform(20) < p ? 0.75f : 0f;
    return Stream.of(
        IndependentFeatures.EQUAL,
        IndependentFeatures.of(1, 0.5, 0.2, 0.1, 1, 1, 1, 1, 0.01, 0.3),
        new CorrelatedSets(5),
        new CorrelatedSets(1),
        new AnticorrelatedSets(2),
        new AnticorrelatedSets(10),
        SignedFeatures.INDEPENDENT,
        MIXTURE,
        own,
        own.signed());
  }

  @ParameterizedTest
  @MethodSource("distributions")
  void blocksHoldTheSameBitsAsSamplesDrawnOneByOne(FeatureDistribution distribution) {
    for (BlockKernels kernels : List.of(BlockKernels.plain(), BlockKernels.best())) {
      Block fast = Block.of(10);
      Block slow = Block.of(10);
      Arrays.fill(fast.values(), Float.NaN);
      BlockDistribution.of(distribution).fill(0.3, SampleBlock.of(kernels, fast, 99, 384));
      BlockDistribution.oneByOne(distribution, 0.3, SampleBlock.of(kernels, slow, 99, 384));
      assertThat(fast.values()).isEqualTo(slow.values());
      assertThat(fast.values()).contains(0f).isNotEqualTo(new float[fast.values().length]);
    }
  }

  @ParameterizedTest
  @MethodSource("distributions")
  void trainTheSameBitsOnAnyNumberOfThreads(FeatureDistribution distribution) {
    ToyConfig config =
        ToyConfig.builder(10, 8)
            .distribution(distribution)
            .featureProbability(0.3)
            .steps(20)
            .batch(1000)
            .build();
    int threads = Parallel.threads();
    try {
      Parallel.setThreads(1);
      ToyRun one = ToyTrainer.of(config).train().best(0);
      Parallel.setThreads(3);
      ToyRun three = ToyTrainer.of(config).train().best(0);
      assertThat(three.model().weights()).isDeepEqualTo(one.model().weights());
      assertThat(three.finalLoss()).isEqualTo(one.finalLoss());
    } finally {
      Parallel.setThreads(threads);
    }
  }

  @Test
  void independentFeaturesMayHaveAProbabilityEach() {
    float[][] samples = draw(IndependentFeatures.of(1, 0.5, 0.1), 3, 0.4);
    assertShare(samples, 0.4, 0);
    assertShare(samples, 0.2, 1);
    assertShare(samples, 0.04, 2);
    assertShare(samples, 0.08, 0, 1);
    assertUniform(samples, 1, 0, 1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.5, 1})
  void correlatedFeaturesShareTheirZerosAndNothingElse(double p) {
    float[][] samples = draw(new CorrelatedSets(3), 6, p);
    assertShare(samples, p, 0);
    assertThat(share(samples, 0, 1, 2)).isEqualTo(share(samples, 0)).isEqualTo(share(samples, 2));
    assertShare(samples, p * p, 2, 3);
    for (int i = 0; i < 3; i++) {
      assertUniform(samples, i, 0, 1);
      double within = 4.5 / 12 / Math.sqrt(p * SAMPLES);
      assertThat(covariance(samples, i, (i + 1) % 3, 0.5)).isCloseTo(0, within(within));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.5, 1})
  void ofAnticorrelatedFeaturesAtMostOneIsActive(double p) {
    float[][] samples = draw(new AnticorrelatedSets(3), 6, p);
    for (int i = 0; i < 6; i++) {
      assertShare(samples, p / 3, i);
      assertUniform(samples, i, 0, 1);
    }
    assertThat(share(samples, 0, 1) + share(samples, 1, 2) + share(samples, 0, 2)).isZero();
    assertThat(share(samples, 0) + share(samples, 1) + share(samples, 2))
        .isCloseTo(p, within(4.5 * Math.sqrt(p * (1 - p) / SAMPLES) + 1e-12));
    assertShare(samples, p * p / 9, 2, 3);
  }

  @Test
  void signedFeaturesAreUniformOnBothSidesOfZero() {
    float[][] samples = draw(SignedFeatures.INDEPENDENT, 2, 0.4);
    assertShare(samples, 0.4, 0);
    assertUniform(samples, 0, -1, 1);
    assertThat(covariance(samples, 0, 1, 0)).isCloseTo(0, within(4.5 / 3 / Math.sqrt(6400)));
    assertThat(SignedFeatures.INDEPENDENT.signed()).isEqualTo(SignedFeatures.INDEPENDENT);
  }

  @Test
  void groupsOfAMixtureKeepToThemselves() {
    float[][] samples = draw(MIXTURE, 10, 0.4);
    assertThat(share(samples, 0, 1)).isEqualTo(share(samples, 0));
    assertShare(samples, 0.16, 0, 2);
    assertShare(samples, 0.2 / 4, 5);
    assertThat(share(samples, 4, 7)).isZero();
    assertShare(samples, 0.4 * 0.05, 3, 4);
    assertShare(samples, 0.04, 9);
    assertUniform(samples, 8, -1, 1);
    assertShare(samples, 0.4 * 0.4, 0, 8);
  }

  @Nested
  class WhatDoesNotFitIsRefused {

    private void refused(FeatureDistribution distribution, int features, String message) {
      assertThatThrownBy(() -> distribution.requireFits(features, 0.5))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(message);
    }

    @Test
    void byTheConfiguration() {
      assertThatThrownBy(() -> ToyConfig.builder(5, 2).distribution(new CorrelatedSets(2)).build())
          .hasMessageContaining("5 features")
          .hasMessageContaining("sets of 2")
          .hasMessageContaining("FeatureMixture");
    }

    @Test
    void namingSizesAndFactors() {
      refused(new AnticorrelatedSets(3), 4, "sets of 3");
      refused(new CorrelatedSets(3).signed(), 4, "sets of 3");
      refused(IndependentFeatures.of(1, 1), 3, "there are 2");
      refused(IndependentFeatures.of(1, 3), 2, "factor 3.0 is above 1");
      refused(MIXTURE, 11, "these have 10");
      refused(FeatureMixture.of(3, new CorrelatedSets(2)), 3, "sets of 2");
      refused(FeatureMixture.of(1, MIXTURE).and(1, 4, MIXTURE), 2, "these have 10");
      assertThatThrownBy(() -> new CorrelatedSets(0)).hasMessageContaining("at least 1");
      assertThatThrownBy(() -> IndependentFeatures.of(0)).hasMessageContaining("0.0");
      assertThatThrownBy(() -> FeatureMixture.of(0, MIXTURE)).hasMessageContaining("0 features");
      assertThatThrownBy(() -> FeatureMixture.of(1, null)).hasMessageContaining("null");
    }
  }
}
