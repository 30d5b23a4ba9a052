package dev.circuitscope.examples.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A plan of training on plain text")
class PlainTextPlanTest {

  @Test
  void dividesTimeAmongTrainings() {
    assertThat(PlainTextPlan.ofMinutes(30).sharedBy(5).minutes()).isEqualTo(6);
  }

  @Test
  void givesEachTrainingAllTokens() {
    PlainTextPlan one = PlainTextPlan.ofTokens(1_000).sharedBy(5);
    assertThat(one.tokens()).isEqualTo(1_000);
    assertThat(one.minutes()).isInfinite();
  }

  @Test
  void refusesToDoNothing() {
    assertThatThrownBy(() -> PlainTextPlan.ofTokens(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was 0 tokens");
  }
}
