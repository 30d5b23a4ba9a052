package dev.circuitscope.core.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.Library;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.sweep.Sweeps.Row;
import dev.circuitscope.core.train.ProgressDisplay;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepTest {

  private final int threads = Parallel.threads();

  @TempDir Path dir;

  @AfterEach
  void restoreThreads() {
    Parallel.setThreads(threads);
  }

  @Nested
  class Rows {

    @Test
    void are_the_bits_that_the_task_made_in_the_order_of_the_grid() throws IOException {
      List<Row> rows = Sweeps.sweep().run().rows();
      for (int i = 0; i < Sweeps.GRID.size(); i++) {
        Sweeps.assertSame(rows.get(i), Sweeps.walk(Sweeps.GRID.cells().get(i)));
      }
      assertThat(rows.get(0).share()).isNaN();
      assertThat(rows.get(0).extremes())
          .containsExactly(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    }

    @Test
    void keep_numbers_that_are_hard_to_write() throws IOException {
      double[] hard = {
        -0.0, Double.MIN_VALUE, Double.MAX_VALUE, 0.1 + 0.2, 1e23, 9007199254740993e3, Math.PI
      };
      float[] floats = {-0f, Float.MIN_VALUE, Float.MAX_VALUE, 0.1f, 16777216f, 3.4e-38f};
      record Hard(double[] doubles, float[] floats, Double none) {}
      Hard back =
          Sweeps.quiet(
                  Sweep.of("hard", Grid.product(), Hard.class, c -> new Hard(hard, floats, null)))
              .run()
              .rows()
              .get(0);
      for (int i = 0; i < hard.length; i++) {
        assertThat(Double.doubleToRawLongBits(back.doubles()[i]))
            .isEqualTo(Double.doubleToRawLongBits(hard[i]));
      }
      for (int i = 0; i < floats.length; i++) {
        assertThat(Float.floatToRawIntBits(back.floats()[i]))
            .isEqualTo(Float.floatToRawIntBits(floats[i]));
      }
      assertThat(back.none()).isNull();
    }

    @Test
    void can_be_plain_numbers() throws IOException {
      Axis<Integer> n = Axis.of("n", 1, 2, 3);
      assertThat(
              Sweeps.quiet(
                      Sweep.of("squares", Grid.product(n), Integer.class, c -> c.get(n) * c.get(n)))
                  .run()
                  .rows())
          .containsExactly(1, 4, 9);
    }

    @Test
    void of_a_type_without_a_json_form_are_refused_at_once() {
      assertThatThrownBy(
              () -> Sweep.of("x", Grid.product(), WeakReference.class, c -> new WeakReference<>(c)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("java.lang.ref.WeakReference")
          .hasMessageContaining("record");
    }
  }

  @Nested
  class A_file {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void is_the_same_bytes_for_any_number_of_threads(int count) throws IOException {
      Path one = dir.resolve("one.jsonl");
      Sweeps.sweep().file(one).executor(LocalExecutor.oneByOne()).run();
      Parallel.setThreads(count);
      Path many = dir.resolve("many.jsonl");
      Sweeps.sweep().file(many).run();
      assertThat(many).hasSameBinaryContentAs(one);
    }

    @Test
    void has_a_line_for_the_sweep_and_one_for_each_cell() throws IOException {
      Path file = dir.resolve("squares.jsonl");
      Axis<Integer> n = Axis.of("n", 3, 0);
      record Share(double of) {}
      Sweeps.quiet(Sweep.of("shares", Grid.product(n), Share.class, c -> new Share(1.0 / c.get(n))))
          .setting("steps", 400)
          .file(file)
          .run();
      // printf '{"n":3}\n{"n":0}\n' | sha256sum
      String sha = "529ab41fe0a269f374c20f2270e3a0c40d6271ec0690a86218dd8a8b1bc5beca";
      assertThat(Files.readString(file))
          .isEqualTo(
              """
              {"sweep":"shares","format":1,"version":"%s","settings":{"steps":400},\
              "row":"Share(double of)","cells":2,"sha256":"%s"}
              {"cell":0,"values":{"n":3},"row":{"of":0.3333333333333333}}
              {"cell":1,"values":{"n":0},"row":{"of":"Infinity"}}
              """
                  .formatted(Library.version(), sha));
      assertThat(dir).isDirectoryContaining(file::equals);
      assertThat(dir.toFile().list()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void a_grid_of_no_cell_or_one_is_swept(int cells) throws IOException {
    Grid grid = Sweeps.GRID.where(cell -> cell.index() < cells);
    Path file = dir.resolve("few.jsonl");
    Sweep<Row> sweep = Sweeps.quiet(Sweep.of("few", grid, Row.class, Sweeps::walk)).file(file);
    assertThat(sweep.run().cells()).hasSize(cells);
    assertThat(sweep.run().cells()).hasSize(cells);
    assertThat(Files.readAllLines(file)).hasSize(cells + 1);
  }

  @Nested
  class A_cell_that_fails {

    private final Axis<Integer> n = Axis.of("n", 0, 1, 2, 3);
    private final Sweep<Integer> sweep =
        Sweeps.quiet(
            Sweep.of(
                "fails",
                Grid.product(n),
                Integer.class,
                cell ->
                    switch (cell.get(n)) {
                      case 0 -> 7;
                      case 1 ->
                          throw new IOException("no text", new IllegalArgumentException("empty"));
                      case 2 -> null;
                      default -> throw new StackOverflowError();
                    }));

    @Test
    void is_recorded_and_leaves_the_others_alone() throws IOException {
      SweepResults<Integer> results = sweep.run();
      assertThat(results.cells().get(0).get()).isEqualTo(7);
      assertThat(results.failures()).extracting(r -> r.cell().index()).containsExactly(1, 2, 3);
      CellFailure failure = results.failures().get(0).failure().orElseThrow();
      assertThat(failure.exception()).isEqualTo("java.io.IOException");
      assertThat(failure.message()).isEqualTo("no text");
      assertThat(failure.where()).contains("SweepTest").contains("SweepTest.java:");
      assertThat(failure.causes()).containsExactly("java.lang.IllegalArgumentException: empty");
      assertThat(failure.toString())
          .startsWith("java.io.IOException: no text at ")
          .endsWith("caused by java.lang.IllegalArgumentException: empty");
      assertThat(results.failures().get(1).failure().orElseThrow().message()).contains("null");
      assertThat(results.failures().get(2).failure().orElseThrow().message()).isEmpty();
    }

    @Test
    void says_so_when_its_row_is_asked_for() throws IOException {
      SweepResults<Integer> results = sweep.run();
      assertThatThrownBy(results::rows)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cell 1 {n=1} failed: java.io.IOException: no text")
          .hasMessageContaining("retryFailed");
    }
  }

  @Nested
  class Progress {

    @Test
    void reaches_the_listener_once_a_cell_on_the_thread_that_runs_the_sweep() throws IOException {
      List<SweepProgress> heard = new ArrayList<>();
      List<Integer> cells = new ArrayList<>();
      Thread caller = Thread.currentThread();
      Sweeps.sweep()
          .listener(
              (result, progress) -> {
                assertThat(Thread.currentThread()).isSameAs(caller);
                cells.add(result.cell().index());
                heard.add(progress);
              })
          .run();
      assertThat(cells).hasSize(12).doesNotHaveDuplicates();
      assertThat(heard).extracting(SweepProgress::finished).containsExactlyElementsOf(upTo(12));
      assertThat(heard).extracting(SweepProgress::cells).containsOnly(12);
      assertThat(heard).extracting(SweepProgress::elapsed).isSorted();
      assertThat(heard.get(11).remaining()).isZero();
      assertThat(heard.get(3).remaining()).isEqualTo(heard.get(3).elapsed().multipliedBy(2));
    }

    @Test
    void stops_the_sweep_when_the_listener_throws() throws IOException {
      Path file = dir.resolve("stopped.jsonl");
      assertThatThrownBy(
              () ->
                  Sweeps.sweep()
                      .file(file)
                      .listener(
                          (result, progress) -> {
                            throw new IllegalStateException("enough");
                          })
                      .run())
          .hasMessage("enough");
      assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void is_shown_if_asked_for() throws IOException {
      assertThat(shown(ProgressDisplay.OFF)).isEmpty();
      assertThat(shown(ProgressDisplay.ON)).contains("walks").contains("12/12");
    }

    private String shown(ProgressDisplay display) throws IOException {
      PrintStream before = System.err;
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      try {
        Sweeps.sweep().progress(display).run();
      } finally {
        System.setErr(before);
      }
      return bytes.toString(StandardCharsets.UTF_8);
    }

    private static List<Integer> upTo(int n) {
      return java.util.stream.IntStream.rangeClosed(1, n).boxed().toList();
    }
  }
}
