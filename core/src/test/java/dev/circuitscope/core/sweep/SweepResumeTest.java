package dev.circuitscope.core.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.sweep.Sweeps.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepResumeTest {

  /** Cells that ran, wherever: the task must be serializable, so it cannot capture the test. */
  private static final Set<Integer> RAN = ConcurrentHashMap.newKeySet();

  @TempDir Path dir;
  private Path file;
  private byte[] whole;

  @BeforeEach
  void runOnce() throws IOException {
    file = dir.resolve("walks.jsonl");
    sweep().run();
    whole = Files.readAllBytes(file);
    RAN.clear();
  }

  private Sweep<Row> sweep() {
    return Sweeps.quiet(Sweep.of("walks", Sweeps.GRID, Row.class, SweepResumeTest::walk))
        .file(file);
  }

  private static Row walk(Cell cell) {
    RAN.add(cell.index());
    return Sweeps.walk(cell);
  }

  @Nested
  class A_sweep_goes_on_to_the_same_bytes {

    @Test
    void from_a_file_cut_off_at_any_byte() throws IOException {
      SplittableRandom random = new SplittableRandom(1);
      for (int round = 0; round < 60; round++) {
        int length = round == 0 ? 0 : random.nextInt(whole.length + 1);
        Files.write(file, java.util.Arrays.copyOf(whole, length));
        RAN.clear();
        sweep().run();
        assertThat(file).hasBinaryContent(whole);
        long lines =
            new String(whole, 0, length, StandardCharsets.ISO_8859_1)
                .chars()
                .filter(c -> c == '\n')
                .count();
        assertThat(RAN).hasSize(Sweeps.GRID.size() - (int) Math.max(0, lines - 1));
      }
    }

    @Test
    void from_a_last_line_of_anything_that_is_not_whole() throws IOException {
      String garbage = "\0".repeat(100_000);
      for (String start : new String[] {text(whole.length), text(lastLine())}) {
        Files.writeString(file, start + garbage, StandardCharsets.UTF_8);
        sweep().run();
        assertThat(file).hasBinaryContent(whole);
      }
    }

    private String text(int length) {
      return new String(whole, 0, length, StandardCharsets.UTF_8);
    }

    private int lastLine() {
      int at = whole.length - 1;
      while (whole[at - 1] != '\n') {
        at--;
      }
      return at;
    }

    @Test
    void from_lines_in_the_order_in_which_cells_finished() throws IOException {
      List<String> lines = new ArrayList<>(Files.readAllLines(file));
      List<String> some = new ArrayList<>(lines.subList(1, 8));
      Collections.reverse(some);
      some.add(0, lines.get(0));
      Files.writeString(file, String.join("\n", some) + "\n{\"cell\":11,\"val");
      SweepResults<Row> results = sweep().run();
      assertThat(RAN).containsExactlyInAnyOrder(7, 8, 9, 10, 11);
      assertThat(file).hasBinaryContent(whole);
      Sweeps.assertSame(results.rows().get(0), Sweeps.walk(Sweeps.GRID.cells().get(0)));
    }

    @Test
    void and_tells_the_listener_what_an_earlier_run_did() throws IOException {
      List<String> lines = Files.readAllLines(file);
      Files.writeString(file, String.join("\n", lines.subList(0, 10)) + "\n");
      List<SweepProgress> heard = new ArrayList<>();
      sweep().listener((result, progress) -> heard.add(progress)).run();
      assertThat(heard).extracting(SweepProgress::earlier).containsOnly(9);
      assertThat(heard).extracting(SweepProgress::finished).containsExactly(10, 11, 12);
    }

    @Test
    void from_a_complete_file_without_running_or_writing_anything() throws IOException {
      var modified = Files.getLastModifiedTime(file);
      SweepResults<Row> results = sweep().run();
      assertThat(RAN).isEmpty();
      assertThat(Files.getLastModifiedTime(file)).isEqualTo(modified);
      assertThat(results.cells()).hasSize(Sweeps.GRID.size());
    }
  }

  @Nested
  class Failed_cells {

    private static final AtomicBoolean BROKEN = new AtomicBoolean();
    private static final Axis<Integer> N = Axis.of("n", 0, 1, 2, 3);

    private static int odd(Cell cell) {
      RAN.add(cell.index());
      if (cell.get(N) % 2 == 1 && BROKEN.get()) {
        throw new IllegalStateException("disk full");
      }
      return cell.get(N) + 100;
    }

    private Sweep<Integer> flaky() {
      return Sweeps.quiet(Sweep.of("flaky", Grid.product(N), Integer.class, Failed_cells::odd))
          .file(dir.resolve("flaky.jsonl"));
    }

    @Test
    void stay_failed_until_asked_to_be_retried() throws IOException {
      BROKEN.set(false);
      flaky().run();
      byte[] good = Files.readAllBytes(dir.resolve("flaky.jsonl"));
      Files.delete(dir.resolve("flaky.jsonl"));

      BROKEN.set(true);
      assertThat(flaky().run().failures()).hasSize(2);
      BROKEN.set(false);
      RAN.clear();
      assertThat(flaky().run().failures()).hasSize(2);
      assertThat(RAN).isEmpty();
      assertThat(flaky().retryFailed().run().rows()).containsExactly(100, 101, 102, 103);
      assertThat(RAN).containsExactlyInAnyOrder(1, 3);
      assertThat(dir.resolve("flaky.jsonl")).hasBinaryContent(good);
    }

    @Test
    void can_fail_again() throws IOException {
      BROKEN.set(true);
      flaky().run();
      byte[] failed = Files.readAllBytes(dir.resolve("flaky.jsonl"));
      assertThat(flaky().retryFailed().run().failures()).hasSize(2);
      assertThat(dir.resolve("flaky.jsonl")).hasBinaryContent(failed);
    }
  }

  @Nested
  class A_file_is_refused {

    private void refused(Sweep<?> other, String... parts) throws IOException {
      assertThatThrownBy(() -> other.file(file).run())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContainingAll(parts)
          .hasMessageContaining("another file");
      assertThat(file).hasBinaryContent(whole);
      assertThat(RAN).isEmpty();
    }

    @Test
    void that_another_grid_began() throws IOException {
      Grid smaller = Sweeps.GRID.where(cell -> cell.index() > 0);
      refused(
          Sweeps.quiet(Sweep.of("walks", smaller, Row.class, SweepResumeTest::walk)),
          "number of cells, 12, and this is 11");
      Axis<Double> drift = Axis.of("drift", 0.0, 1e-3, 0.25);
      refused(
          Sweeps.quiet(
              Sweep.of(
                  "walks", Grid.product(Sweeps.LENGTH, drift), Row.class, SweepResumeTest::walk)),
          "grid (SHA-256 of its values)");
    }

    @Test
    void that_has_another_name_setting_or_type_of_rows() throws IOException {
      refused(
          Sweeps.quiet(Sweep.of("runs", Sweeps.GRID, Row.class, SweepResumeTest::walk)),
          "name, \"walks\", and this is \"runs\"");
      refused(sweep().setting("steps", 5), "settings, {}, and this is {\"steps\":5}");
      refused(
          Sweeps.quiet(Sweep.of("walks", Sweeps.GRID, Double.class, cell -> 0.0)), "type of rows");
    }

    @Test
    void that_another_version_began() throws IOException {
      whole =
          new String(whole, StandardCharsets.UTF_8)
              .replaceFirst("\"version\":\"[^\"]*\"", "\"version\":\"0.0.1\"")
              .getBytes(StandardCharsets.UTF_8);
      Files.write(file, whole);
      refused(sweep(), "version of the library, \"0.0.1\"");
    }

    @Test
    void that_is_no_sweeps() throws IOException {
      for (String content : new String[] {"notes", "notes\n", "{\"a\":1}\n", "\n\n"}) {
        Files.writeString(file, content);
        assertThatThrownBy(() -> sweep().run())
            .isInstanceOf(MalformedFileException.class)
            .hasMessageContaining(file.toString());
        assertThat(file).hasContent(content);
      }
    }

    @Test
    void with_a_line_that_is_broken_in_the_middle_or_of_no_cell() throws IOException {
      List<String> lines = new ArrayList<>(Files.readAllLines(file));
      lines.set(3, lines.get(3).substring(5));
      Files.write(file, lines);
      assertThatThrownBy(() -> sweep().run())
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("line 4");
      lines.set(3, lines.get(4).replace("\"cell\":3", "\"cell\":12"));
      Files.write(file, lines);
      assertThatThrownBy(() -> sweep().run())
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("line 4 has cell 12 of 12");
    }

    @Test
    void while_another_sweep_writes_it() throws IOException {
      Files.delete(file);
      List<Throwable> second = new ArrayList<>();
      sweep()
          .listener(
              (result, progress) -> {
                try {
                  sweep().run();
                } catch (IOException | RuntimeException e) {
                  second.add(e);
                }
              })
          .run();
      assertThat(second)
          .hasSize(12)
          .allSatisfy(
              e ->
                  assertThat(e)
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("another sweep is writing"));
      assertThat(file).hasBinaryContent(whole);
    }

    @Test
    void in_a_directory_that_does_not_exist_or_that_is_one() {
      assertThatThrownBy(() -> sweep().file(dir.resolve("no/walks.jsonl")).run())
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining("create it first");
      assertThatThrownBy(() -> sweep().file(dir).run())
          .isInstanceOf(IOException.class)
          .hasMessageContaining(dir.toString());
    }
  }
}
