package dev.circuitscope.core.io.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.io.fuzz.ReaderFuzz.Row;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A short run of {@link ReaderFuzz}, which says how to make a long one. */
class ReaderFuzzTest {
  @Test
  void readers_of_damaged_and_hostile_files_throw_nothing_but_their_exceptions()
      throws IOException {
    List<Row> rows = ReaderFuzz.run(1, 0, 2000, List.of());
    assertThat(rows).hasSize(9);
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.accepted()).as(row.reader()).isPositive();
              assertThat(row.rejected()).as(row.reader()).isPositive();
            });
  }
}
