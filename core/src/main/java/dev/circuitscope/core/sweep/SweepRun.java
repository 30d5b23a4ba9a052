package dev.circuitscope.core.sweep;

import dev.circuitscope.core.train.ProgressDisplay;
import dev.circuitscope.core.train.ProgressLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/** One run of a sweep: what is finished already, what is still to do, and the results of all. */
final class SweepRun<R> {

  private final SweepHeader header;
  private final Grid grid;
  private final Class<R> type;
  private final SweepListener<R> listener;
  private final ProgressDisplay display;
  private final long started = System.nanoTime();
  private final SortedMap<Integer, FinishedCell> finished = new TreeMap<>();
  private int failed;
  private int done;

  SweepRun(
      SweepHeader header,
      Grid grid,
      Class<R> type,
      SweepListener<R> listener,
      ProgressDisplay display) {
    this.header = header;
    this.grid = grid;
    this.type = type;
    this.listener = listener;
    this.display = display;
  }

  SweepResults<R> run(SweepJob job, SweepExecutor executor, Path path, boolean retryFailed)
      throws IOException {
    if (path == null) {
      execute(job, executor, cell -> {}, retryFailed);
    } else {
      try (SweepFile file = SweepFile.open(path, header)) {
        finished.putAll(file.finished());
        execute(job, executor, file::add, retryFailed);
        file.finish();
      }
    }
    List<CellResult<R>> results =
        grid.cells().stream().map(c -> finished.get(c.index()).result(c, type)).toList();
    return new SweepResults<>(header.sweep(), header.version(), header.settings(), grid, results);
  }

  private void execute(
      SweepJob job, SweepExecutor executor, SweepExecutor.Sink keep, boolean retryFailed)
      throws IOException {
    if (retryFailed) {
      finished.values().removeIf(FinishedCell::failed);
    }
    int earlier = finished.size();
    done = earlier;
    failed = (int) finished.values().stream().filter(FinishedCell::failed).count();
    int[] left = IntStream.range(0, grid.size()).filter(i -> !finished.containsKey(i)).toArray();
    try (ProgressLine line =
        ProgressLine.start(display, header.sweep(), " cells", earlier, grid.size())) {
      executor.run(
          job,
          left,
          cell -> {
            keep.accept(cell);
            finished.put(cell.cell(), cell);
            done++;
            failed += cell.failed() ? 1 : 0;
            line.update(done, () -> failed == 0 ? "" : " " + failed + " failed");
            Duration elapsed = Duration.ofNanos(System.nanoTime() - started);
            listener.onCell(
                cell.result(grid.cells().get(cell.cell()), type),
                new SweepProgress(grid.size(), done, failed, earlier, elapsed));
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException(
          "sweep '%s' was interrupted with %d of %d cells finished; run it again to go on"
              .formatted(header.sweep(), done, grid.size()));
    }
  }
}
