package dev.circuitscope.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void constant_is_the_peak_at_every_step() {
    Schedule schedule = Schedule.constant();
    for (long step : new long[] {0, 1, 50, 99, 100}) {
      assertThat(schedule.fraction(step, 100)).isEqualTo(1);
    }
  }

  @Test
  void warm_up_rises_in_a_straight_line_and_reaches_the_peak_with_its_last_update() {
    Schedule schedule = Schedule.constant().withWarmup(4);
    assertThat(schedule.fraction(0, 100)).isEqualTo(0.25);
    assertThat(schedule.fraction(1, 100)).isEqualTo(0.5);
    assertThat(schedule.fraction(2, 100)).isEqualTo(0.75);
    assertThat(schedule.fraction(3, 100)).isEqualTo(1);
    assertThat(schedule.fraction(4, 100)).isEqualTo(1);
  }

  @Test
  void cosine_goes_from_the_peak_over_the_middle_to_the_final_fraction() {
    Schedule schedule = Schedule.cosine(0.2).withWarmup(10);
    assertThat(schedule.fraction(9, 110)).isEqualTo(1);
    assertThat(schedule.fraction(59, 110)).isEqualTo(0.6, within(1e-12));
    assertThat(schedule.fraction(109, 110)).isEqualTo(0.2, within(1e-12));
    assertThat(schedule.fraction(110, 110)).isEqualTo(0.2, within(1e-12));
  }

  @Test
  void cosine_never_rises_after_warm_up() {
    Schedule schedule = Schedule.cosine(0).withWarmup(3);
    for (long step = 3; step < 40; step++) {
      assertThat(schedule.fraction(step, 40)).isLessThan(schedule.fraction(step - 1, 40));
    }
  }

  @Test
  void is_defined_for_trainings_of_no_or_one_step_and_warm_up_longer_than_the_training() {
    assertThat(Schedule.cosine(0.1).fraction(0, 0)).isEqualTo(0.1, within(1e-12));
    assertThat(Schedule.cosine(0.1).fraction(0, 1)).isEqualTo(0.1, within(1e-12));
    assertThat(Schedule.constant().fraction(0, 0)).isEqualTo(1);
    assertThat(Schedule.cosine(0.1).withWarmup(10).fraction(4, 5)).isEqualTo(0.5);
  }

  @Test
  void refuses_negative_warm_up_and_fractions_outside_0_to_1() {
    assertThatThrownBy(() -> Schedule.constant().withWarmup(-1)).hasMessageContaining("-1 steps");
    assertThatThrownBy(() -> Schedule.cosine(1.5)).hasMessageContaining("1.5");
    assertThatThrownBy(() -> Schedule.cosine(Double.NaN)).hasMessageContaining("NaN");
  }
}
