package dev.circuitscope.core.sweep;

import com.google.gson.JsonObject;
import dev.circuitscope.core.Library;
import dev.circuitscope.core.train.ProgressDisplay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/**
 * A function over every cell of a grid: many trainings, say, of which each becomes a row of
 * numbers.
 *
 * <pre>{@code
 * record Row(double loss, double norm) {}
 * Axis<Double> p = Axis.of("p", 1.0, 0.3, 0.1);
 * Axis<Double> importance = Axis.of("importance", 0.5, 1.0, 2.0);
 * SweepResults<Row> results =
 *     Sweep.of("phase diagram", Grid.product(p, importance), Row.class,
 *             cell -> train(cell.get(p), cell.get(importance), cell.seed(7L)))
 *         .setting("steps", 4000)
 *         .file(Path.of("target/phase-diagram.jsonl"))
 *         .run();
 * double[][] loss = results.matrix(p, importance, Row::loss);
 * }</pre>
 *
 * <p>With a file, a sweep that is killed, interrupted or whose machine goes down is resumed by
 * running it again: finished cells are read back, and in the end the file has the same bytes as if
 * nothing had happened. The file is JSON, a line a cell, after a first line that says which sweep
 * it is; a file of another grid, other settings or another version is refused. What the task has
 * built in, such as a number of steps, does not show from outside: name it as a {@link #setting}.
 *
 * <p>A cell whose task throws is recorded as failed and does not stop the others.
 *
 * <p>Rows are records, numbers, texts, lists and so on, of finite numbers or not; they reach the
 * caller as they are read back from JSON.
 *
 * @param <R> type of a row
 */
public final class Sweep<R> {

  private final String name;
  private final Grid grid;
  private final Class<R> type;
  private final SweepTask<R> task;
  private final String row;
  private final JsonObject settings = new JsonObject();
  private SweepExecutor executor = LocalExecutor.acrossCells();
  private SweepListener<R> listener = (result, progress) -> {};
  private ProgressDisplay display = ProgressDisplay.AUTO;
  private boolean retryFailed;

  /** Null when nothing is kept. */
  private Path file;

  private Sweep(String name, Grid grid, Class<R> type, SweepTask<R> task) {
    this.name = Objects.requireNonNull(name, "name");
    this.grid = Objects.requireNonNull(grid, "grid");
    this.task = Objects.requireNonNull(task, "task");
    this.type = type;
    this.row = RowJson.describe(type);
  }

  /**
   * A sweep that runs on all cores here, keeps no file, and shows its progress at a terminal.
   *
   * @param <R> type of a row
   * @param name what is swept, for the file and messages
   * @param grid the configurations
   * @param type of a row
   * @param task makes a row of a cell
   * @return the sweep
   * @throws IllegalArgumentException if the type has no JSON form
   */
  public static <R> Sweep<R> of(String name, Grid grid, Class<R> type, SweepTask<R> task) {
    return new Sweep<>(name, grid, type, task);
  }

  /**
   * Names a value that all cells share, so that the file says it, and the file of another value is
   * refused.
   *
   * @param setting its name
   * @param value anything with a JSON form, such as a whole configuration
   * @return this
   */
  public Sweep<R> setting(String setting, Object value) {
    settings.add(setting, RowJson.toJson(value));
    return this;
  }

  /**
   * Keeps finished cells in a file, and goes on from it if it is there.
   *
   * @param path a file of this sweep, or one that does not exist; its directory must
   * @return this
   */
  public Sweep<R> file(Path path) {
    file = path;
    return this;
  }

  /**
   * Sets who runs the cells.
   *
   * @param runs {@link LocalExecutor#acrossCells()} unless set
   * @return this
   */
  public Sweep<R> executor(SweepExecutor runs) {
    executor = Objects.requireNonNull(runs, "executor");
    return this;
  }

  /**
   * Runs the cells again that the file records as failed. Otherwise they stay as they are.
   *
   * @return this
   */
  public Sweep<R> retryFailed() {
    retryFailed = true;
    return this;
  }

  /**
   * Sets who hears of finished cells.
   *
   * @param hears called for each cell of this run
   * @return this
   */
  public Sweep<R> listener(SweepListener<R> hears) {
    listener = Objects.requireNonNull(hears, "listener");
    return this;
  }

  /**
   * Sets whether a progress bar is shown on standard error.
   *
   * @param shown {@link ProgressDisplay#AUTO} unless set
   * @return this
   */
  public Sweep<R> progress(ProgressDisplay shown) {
    display = Objects.requireNonNull(shown, "progress");
    return this;
  }

  /**
   * Runs every cell that is not finished yet.
   *
   * @return the results of all cells
   * @throws IOException if the file cannot be read or written, or is not a sweep's
   * @throws IllegalArgumentException if the file is another sweep's, naming the difference
   * @throws IllegalStateException if a sweep under way is writing the file
   * @throws CancellationException if the calling thread is interrupted; finished cells are kept,
   *     and the thread's interruption stays set
   */
  public SweepResults<R> run() throws IOException {
    SweepHeader header =
        new SweepHeader(
            name,
            Library.version(),
            settings.deepCopy(),
            row,
            grid.size(),
            SweepHeader.digest(grid.cells()));
    SweepJob job = new SweepJob(name, grid.cells(), type, task);
    return new SweepRun<>(header, grid, type, listener, display)
        .run(job, executor, file, retryFailed);
  }
}
