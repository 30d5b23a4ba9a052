package dev.circuitscope.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SnapshotScheduleTest {

  @Test
  void every_n_includes_step_0_and_the_last() {
    assertThat(SnapshotSchedule.every(4).steps(10)).containsExactly(0, 4, 8, 10);
    assertThat(SnapshotSchedule.every(5).steps(10)).containsExactly(0, 5, 10);
    assertThat(SnapshotSchedule.every(50).steps(10)).containsExactly(0, 10);
  }

  @Test
  void log_spaced_steps_grow_by_equal_ratios() {
    assertThat(SnapshotSchedule.logSpaced(1).steps(500)).containsExactly(0, 1, 10, 100, 500);
    assertThat(SnapshotSchedule.logSpaced(3).steps(1000))
        .containsExactly(0, 1, 2, 5, 10, 22, 46, 100, 215, 464, 1000);
  }

  @Test
  void given_steps_come_sorted_once_each_and_not_beyond_the_end() {
    assertThat(SnapshotSchedule.at(7, 3, 7, 99).steps(10)).containsExactly(0, 3, 7, 10);
  }

  @Test
  void a_training_of_no_steps_has_one() {
    assertThat(SnapshotSchedule.every(1).steps(0)).containsExactly(0);
    assertThat(SnapshotSchedule.logSpaced(2).steps(0)).containsExactly(0);
  }

  @Test
  void refuses_distances_below_1_and_negative_steps() {
    assertThatThrownBy(() -> SnapshotSchedule.every(0)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> SnapshotSchedule.logSpaced(0)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> SnapshotSchedule.at(1, -2)).hasMessageContaining("-2");
  }
}
