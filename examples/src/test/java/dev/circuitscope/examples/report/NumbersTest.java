package dev.circuitscope.examples.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.circuits.sampling.SampleMean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Numbers in reports")
class NumbersTest {

  @Test
  void areRounded() {
    assertThat(Numbers.two(0.8349)).isEqualTo("0.83");
    assertThat(Numbers.three(-0.8349)).isEqualTo("-0.835");
    assertThat(Numbers.percent(1.549)).isEqualTo("155%");
    assertThat(Numbers.count(1_234_567)).isEqualTo("1,234,567");
    assertThat(Numbers.mean(new SampleMean(0.5, 0.25, 3))).isEqualTo("0.500 ± 0.250");
  }

  @Test
  void haveNoNegativeZero() {
    assertThat(Numbers.two(-0.004)).isEqualTo("0.00");
    assertThat(Numbers.three(-0.0004)).isEqualTo("0.000");
    assertThat(Numbers.percent(-0.004)).isEqualTo("0%");
    assertThat(Numbers.percent(-0.04)).isEqualTo("-4%");
  }
}
