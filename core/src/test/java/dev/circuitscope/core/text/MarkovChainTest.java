package dev.circuitscope.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkovChainTest {

  @Nested
  class The_stationary_distribution {

    @Test
    void of_two_states_is_in_proportion_to_the_ways_in() {
      MarkovChain chain = MarkovChain.of(new double[][] {{0.9, 0.1}, {0.3, 0.7}});
      // pi = (q, p) / (p + q) with p, q the probabilities of leaving
      assertThat(chain.stationary()).containsExactly(new double[] {0.75, 0.25}, within(1e-15));
    }

    @Test
    void exists_for_a_chain_that_never_settles() {
      MarkovChain cycle = MarkovChain.of(new double[][] {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}});
      double third = 1.0 / 3;
      assertThat(cycle.stationary())
          .containsExactly(new double[] {third, third, third}, within(1e-15));
      assertThat(cycle.entropyRate()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 1.0", "2, 0.5", "17, 0.2", "64, 3.0"})
    void is_left_as_it_is_by_a_step(int states, double concentration) {
      MarkovChain chain = MarkovChain.random(states, concentration, 5L);
      double[] pi = chain.stationary();
      double[] after = new double[states];
      for (int a = 0; a < states; a++) {
        double[] row = chain.transitions(a);
        assertThat(Arrays.stream(row).sum()).isCloseTo(1, within(1e-12));
        for (int b = 0; b < states; b++) {
          after[b] += pi[a] * row[b];
        }
      }
      assertThat(after).containsExactly(pi, within(1e-14));
      assertThat(Arrays.stream(pi).sum()).isCloseTo(1, within(1e-14));
    }
  }

  @Nested
  class The_entropy_rate {

    @Test
    void of_independent_tokens_is_their_entropy() {
      double[] p = {0.5, 0.25, 0.25};
      MarkovChain chain = MarkovChain.of(new double[][] {p, p, p});
      assertThat(chain.entropyRate()).isCloseTo(1.5 * Math.log(2), within(1e-15));
    }

    @Test
    void of_one_token_is_zero() {
      assertThat(MarkovChain.random(1, 0.1, 0L).entropyRate()).isZero();
    }

    @Test
    void rises_with_the_concentration() {
      assertThat(IntStream.of(1, 3, 10, 100).mapToDouble(c -> rate(c / 10.0)).toArray()).isSorted();
      assertThat(rate(1e6)).isCloseTo(Math.log(30), within(1e-4));
    }

    private double rate(double concentration) {
      return MarkovChain.random(30, concentration, 3L).entropyRate();
    }

    @Test
    void is_the_conditional_entropy_of_long_sequences() {
      MarkovChain chain = MarkovChain.random(8, 0.5, 11L);
      int[][] text = MarkovBatches.of(chain, 40, 5_000, 1L).batch(0);
      BigramCounts counts = BigramCounts.ofSequences(text, 8);
      assertThat(counts.entropy()).isCloseTo(chain.entropyRate(), within(0.01));
    }
  }

  @Nested
  class Random_rows {

    @Test
    void have_the_means_and_variances_of_a_dirichlet_distribution() {
      for (double concentration : new double[] {0.2, 1, 4}) {
        int size = 5;
        int draws = 40_000;
        double[] sum = new double[2];
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < draws; i++) {
          double p = Dirichlet.draw(size, concentration, random)[0];
          sum[0] += p / draws;
          sum[1] += p * p / draws;
        }
        double mean = 1.0 / size;
        // var = m (1 - m) / (n a + 1)
        double variance = mean * (1 - mean) / (size * concentration + 1);
        assertThat(sum[0]).isCloseTo(mean, within(0.01));
        assertThat(sum[1] - sum[0] * sum[0]).isCloseTo(variance, within(0.05 * variance));
      }
    }

    @Test
    void follow_from_the_seed() {
      assertThat(MarkovChain.random(6, 1, 2L).transitions(5))
          .isEqualTo(MarkovChain.random(6, 1, 2L).transitions(5))
          .isNotEqualTo(MarkovChain.random(6, 1, 3L).transitions(5));
    }
  }

  @Nested
  class Sequences {

    @Test
    void start_in_the_stationary_distribution() {
      MarkovChain chain = MarkovChain.of(new double[][] {{0.9, 0.1}, {0.3, 0.7}});
      MarkovBatches batches = MarkovBatches.of(chain, 20_000, 2, 4L);
      double first = Arrays.stream(batches.batch(3)).mapToInt(s -> s[0]).average().orElseThrow();
      double second = Arrays.stream(batches.batch(3)).mapToInt(s -> s[1]).average().orElseThrow();
      assertThat(first).isCloseTo(0.25, within(0.01));
      assertThat(second).isCloseTo(0.25, within(0.01));
    }

    @Test
    void take_no_step_of_probability_zero() {
      MarkovChain cycle = MarkovChain.of(new double[][] {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}});
      for (int[] sequence : MarkovBatches.of(cycle, 50, 30, 1L).batch(0)) {
        for (int t = 1; t < sequence.length; t++) {
          assertThat(sequence[t]).isEqualTo((sequence[t - 1] + 1) % 3);
        }
      }
    }
  }

  @Nested
  class Refused {

    @Test
    void are_rows_that_are_no_distributions() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> MarkovChain.of(new double[][] {{0.5, 0.5}, {0.5, 0.6}}))
          .withMessageContaining("row 1")
          .withMessageContaining("1.1");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> MarkovChain.of(new double[][] {{1.5, -0.5}, {0.5, 0.5}}));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> MarkovChain.of(new double[][] {{Double.NaN}}));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> MarkovChain.of(new double[][] {{1}, {1}}));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> MarkovChain.of(new double[0][]))
          .withMessageContaining("no tokens");
    }

    @Test
    void are_chains_in_which_a_token_is_never_left_or_never_reached() {
      double[][] absorbing = {{0.5, 0.5}, {0, 1}};
      double[][] unreached = {{1, 0}, {0.5, 0.5}};
      for (double[][] reducible : new double[][][] {absorbing, unreached}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> MarkovChain.of(reducible))
            .withMessageContaining("cut off");
      }
    }

    @Test
    void are_sizes_and_concentrations_that_are_not_positive() {
      assertThatIllegalArgumentException().isThrownBy(() -> MarkovChain.random(0, 1, 0L));
      assertThatIllegalArgumentException().isThrownBy(() -> MarkovChain.random(3, 0, 0L));
    }
  }
}
